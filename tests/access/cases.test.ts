import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { workerHandle } from '@/lib/cases/data'
import { listCaseLog, viewTimeline } from '@/lib/cases/log-service'
import { listCases } from '@/lib/cases/list-service'
import { viewCaseOverview } from '@/lib/cases/overview-service'
import { changeCase, openCase, restrictCase, unrestrictCase, viewCase } from '@/lib/cases/service'
import { listTasks, makeTask } from '@/lib/cases/tasks/service'
import { assignMember, unassignMember, viewCaseAccess, viewTeam } from '@/lib/cases/team-service'
import { viewToday } from '@/lib/cases/today-service'
import { readIdentity } from '@/lib/people/identity-service'
import { viewPerson } from '@/lib/people/service'
import { newId } from '@/lib/platform/ids'
import { ok, type Result } from '@/lib/platform/result'
import { dayIn } from '@/lib/platform/zone'
import { openedCase, registeredPerson, restrictedCase, valueOf } from '@/tests/factories/cases'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let clinic: Office
let coordinator: Actor
let auditor: Actor
let system: Actor

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  ;[harbour, clinic] = [await office(owner), await office(owner)]
  coordinator = await outsider(owner, 'coordinator')
  auditor = await outsider(owner, 'auditor')
  system = await outsider(owner, 'system_admin')
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const today = () => dayIn('UTC', new Date())
const UNKNOWN = 'CAS-000000000'

/** Who may stand where towards a case of harbour's caseworker. */
type Side = 'team' | 'supervisor' | 'colleague' | 'other agency' | 'agency admin' | 'coordinator' | 'auditor' | 'system'
const actorOn = (side: Side): Actor =>
  ({
    team: harbour.caseworker,
    supervisor: harbour.supervisor,
    colleague: harbour.colleague,
    'other agency': clinic.supervisor,
    'agency admin': harbour.admin,
    coordinator,
    auditor,
    system,
  })[side]

type Sight = 'content' | 'skeleton' | 'nothing'
const SIGHT: Readonly<Record<Side, { readonly open: Sight; readonly restricted: Sight }>> = {
  team: { open: 'content', restricted: 'content' },
  supervisor: { open: 'content', restricted: 'nothing' },
  colleague: { open: 'skeleton', restricted: 'nothing' },
  'other agency': { open: 'nothing', restricted: 'nothing' },
  'agency admin': { open: 'nothing', restricted: 'nothing' },
  coordinator: { open: 'nothing', restricted: 'nothing' },
  auditor: { open: 'nothing', restricted: 'nothing' },
  system: { open: 'nothing', restricted: 'nothing' },
}
const MATRIX = (Object.keys(SIGHT) as Side[]).flatMap((side) =>
  (['open', 'restricted'] as const).map((kind) => [side, kind, SIGHT[side][kind]] as const),
)

/** What the database itself shows of one case, table by table, whatever the services do. */
async function rowsOf(actor: Actor, caseId: string): Promise<Record<string, number>> {
  const counted = await withActor(actor, async (tx: ActorTx) => {
    const seen: Record<string, number> = {}
    for (const table of ['case_file', 'case_content', 'assignment', 'task', 'need', 'service', 'contact_entry']) {
      const column = table === 'case_file' ? 'id' : 'case_id'
      await tx.$executeRawUnsafe('SAVEPOINT probe')
      try {
        const rows = await tx.$queryRawUnsafe<{ n: number }[]>(
          `SELECT count(*)::int AS n FROM ${table} WHERE ${column} = $1::uuid`,
          caseId,
        )
        seen[table] = rows[0]?.n ?? 0
      } catch {
        // Coordinators and auditors have no grant on some tables at all.
        await tx.$executeRawUnsafe('ROLLBACK TO SAVEPOINT probe')
        seen[table] = 0
      }
    }
    return ok(seen)
  })
  return valueOf(counted)
}

async function idOf(code: string): Promise<string> {
  const [row] = await owner<{ id: string }[]>`SELECT id FROM case_file WHERE code = ${code}`
  if (row === undefined) throw new Error('no such case')
  return row.id
}

const caseOf = (kind: 'open' | 'restricted') =>
  kind === 'open'
    ? openedCase(harbour.caseworker, { risk: 'high' })
    : restrictedCase(harbour.caseworker, { risk: 'high' })

