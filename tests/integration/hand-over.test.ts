import { describe, expect, it } from 'vitest'

import type { Actor, Role } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { nameReceiver, removeMember, viewLeaver } from '@/lib/agencies/leaver-service'
import { changeMember } from '@/lib/agencies/member-service'
import { handOver, handOverBatch, viewHandOver } from '@/lib/cases/hand-over/service'
import { listCases } from '@/lib/cases/list-service'
import { openCase, restrictCase, viewCase } from '@/lib/cases/service'
import { makeTask } from '@/lib/cases/tasks/service'
import { assignMember, unassignMember } from '@/lib/cases/team-service'
import { workerHandle } from '@/lib/cases/data'
import { openedCase, restrictedCase, valueOf } from '@/tests/factories/cases'
import { memberOf, office } from '@/tests/factories/office'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const worker = (roles: readonly Role[] = ['caseworker'], unit: string | null = harbour.unit) =>
  memberOf(owner, harbour.agency.id, roles, unit)

async function codeOf(member: Actor): Promise<string> {
  const [row] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${member.member}`
  return row?.code ?? ''
}

async function removed(leaver: Actor, receiver?: Actor): Promise<void> {
  const input = { member: await codeOf(leaver), receiver: receiver === undefined ? undefined : await codeOf(receiver) }
  valueOf(await removeMember(harbour.admin, input))
}

async function teamOf(code: string) {
  const rows = await owner<{ member: string; lead: boolean }[]>`
    SELECT a.member_id AS member, a.lead FROM assignment a JOIN case_file c ON c.id = a.case_id
    WHERE c.code = ${code} AND a.ended_at IS NULL ORDER BY a.started_at`
  return rows.map(({ member, lead }) => ({ member, lead }))
}

async function waitingCodes(supervisor: Actor = harbour.supervisor): Promise<string[]> {
  return valueOf(await viewHandOver(supervisor)).cases.map(({ code }) => code)
}

async function ownersOf(code: string): Promise<string[]> {
  const rows = await owner<{ owner: string }[]>`
    SELECT t.owner_id AS owner FROM task t JOIN case_file c ON c.id = t.case_id WHERE c.code = ${code} AND t.done_at IS NULL`
  return rows.map((row) => row.owner)
}

const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)

describe('a member who leaves', () => {
  it('loses access in the same moment; cases with somebody else pass to them, the rest wait for the supervisor', async () => {
    const [leaver, stays] = [await worker(), await worker()]
    const [alone, shared] = [await openedCase(leaver), await openedCase(leaver)]
    valueOf(await assignMember(leaver, { case: shared.code, member: workerHandle(stays.member) }))
    for (const code of [alone.code, shared.code])
      valueOf(await makeTask(leaver, { case: code, kind: 'call', dueOn: tomorrow } as never))
    expect(valueOf(await viewLeaver(harbour.admin, { member: await codeOf(leaver) }))).toMatchObject({
      waiting: 1,
      shared: 1,
      isSupervised: true,
    })

    await removed(leaver)
    expect(await identify(leaver.credential)).toBeNull()
    expect(await teamOf(shared.code)).toEqual([{ member: stays.member, lead: true }])
    expect(await ownersOf(shared.code)).toEqual([stays.member])
    expect(await teamOf(alone.code)).toEqual([])
    expect(await waitingCodes()).toContain(alone.code)
    expect(await waitingCodes()).not.toContain(shared.code)
    const [ended] = await owner`
      SELECT count(*)::int AS n FROM audit_event WHERE type = 'assignment.ended' AND subject IN (${alone.code}, ${shared.code})
        AND actor_id = ${harbour.admin.member}`
    expect(ended).toEqual({ n: 2 })
  })

  it('leaves them likewise when only the roles for cases are taken away', async () => {
    const leaver = await worker()
    const opened = await openedCase(leaver)
    const [row] = await owner<{ version: number }[]>`SELECT version FROM member WHERE id = ${leaver.member}`
    const change = { member: await codeOf(leaver), name: 'Otto', roles: ['agency_admin' as const] }
    valueOf(await changeMember(harbour.admin, { ...change, version: row?.version ?? 0 }))
    expect(await waitingCodes()).toContain(opened.code)
  })

  it('leaves two of one team who go at once no case to each other', async () => {
    const [first, second] = [await worker(), await worker()]
    const opened = await openedCase(first)
    valueOf(await assignMember(first, { case: opened.code, member: workerHandle(second.member) }))
    await Promise.all([removed(first), removed(second)])
    expect(await teamOf(opened.code)).toEqual([])
    expect(await waitingCodes()).toContain(opened.code)
  })

  it('is no successor: a case whose other member has gone keeps the last one', async () => {
    const [first, second] = [await worker(), await worker()]
    const opened = await openedCase(first)
    valueOf(await assignMember(first, { case: opened.code, member: workerHandle(second.member) }))
    await removed(second)
    expect(await unassignMember(first, { case: opened.code, member: workerHandle(first.member) })).toMatchObject({
      refusal: 'conflict',
      reason: 'last_member',
    })
  })
})

describe('the list of cases that wait', () => {
  it('is for supervisors of the unit: codes and outline, no restricted case, nothing of another unit or agency', async () => {
    const leaver = await worker()
    const [open, hidden] = [await openedCase(leaver), await restrictedCase(leaver)]
    await removed(leaver)
    const [other] = await owner<{ id: string }[]>`
      INSERT INTO agency_unit (id, agency_id, name) VALUES (gen_random_uuid(), ${harbour.agency.id}, 'Far team') RETURNING id`
    const all = await worker(['supervisor'], null)
    const far = await worker(['supervisor'], other?.id ?? null)
    for (const supervisor of [harbour.supervisor, all]) {
      expect(await waitingCodes(supervisor)).toContain(open.code)
      expect(await waitingCodes(supervisor)).not.toContain(hidden.code)
    }
    expect(await waitingCodes(far)).not.toContain(open.code)
    expect(await waitingCodes((await office(owner)).supervisor)).toEqual([])
    for (const stranger of [harbour.caseworker, harbour.admin])
      expect(await viewHandOver(stranger)).toMatchObject({ refusal: 'forbidden' })
    expect(JSON.stringify(valueOf(await viewHandOver(harbour.supervisor)))).not.toContain('AMP-')
  })

  it('is given out in bulk by load: each case with its event, lead and tasks, once', async () => {
    const leaver = await worker()
    const cases: string[] = []
    for (let n = 0; n < 5; n += 1) cases.push((await openedCase(leaver)).code)
    valueOf(await makeTask(leaver, { case: cases[0], kind: 'call', dueOn: tomorrow } as never))
    await removed(leaver)
    const [busy, free] = [await worker(), await worker()]
    await openedCase(busy)
    const members = [await codeOf(busy), await codeOf(free)]
    const input = { scope: 'chosen' as const, cases, members }
    const results = await Promise.all([handOver(harbour.supervisor, input), handOver(harbour.supervisor, input)])
    expect(results.map((result) => valueOf(result).done).reduce((a, b) => a + b)).toBe(5)

    const teams = await Promise.all(cases.map(teamOf))
    expect(teams.every((team) => team.length === 1 && team[0]?.lead === true)).toBe(true)
    const got = (actor: Actor) => teams.filter(([one]) => one?.member === actor.member).length
    expect([got(busy), got(free)]).toEqual([2, 3])
    expect(await ownersOf(cases[0] ?? '')).toEqual([teams[0]?.[0]?.member])
    const [started] = await owner`
      SELECT count(*)::int AS n FROM audit_event WHERE type = 'assignment.started' AND subject IN ${owner(cases)}
        AND actor_id = ${harbour.supervisor.member}`
    expect(started).toEqual({ n: 5 })
    expect((await waitingCodes()).filter((code) => cases.includes(code))).toEqual([])
    const told = async (actor: Actor, kind: string) =>
      (await owner`SELECT subject FROM notice WHERE member_id = ${actor.member} AND kind = ${kind}`).length
    expect([await told(busy, 'team.assigned'), await told(free, 'team.assigned')]).toEqual([1, 1])
    expect(await told(harbour.supervisor, 'hand-over.waiting')).toBeGreaterThan(0)
    expect(
      valueOf(
        await viewCase(free, {
          case:
            teams.findIndex(([one]) => one?.member === free.member) >= 0
              ? (cases[teams.findIndex(([one]) => one?.member === free.member)] ?? '')
              : '',
        }),
      ).content,
    ).not.toBeNull()
  })

  it('gives nothing to whoever has no case role, is of another agency, or has left', async () => {
    const leaver = await worker()
    const opened = await openedCase(leaver)
    await removed(leaver)
    const clinic = await office(owner)
    for (const receiver of [harbour.admin, clinic.caseworker, leaver]) {
      const input = { scope: 'chosen' as const, cases: [opened.code], members: [await codeOf(receiver)] }
      expect(await handOverBatch(harbour.supervisor, input)).toMatchObject({ refusal: 'invalid' })
    }
    const colleague = await codeOf(harbour.colleague)
    const input = { scope: 'all' as const, cases: [], members: [colleague] }
    expect(await handOver(harbour.caseworker, input)).toMatchObject({ refusal: 'forbidden' })
    expect(await teamOf(opened.code)).toEqual([])
  })

  it('loses a case to whoever is put on its team by hand', async () => {
    const leaver = await worker()
    const opened = await openedCase(leaver)
    await removed(leaver)
    valueOf(
      await assignMember(harbour.supervisor, { case: opened.code, member: workerHandle(harbour.colleague.member) }),
    )
    expect(await teamOf(opened.code)).toEqual([{ member: harbour.colleague.member, lead: true }])
    expect(await waitingCodes()).not.toContain(opened.code)
  })

  it('strands no case that is restricted while it waits, by itself or with another of the person', async () => {
    const leaver = await worker()
    const opened = await openedCase(leaver)
    const sibling = valueOf(await openCase(leaver, { person: opened.person }))
    await removed(leaver)
    valueOf(await restrictCase(harbour.supervisor, { case: opened.code }))
    for (const { code } of [opened, sibling]) {
      expect(await teamOf(code)).toEqual([{ member: harbour.supervisor.member, lead: true }])
      expect(valueOf(await viewCase(harbour.supervisor, { case: code })).content).not.toBeNull()
    }
  })
})

describe('a restricted case that only the leaver could see (decision 0002)', () => {
  it('goes to the colleague whom the administrator names, who learns nothing of it', async () => {
    const [leaver, receiver] = [await worker(), await worker()]
    const hidden = await restrictedCase(leaver)
    const member = await codeOf(leaver)
    const before = valueOf(await viewLeaver(harbour.admin, { member }))
    expect(before).toMatchObject({ waiting: 0, shared: 0 })
    expect(before.receivers[0]?.code).toBe(await codeOf(harbour.supervisor))
    await removed(leaver, receiver)
    expect(valueOf(await viewCase(receiver, { case: hidden.code })).content).not.toBeNull()
    expect(await viewCase(harbour.supervisor, { case: hidden.code })).toMatchObject({ refusal: 'not_found' })
    expect(valueOf(await listCases(receiver, { tab: 'mine' })).items.map(({ code }) => code)).toContain(hidden.code)

    // With nothing to take over, the answer and the events of the administrator are the same.
    const other = await worker()
    await removed(other, receiver)
    const events = await owner`
      SELECT subject, type FROM audit_event WHERE type = 'hand-over.receiver-named' AND subject IN (${member}, ${await codeOf(other)})`
    expect(events).toHaveLength(2)
  })

  it('can be named later, never to oneself, and not while the member works', async () => {
    const leaver = await worker()
    const hidden = await restrictedCase(leaver)
    const member = await codeOf(leaver)
    const name = (by: Actor, receiver: string) => nameReceiver(by, { member, receiver })
    const colleague = await codeOf(harbour.colleague)
    expect(await name(harbour.admin, colleague)).toMatchObject({ refusal: 'conflict' })
    await removed(leaver)
    const small = await worker(['agency_admin', 'caseworker'], null)
    expect(await name(small, await codeOf(small))).toMatchObject({ refusal: 'invalid' })
    expect(await name(harbour.admin, await codeOf(harbour.admin))).toMatchObject({ refusal: 'invalid' })
    const clinic = await office(owner)
    expect(await name(clinic.admin, await codeOf(clinic.caseworker))).toMatchObject({ refusal: 'not_found' })
    expect(await name(harbour.supervisor, colleague)).toMatchObject({ refusal: 'forbidden' })
    valueOf(await name(harbour.admin, colleague))
    expect(valueOf(await viewCase(harbour.colleague, { case: hidden.code })).content).not.toBeNull()
  })
})

describe('the last administrator', () => {
  it('T13: stays, also when two remove each other at once', async () => {
    const lone = await office(owner)
    const second = await memberOf(owner, lone.agency.id, ['agency_admin'], null)
    const codes = { first: await codeOf(lone.admin), second: await codeOf(second) }
    expect(await removeMember(lone.admin, { member: codes.first })).toMatchObject({ refusal: 'forbidden' })
    await Promise.allSettled([
      removeMember(lone.admin, { member: codes.second }),
      removeMember(second, { member: codes.first }),
    ])
    const [left] = await owner`
      SELECT count(*)::int AS n FROM member WHERE agency_id = ${lone.agency.id} AND status = 'active' AND 'agency_admin' = ANY (roles)`
    expect(left).toEqual({ n: 1 })
  })
})
