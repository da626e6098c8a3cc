import { beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import {
  endAbsence,
  endCover,
  listOwnAbsences,
  setAbsence,
  setCover,
  setOwnAbsence,
} from '@/lib/agencies/staffing-service'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { viewToday } from '@/lib/cases/today-service'
import { viewStaffing } from '@/lib/cases/staffing-service'
import { viewCaseFrame } from '@/lib/cases/overview-service'
import { openCase, restrictCase, viewCase } from '@/lib/cases/service'
import { makeTask } from '@/lib/cases/tasks/service'
import { workerHandle } from '@/lib/cases/data'
import { assignMember, viewCaseAccess } from '@/lib/cases/team-service'
import { readIdentity } from '@/lib/people/identity-service'
import { registerPersonInput } from '@/lib/people/schema'
import { notify } from '@/lib/notifications/service'
import { newId } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { dayIn, clockIn } from '@/lib/platform/zone'
import { loggedService } from '@/tests/factories/assistance'
import { registeredPerson, valueOf } from '@/tests/factories/cases'
import { memberOf, office } from '@/tests/factories/office'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const HOUR = 3_600_000

let unit: string

beforeAll(async () => {
  await owner`UPDATE installation SET demonstration = true`
  const [row] = await owner<{ code: string }[]>`SELECT code FROM agency_unit WHERE id = ${harbour.unit}`
  unit = row?.code ?? ''
})

async function codeOf(member: Actor): Promise<string> {
  const [row] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${member.member}`
  return row?.code ?? ''
}

async function lastCode(table: 'unit_cover' | 'absence'): Promise<string> {
  const [row] = await owner<
    { code: string }[]
  >`SELECT code FROM ${owner(table)} ORDER BY created_at DESC, id DESC LIMIT 1`
  return row?.code ?? ''
}

/** Hours from now by the domain's clock, as a form asks for them. */
async function until(hours: number) {
  const [row] = await owner<{ s: string }[]>`SELECT clock_offset_seconds::text AS s FROM installation`
  const at = new Date(Date.now() + Number(row?.s ?? 0) * 1000 + hours * HOUR)
  return { untilOn: dayIn('UTC', at), untilTime: clockIn('UTC', at) }
}

async function advance(hours: number): Promise<void> {
  await owner`UPDATE installation SET clock_offset_seconds = clock_offset_seconds + ${hours * 3600}`
}

/** A colleague without a place anywhere, so that one test's cover is no other test's. */
const newcomer = (roles: Parameters<typeof memberOf>[2] = ['caseworker']) =>
  memberOf(owner, harbour.agency.id, roles, null)

async function caseWithNote(by: Actor) {
  const person = await registeredPerson(by, registerPersonInput.parse({ identity: { names: ['Ada Quillon'] } }))
  const opened = valueOf(await openCase(by, { person }))
  const service = (await loggedService(by, { case: opened.code, note: 'Kind words' })).code
  return { person, case: opened.code, service }
}

async function reads(actor: Actor, on: { readonly person: string; readonly service: string; readonly case: string }) {
  const identity = await readIdentity(actor, { person: on.person })
  const notes = await readServiceNotes(actor, { service: on.service })
  const seen = await viewCase(actor, { case: on.case })
  return {
    identity: identity.ok,
    notes: notes.ok && notes.value.length > 0,
    content: seen.ok && seen.value.content !== null,
  }
}

const NOTHING = { identity: false, notes: false, content: false }
const EVERYTHING = { identity: true, notes: true, content: true }

describe('duty cover', () => {
  it('opens the unit’s cases to whoever covers, says until when, and ends by itself at the moment that was said', async () => {
    const night = await newcomer()
    const on = await caseWithNote(harbour.caseworker)
    expect(await reads(night, on)).toEqual(NOTHING)
    valueOf(await setCover(harbour.supervisor, { unit, member: await codeOf(night), ...(await until(8)) }))

    expect(await reads(night, on)).toEqual(EVERYTHING)
    const frame = valueOf(await viewCaseFrame(night, { case: on.case }))
    expect(frame.case.place).toMatchObject({ reason: 'cover' })
    expect(frame.audience).toMatchObject({ team: 1, cover: 1 })
    expect(valueOf(await viewToday(night)).places).toMatchObject([{ kind: 'cover', unitCode: unit }])

    await advance(9)
    expect(await reads(night, on)).toEqual(NOTHING)
    expect(valueOf(await viewCase(night, { case: on.case })).place).toBeNull()
    expect(valueOf(await viewToday(night)).places).toEqual([])
  })

  it('ends at once when it is ended early, and can never be made longer', async () => {
    const night = await newcomer()
    const on = await caseWithNote(harbour.caseworker)
    valueOf(await setCover(harbour.admin, { unit, member: await codeOf(night), ...(await until(8)) }))
    const code = await lastCode('unit_cover')
    await expect(
      owner`UPDATE unit_cover SET ends_at = ends_at + interval '1 hour' WHERE code = ${code}`,
    ).rejects.toThrow(/can be ended/)
    await expect(
      owner`UPDATE unit_cover SET member_id = ${harbour.colleague.member} WHERE code = ${code}`,
    ).rejects.toThrow()
    valueOf(await endCover(harbour.supervisor, { cover: code }))
    expect(await reads(night, on)).toEqual(NOTHING)
    expect(await endCover(harbour.supervisor, { cover: code })).toMatchObject({ refusal: 'conflict' })
  })

  it('reaches no restricted case (decision 0002)', async () => {
    const night = await newcomer()
    const on = await caseWithNote(harbour.caseworker)
    valueOf(await restrictCase(harbour.caseworker, { case: on.case }))
    valueOf(await setCover(harbour.supervisor, { unit, member: await codeOf(night), ...(await until(8)) }))
    expect(await viewCase(night, { case: on.case })).toMatchObject({ refusal: 'not_found' })
    expect(await reads(night, on)).toEqual(NOTHING)
  })

  it('is set by the unit’s supervisor and the administrator, for case roles of the agency, and never by oneself', async () => {
    const night = await codeOf(await newcomer())
    const ends = await until(8)
    const elsewhere = await memberOf(owner, harbour.agency.id, ['supervisor'], await otherUnit())
    const small = await memberOf(owner, harbour.agency.id, ['agency_admin', 'caseworker'], null)
    const clinic = await office(owner)
    const set = (by: Actor, member = night) => setCover(by, { unit, member, ...ends })
    expect(await set(harbour.caseworker)).toMatchObject({ refusal: 'forbidden' })
    expect(await set(elsewhere)).toMatchObject({ refusal: 'forbidden' })
    expect(await set(clinic.supervisor)).toMatchObject({ refusal: 'invalid', reason: 'unit' })
    expect(await set(small, await codeOf(small))).toMatchObject({ refusal: 'forbidden', reason: 'own_record' })
    for (const stranger of [clinic.caseworker, harbour.admin, await newcomer(['agency_admin'])])
      expect(await set(harbour.supervisor, await codeOf(stranger))).toMatchObject({ reason: 'member' })
    valueOf(await set(harbour.supervisor))
    expect(await set(harbour.supervisor)).toMatchObject({ refusal: 'conflict', reason: 'overlap' })
  })

  it('lasts fourteen days at most, in the service and in the database', async () => {
    const night = await newcomer()
    const member = await codeOf(night)
    for (const hours of [-1, 15 * 24])
      expect(await setCover(harbour.supervisor, { unit, member, ...(await until(hours)) })).toMatchObject({
        reason: 'dates',
      })
    await expect(
      owner`INSERT INTO unit_cover (id, agency_id, unit_id, member_id, starts_at, ends_at)
        VALUES (${newId()}, ${harbour.agency.id}, ${harbour.unit}, ${night.member}, now(), now() + interval '15 days')`,
    ).rejects.toThrow(/unit_cover_span/)
    valueOf(await setCover(harbour.supervisor, { unit, member, ...(await until(13 * 24)) }))
  })

  it('is set once by a form that is sent twice, and each setting and ending is an event', async () => {
    const member = await codeOf(await newcomer())
    const [key, ends] = [newId(), await until(3)]
    valueOf(await setCover(harbour.supervisor, { unit, member, ...ends }, key))
    valueOf(await setCover(harbour.supervisor, { unit, member, ...ends }, key))
    const code = await lastCode('unit_cover')
    valueOf(await endCover(harbour.supervisor, { cover: code }))
    const events = await owner`SELECT type, actor_id FROM audit_event WHERE subject = ${code} ORDER BY id`
    expect([...events]).toEqual([
      { type: 'cover.set', actor_id: harbour.supervisor.member },
      { type: 'cover.ended', actor_id: harbour.supervisor.member },
    ])
  })
})

describe('absence with a stand-in', () => {
  it('gives the stand-in the team’s rights on the absent member’s cases, and takes them back by itself', async () => {
    const [away, standIn] = [await newcomer(), await newcomer()]
    const [on, other] = [await caseWithNote(away), await caseWithNote(harbour.caseworker)]
    valueOf(await setOwnAbsence(away, { standIn: await codeOf(standIn), ...(await until(48)) }))

    expect(await reads(standIn, on)).toEqual(EVERYTHING)
    expect(await reads(standIn, other)).toEqual(NOTHING)
    const log = valueOf(await loggedAs(standIn, on.case))
    expect(log).toMatch(/^SVC-/)
    expect(valueOf(await viewCaseFrame(standIn, { case: on.case })).case.place).toMatchObject({ reason: 'stand_in' })
    const readers = valueOf(await viewCaseAccess(away, { case: on.case })).audience
    expect(readers.find(({ reason }) => reason === 'stand_in')?.until).not.toBeNull()
    expect(valueOf(await viewToday(standIn)).places).toMatchObject([{ kind: 'stand_in' }])

    await advance(49)
    expect(await reads(standIn, on)).toEqual(NOTHING)
    expect(valueOf(await listOwnAbsences(away))).toEqual([])
  })

  it('begins when it was said, not before', async () => {
    const [away, standIn] = [await newcomer(), await newcomer()]
    const on = await caseWithNote(away)
    const [from, to] = [await until(5), await until(9)]
    const span = { fromOn: from.untilOn, fromTime: from.untilTime, ...to }
    valueOf(await setOwnAbsence(away, { standIn: await codeOf(standIn), ...span }))
    expect(await reads(standIn, on)).toEqual(NOTHING)
    await advance(6)
    expect(await reads(standIn, on)).toEqual(EVERYTHING)
  })

  it('ends when the member is back early, and never lasts longer than was said', async () => {
    const [away, standIn] = [await newcomer(), await newcomer()]
    const on = await caseWithNote(away)
    valueOf(
      await setAbsence(harbour.supervisor, {
        member: await codeOf(away),
        standIn: await codeOf(standIn),
        ...(await until(48)),
      }),
    )
    const code = await lastCode('absence')
    await expect(owner`UPDATE absence SET ends_at = ends_at + interval '1 hour' WHERE code = ${code}`).rejects.toThrow()
    expect(await endAbsence(standIn, { absence: code })).toMatchObject({ refusal: 'forbidden' })
    valueOf(await endAbsence(away, { absence: code }))
    expect(await reads(standIn, on)).toEqual(NOTHING)
    expect((await viewStaffing(harbour.supervisor)).ok).toBe(true)
  })

  it('reaches no restricted case, and not what the absent member sees by cover or by standing in', async () => {
    const [away, standIn, third] = [await newcomer(), await newcomer(), await newcomer()]
    const on = await caseWithNote(away)
    const others = await caseWithNote(third)
    valueOf(await setOwnAbsence(third, { standIn: await codeOf(away), ...(await until(24)) }))
    expect(await reads(away, others)).toEqual(EVERYTHING)
    valueOf(await setOwnAbsence(away, { standIn: await codeOf(standIn), ...(await until(24)) }))
    expect(await reads(standIn, others)).toEqual(NOTHING)
    valueOf(await restrictCase(away, { case: on.case }))
    expect(await viewCase(standIn, { case: on.case })).toMatchObject({ refusal: 'not_found' })
  })

  it('is said by the member or their supervisor, and takes no stand-in of another agency or without a case role', async () => {
    const away = await newcomer()
    const [member, ends] = [await codeOf(away), await until(24)]
    const clinic = await office(owner)
    for (const stranger of [clinic.caseworker, harbour.admin, away])
      expect(await setOwnAbsence(away, { standIn: await codeOf(stranger), ...ends })).toMatchObject({
        refusal: 'invalid',
      })
    const standIn = await codeOf(harbour.colleague)
    expect(await setAbsence(harbour.caseworker, { member, standIn, ...ends })).toMatchObject({ refusal: 'forbidden' })
    expect(await setAbsence(clinic.supervisor, { member, standIn, ...ends })).toMatchObject({ refusal: 'invalid' })
    const inUnit = await codeOf(harbour.caseworker)
    const elsewhere = await memberOf(owner, harbour.agency.id, ['supervisor'], await otherUnit())
    expect(await setAbsence(elsewhere, { member: inUnit, standIn, ...ends })).toMatchObject({ refusal: 'forbidden' })
    const self = { member: inUnit, standIn: await codeOf(harbour.supervisor) }
    expect(await setAbsence(harbour.supervisor, { ...self, ...ends })).toMatchObject({ reason: 'own_record' })

    valueOf(await setAbsence(harbour.supervisor, { member, standIn, ...ends }))
    expect(await setOwnAbsence(away, { standIn, ...ends })).toMatchObject({ reason: 'overlap' })
    const late = await newcomer()
    expect(await setOwnAbsence(late, { standIn: member, ...ends })).toMatchObject({ reason: 'stand_in_away' })
    expect(await setOwnAbsence(late, { standIn, ...(await until(63 * 24)) })).toMatchObject({ reason: 'dates' })
  })
})

describe('what members are told of cover and absence', () => {
  async function told(member: Actor): Promise<string[]> {
    const rows = await owner<
      { kind: string }[]
    >`SELECT kind FROM notice WHERE member_id = ${member.member} ORDER BY at, kind`
    return rows.map(({ kind }) => kind)
  }

  it('is that they cover, stand in or were said to be away, and when that was ended', async () => {
    const [first, second, third] = [await newcomer(), await newcomer(), await newcomer()]
    valueOf(await setCover(harbour.supervisor, { unit, member: await codeOf(first), ...(await until(3)) }))
    valueOf(await endCover(harbour.supervisor, { cover: await lastCode('unit_cover') }))
    expect(await told(first)).toEqual(['cover.set', 'cover.ended'])
    const ends = await until(3)
    valueOf(
      await setAbsence(harbour.supervisor, { member: await codeOf(second), standIn: await codeOf(third), ...ends }),
    )
    valueOf(await endAbsence(second, { absence: await lastCode('absence') }))
    expect(await told(second)).toEqual(['absence.set'])
    expect(await told(third)).toEqual(['absence.stand-in', 'absence.ended'])
  })

  it('is for the stand-in also what the absent member is told of a task, unless the case is restricted', async () => {
    const [away, standIn, colleague] = [await newcomer(), await newcomer(), harbour.caseworker]
    const [open, hidden] = [await caseWithNote(away), await caseWithNote(away)]
    for (const { case: code } of [open, hidden])
      valueOf(await assignMember(away, { case: code, member: workerHandle(colleague.member) }))
    valueOf(await restrictCase(away, { case: hidden.case }))
    valueOf(await setOwnAbsence(away, { standIn: await codeOf(standIn), ...(await until(5)) }))
    const task = async (on: string) =>
      valueOf(await makeTask(away, { case: on, kind: 'call', dueOn: '2999-01-01' })).code
    const [seen, unseen] = [await task(open.case), await task(hidden.case)]
    await withActor(colleague, async (tx) => {
      for (const subject of [seen, unseen]) await notify(tx, { kind: 'task.assigned', to: [away.member], subject })
      return ok()
    })
    const rows = await owner`SELECT subject FROM notice WHERE member_id = ${standIn.member} AND kind = 'task.assigned'`
    expect([...rows]).toEqual([{ subject: seen }])
    expect((await told(away)).filter((kind) => kind === 'task.assigned')).toHaveLength(2)
  })
})

let night: string | undefined

async function otherUnit(): Promise<string> {
  if (night === undefined) {
    night = newId()
    await owner`INSERT INTO agency_unit (id, agency_id, name) VALUES (${night}, ${harbour.agency.id}, 'Night team')`
  }
  return night
}

async function loggedAs(actor: Actor, on: string) {
  return withActor(actor, async () => {
    const service = await loggedService(actor, { case: on })
    return { ok: true as const, value: service.code }
  })
}