describe('reading a case', () => {
  it.each(MATRIX)(
    '%s of a case that is %s gets %s, from the services and from the database',
    async (side, kind, sight) => {
      const opened = await caseOf(kind)
      const actor = actorOn(side)
      const viewed = await viewCase(actor, { case: opened.code })
      if (sight === 'nothing') expect(viewed).toEqual({ ok: false, refusal: 'not_found' })
      else expect(valueOf(viewed).content === null).toBe(sight === 'skeleton')

      const rows = await rowsOf(actor, await idOf(opened.code))
      expect(rows['case_file']).toBe(sight === 'nothing' ? 0 : 1)
      expect(rows['assignment']).toBe(sight === 'nothing' ? 0 : 1)
      expect(rows['case_content']).toBe(sight === 'content' ? 1 : 0)
      expect(rows['task']).toBe(sight === 'content' ? 1 : 0)
    },
  )

  it('shows colleagues off the team a skeleton: no content, person, tasks or log', async () => {
    const opened = await openedCase(harbour.caseworker, { risk: 'high' })
    const overview = valueOf(await viewCaseOverview(harbour.colleague, { case: opened.code }))
    expect(overview).toMatchObject({ person: null, audience: null, lastLook: null, due: [], needs: [], latest: [] })
    expect(overview.case).toMatchObject({ content: null, risk: 'high', may: { change: false, team: false } })
    for (const read of [listCaseLog, viewTimeline, viewCaseAccess]) {
      expect(await read(harbour.colleague, { case: opened.code })).toMatchObject({ refusal: 'forbidden' })
    }
    expect(valueOf(await viewTeam(harbour.colleague, { case: opened.code }))).toMatchObject({
      candidates: [],
      former: [],
      team: [{ name: harbour.caseworker.displayName }],
    })
  })
})

describe('writing on a case', () => {
  const writes: readonly (readonly [string, (actor: Actor, code: string) => Promise<Result<unknown>>])[] = [
    ['change', (actor, code) => changeCase(actor, { case: code, version: 1, stage: 'assessment' })],
    ['close', (actor, code) => changeCase(actor, { case: code, version: 1, status: 'closed', closureReason: 'other' })],
    ['restrict', (actor, code) => restrictCase(actor, { case: code })],
    ['unrestrict', (actor, code) => unrestrictCase(actor, { case: code })],
    ['assign', (actor, code) => assignMember(actor, { case: code, member: workerHandle(actor.member) })],
    [
      'unassign',
      (actor, code) => unassignMember(actor, { case: code, member: workerHandle(harbour.caseworker.member) }),
    ],
    ['task', (actor, code) => makeTask(actor, { case: code, kind: 'call', dueOn: today() })],
  ]
  const outside = MATRIX.filter(([, , sight]) => sight !== 'content')

  it.each(outside)('%s of a case that is %s (%s) writes nothing, by no path', async (side, kind, sight) => {
    const opened = await caseOf(kind)
    const actor = actorOn(side)
    const before = await stateOf(opened.code)
    for (const [name, write] of writes) {
      expect(await write(actor, opened.code), name).toMatchObject({
        ok: false,
        refusal: sight === 'skeleton' ? 'forbidden' : 'not_found',
      })
    }
    expect(await rawWrites(actor, await idOf(opened.code))).toBe(0)
    expect(await stateOf(opened.code)).toEqual(before)
  })

  it('the team and its supervisor may', async () => {
    for (const actor of [harbour.caseworker, harbour.supervisor]) {
      const opened = await openedCase(harbour.caseworker)
      expect((await changeCase(actor, { case: opened.code, version: 1, stage: 'assessment' })).ok).toBe(true)
      expect((await makeTask(actor, { case: opened.code, kind: 'call', dueOn: today() })).ok).toBe(true)
      expect((await restrictCase(actor, { case: opened.code })).ok).toBe(true)
    }
  })

  async function stateOf(code: string) {
    const id = await idOf(code)
    const [state] = await owner`
      SELECT c.version, c.status, c.stage, c.restricted,
        (SELECT count(*)::int FROM assignment a WHERE a.case_id = c.id AND a.ended_at IS NULL) AS team,
        (SELECT count(*)::int FROM task t WHERE t.case_id = c.id) AS tasks
      FROM case_file c WHERE c.id = ${id}`
    return { ...state }
  }

  /** Statements that injected SQL could run as this member; how many rows they changed. */
  async function rawWrites(actor: Actor, caseId: string): Promise<number> {
    const attempts = [
      `UPDATE case_file SET stage = 'follow_up', version = version + 1 WHERE id = '${caseId}'`,
      `UPDATE case_content SET wants_support = 'no' WHERE case_id = '${caseId}'`,
      `UPDATE task SET done_at = now() WHERE case_id = '${caseId}'`,
      `UPDATE case_file SET restricted = false WHERE id = '${caseId}'`,
      `DELETE FROM assignment WHERE case_id = '${caseId}'`,
      `UPDATE assignment SET ended_at = NULL WHERE case_id = '${caseId}'`,
      `INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id)
        VALUES ('${newId()}', '${caseId}', '${newId()}', '${actor.agency}', '${actor.agency}', '${actor.member}')`,
      `SELECT 1 WHERE app.restrict_case('${caseId}', true)`,
      `SELECT 1 WHERE app.end_assignment('${caseId}', '${harbour.caseworker.member}')`,
    ]
    let changed = 0
    for (const statement of attempts) {
      try {
        await withActor(actor, async (tx) => {
          changed += await tx.$executeRawUnsafe(statement)
          return ok(undefined)
        })
      } catch {
        // Refused by the grant or the policy, which is what should happen.
      }
    }
    return changed
  }
})

describe('a restricted case (invariant 5, trap T11)', () => {
  it('answers a colleague, a supervisor and another agency as one that does not exist, byte for byte', async () => {
    const hidden = await restrictedCase(harbour.caseworker)
    for (const actor of [harbour.colleague, harbour.supervisor, clinic.caseworker]) {
      for (const read of [viewCase, viewCaseOverview, viewCaseAccess, viewTeam, listCaseLog, viewTimeline]) {
        const [there, absent, malformed] = [
          await read(actor, { case: hidden.code }),
          await read(actor, { case: UNKNOWN }),
          await read(actor, { case: `${hidden.code.slice(0, -1)}${hidden.code.endsWith('A') ? 'B' : 'A'}` }),
        ]
        expect(JSON.stringify(there)).toBe(JSON.stringify(absent))
        expect(JSON.stringify(malformed)).toBe(JSON.stringify(absent))
      }
    }
  })

  it('is in no list, count, task list or load of whoever is off the team', async () => {
    const { caseworker, colleague, supervisor } = await office(owner)
    const open = await openedCase(caseworker, { risk: 'high' })
    const listed = async (actor: Actor) => {
      const mine = valueOf(await listCases(actor, {}))
      const agency = valueOf(await listCases(actor, { tab: 'agency' }))
      const tasks = valueOf(await listTasks(actor, { scope: 'team' }))
      const load = valueOf(await viewToday(actor)).team?.load.map(({ cases, highRisk, late }) => [
        cases,
        highRisk,
        late,
      ])
      return {
        codes: [...mine.items, ...agency.items].map(({ code }) => code),
        totals: [mine.total?.n, agency.total?.n],
        tasks: tasks.items.map((task) => task.case),
        load,
      }
    }
    const before = [await listed(colleague), await listed(supervisor)]
    const hidden = await restrictedCase(caseworker, { risk: 'high' })
    expect([await listed(colleague), await listed(supervisor)]).toEqual(before)
    expect((await listed(caseworker)).codes).toEqual(expect.arrayContaining([hidden.code, open.code]))
  })

  it('hides its person as a whole, with the person’s other cases, old and new', async () => {
    const person = await registeredPerson(harbour.caseworker)
    const first = await openedCase(harbour.caseworker, { person })
    const second = await restrictedCase(harbour.caseworker, { person })
    const third = await openedCase(harbour.caseworker, { person })
    for (const { code } of [first, second, third]) {
      expect(await viewCase(harbour.colleague, { case: code })).toEqual({ ok: false, refusal: 'not_found' })
      expect(valueOf(await viewCase(harbour.caseworker, { case: code })).restricted).toBe(true)
    }
    expect(await viewPerson(harbour.colleague, { person })).toEqual({ ok: false, refusal: 'not_found' })
    expect(await openCase(harbour.colleague, { person })).toEqual({ ok: false, refusal: 'not_found' })
    expect(await openCase(harbour.supervisor, { person })).toEqual({ ok: false, refusal: 'not_found' })
    const agency = valueOf(await listCases(harbour.supervisor, { tab: 'agency', limit: 200 }))
    expect(agency.items.map((line) => line.person)).not.toContain(person)
  })

  it('comes back to the agency’s sight when the team lifts it', async () => {
    const hidden = await restrictedCase(harbour.caseworker)
    valueOf(await unrestrictCase(harbour.caseworker, { case: hidden.code }))
    expect(valueOf(await viewCase(harbour.colleague, { case: hidden.code })).content).toBeNull()
    expect((await viewPerson(harbour.colleague, { person: hidden.person })).ok).toBe(true)
  })
})

describe('leaving a team (trap T16)', () => {
  it('ends identity and content in the next statement, and keeps the skeleton', async () => {
    const person = await registeredPerson(harbour.caseworker, { identity: { names: [{ value: 'Selam Haile' }] } })
    const opened = await openedCase(harbour.caseworker, { person })
    const me = workerHandle(harbour.caseworker.member)
    valueOf(
      await assignMember(harbour.caseworker, { case: opened.code, member: workerHandle(harbour.colleague.member) }),
    )
    expect((await readIdentity(harbour.caseworker, { person })).ok).toBe(true)
    valueOf(await unassignMember(harbour.colleague, { case: opened.code, member: me }))

    expect((await readIdentity(harbour.caseworker, { person })).ok).toBe(false)
    expect(valueOf(await viewCase(harbour.caseworker, { case: opened.code }))).toMatchObject({ content: null })
    expect(await changeCase(harbour.caseworker, { case: opened.code, version: 1, stage: 'assessment' })).toMatchObject({
      refusal: 'forbidden',
    })
    expect(valueOf(await listCases(harbour.caseworker, { limit: 200 })).items.map(({ code }) => code)).not.toContain(
      opened.code,
    )
    expect((await readIdentity(harbour.colleague, { person })).ok).toBe(true)
  })

  it('ends everything of a restricted case', async () => {
    const opened = await openedCase(harbour.caseworker)
    valueOf(
      await assignMember(harbour.caseworker, { case: opened.code, member: workerHandle(harbour.colleague.member) }),
    )
    valueOf(await restrictCase(harbour.colleague, { case: opened.code }))
    valueOf(
      await unassignMember(harbour.colleague, { case: opened.code, member: workerHandle(harbour.colleague.member) }),
    )
    expect(await viewCase(harbour.colleague, { case: opened.code })).toEqual({ ok: false, refusal: 'not_found' })
    expect((await viewCase(harbour.caseworker, { case: opened.code })).ok).toBe(true)
  })
})

describe('duty cover', () => {
  it('opens the unit’s cases until its end, and no restricted one', async () => {
    const night = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    const [open, hidden] = [await openedCase(harbour.caseworker), await restrictedCase(harbour.caseworker)]
    expect(valueOf(await viewCase(night, { case: open.code })).content).toBeNull()
    const cover = newId()
    await owner`INSERT INTO unit_cover (id, agency_id, unit_id, member_id, starts_at, ends_at)
      VALUES (${cover}, ${harbour.agency.id}, ${harbour.unit}, ${night.member}, now() - interval '1 hour', now() + interval '1 hour')`
    expect(valueOf(await viewCase(night, { case: open.code })).content).not.toBeNull()
    expect(await viewCase(night, { case: hidden.code })).toEqual({ ok: false, refusal: 'not_found' })
    await owner`UPDATE unit_cover SET ends_at = now() - interval '1 second' WHERE id = ${cover}`
    expect(valueOf(await viewCase(night, { case: open.code })).content).toBeNull()
  })
})

describe('who can see a case', () => {
  it('is answered by the rule that reading it obeys, for every member', async () => {
    const { agency, unit, ...members } = await office(owner)
    const elsewhere = newId()
    await owner`INSERT INTO agency_unit (id, agency_id, name) VALUES (${elsewhere}, ${agency.id}, 'Night team')`
    const others = [
      await memberOf(owner, agency.id, ['supervisor'], elsewhere),
      await memberOf(owner, agency.id, ['supervisor', 'caseworker'], null),
      await memberOf(owner, agency.id, ['caseworker'], elsewhere),
    ]
    const night = await memberOf(owner, agency.id, ['caseworker'], elsewhere)
    await owner`INSERT INTO unit_cover (id, agency_id, unit_id, member_id, starts_at, ends_at)
      VALUES (${newId()}, ${agency.id}, ${unit}, ${night.member}, now() - interval '1 hour', now() + interval '1 hour')`
    const everyone = [...Object.values(members), ...others, night]
    const opened = await openedCase(members.caseworker)
    for (const kind of ['open', 'restricted'] as const) {
      if (kind === 'restricted') valueOf(await restrictCase(members.caseworker, { case: opened.code }))
      const access = valueOf(await viewCaseAccess(members.caseworker, { case: opened.code }))
      const told = access.audience.map(({ handle }) => handle).sort()
      const reads: string[] = []
      for (const member of everyone) {
        const viewed = await viewCase(member, { case: opened.code })
        if (viewed.ok && viewed.value.content !== null) reads.push(workerHandle(member.member))
      }
      expect(told).toEqual(reads.sort())
      expect(told.length).toBe(kind === 'open' ? 4 : 1)
      expect(access.skeleton > 0).toBe(kind === 'open')
    }
  })

  it('and who looked is on the log, for those on the case', async () => {
    const opened = await openedCase(harbour.caseworker)
    valueOf(await viewCase(harbour.colleague, { case: opened.code }))
    const log = valueOf(await listCaseLog(harbour.caseworker, { case: opened.code, kind: 'looks' }))
    expect(log.items).toMatchObject([{ type: 'case.viewed', by: harbour.colleague.displayName }])
    const again = valueOf(await listCaseLog(harbour.caseworker, { case: opened.code, kind: 'looks' }))
    expect(again.items.map(({ type }) => type)).toEqual(['audit.listed', 'case.viewed'])
  })
})
