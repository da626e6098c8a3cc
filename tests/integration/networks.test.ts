import fc from 'fast-check'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { changeMember, viewMember } from '@/lib/agencies/member-service'
import { LEGAL_BASES, PURPOSES } from '@/lib/agencies/network-schema'
import {
  addArea,
  addHoliday,
  changeNetwork,
  listNetworksInFull,
  networkClockIn,
  removeArea,
  removeHoliday,
  viewNetwork,
} from '@/lib/agencies/network-service'
import { listRoleReviews } from '@/lib/agencies/role-review-service'
import { viewNeed } from '@/lib/assistance/needs/service'
import { ok, refuse } from '@/lib/platform/result'
import { openNeed } from '@/tests/factories/assistance'
import { openedCase, valueOf } from '@/tests/factories/cases'
import { listedService } from '@/tests/factories/directory'
import { networkChange, networkKeyOf, withToken } from '@/tests/factories/networks'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let system: Actor
let network: string

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner, { kind: 'government' })
  system = await outsider(owner, 'system_admin')
  network = await networkKeyOf(owner, harbour.agency.id)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const versionOf = async () => valueOf(await viewNetwork(system, network)).version

describe('a network', () => {
  it('sets by when a person is reached: a need found afterwards has the new limit and its source, one before keeps its own', async () => {
    const { caseworker } = harbour
    const on = (await openedCase(caseworker)).code
    const before = await openNeed(caseworker, { case: on, urgency: 'urgent' })
    const hours = { emergency: '12', urgent: '48', routine: '240' } as const
    const contactHours = Object.fromEntries(
      Object.entries(hours).map(([urgency, count]) => [urgency, { hours: count, source: 'Decree 7 of 2026' }]),
    )
    expect(await changeNetwork(system, networkChange(network, await versionOf(), { contactHours }))).toEqual(ok())

    const after = await openNeed(caseworker, { case: on, urgency: 'urgent' })
    const view = valueOf(await viewNeed(caseworker, { need: after.code }))
    expect(view.contactLimit).toEqual({ hours: 48, source: 'Decree 7 of 2026' })
    const kept = valueOf(await viewNeed(caseworker, { need: before.code }))
    const apart = Date.parse(kept.contactDueAt) - Date.parse(view.contactDueAt)
    expect(Math.round(apart / 3_600_000)).toBe(24)
  })

  it('moves a date by a day when a holiday comes between, and back when it goes', async () => {
    const due = async () =>
      valueOf(await viewNetwork(system, network))
        .example.decide.toISOString()
        .slice(0, 10)
    const first = await due()
    const named = async (name: string) => ({ network, version: await versionOf(), day: first, name })
    const plain = async () => ({ network, version: await versionOf(), day: first })
    expect(await addHoliday(system, await named('A day of rest'))).toEqual(ok())
    const second = await due()
    expect(second > first).toBe(true)
    expect(await addHoliday(system, await named('The same'))).toMatchObject({ refusal: 'conflict' })
    expect(await removeHoliday(system, await plain())).toEqual(ok())
    expect(await due()).toBe(first)
    expect(await removeHoliday(system, await plain())).toMatchObject({ refusal: 'not_found' })
  })

  it('R03: tells the second of two who set holidays of one network at once', async () => {
    const version = await versionOf()
    const days = ['2027-03-01', '2027-03-02']
    const answers = await Promise.all(
      days.map((day) => addHoliday(system, { network, version, day, name: 'A day of rest' })),
    )
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    expect(answers.filter((answer) => !answer.ok)).toEqual([refuse('stale')])
    const day = days[answers.findIndex((answer) => answer.ok)] ?? ''
    expect(await removeHoliday(system, { network, version, day })).toEqual(refuse('stale'))
    expect(await removeHoliday(system, { network, version: version + 1, day })).toEqual(ok())
  })

  it('writes each change as a version with what it was and became, and an event with the names of the fields', async () => {
    const seen = valueOf(await viewNetwork(system, network))
    const legalBases = {
      case_management: ['public_task', 'consent'],
      sharing: ['consent'],
      statistics: ['consent'],
      contact: ['vital_interest'],
      identification: ['consent'],
      transfer: ['consent'],
    }
    const input = networkChange(network, seen.version, { name: 'Southern network', smallNumber: '12', legalBases })
    expect(await changeNetwork(system, input)).toEqual(ok())
    const [version] = await owner`
      SELECT v.version, v.fields, v.before, v.after FROM network_version v JOIN network n ON n.id = v.network_id
      WHERE n.key = ${network} ORDER BY v.version DESC LIMIT 1`
    expect(version?.['version']).toBe(seen.version + 1)
    expect(version?.['fields']).toEqual(['contactHours', 'legalBases', 'name', 'smallNumber'])
    expect(version?.['before']).toMatchObject({ name: 'Test network', smallNumber: 10 })
    expect(version?.['after']).toMatchObject({ name: 'Southern network', smallNumber: 12 })
    const [event] = await owner`
      SELECT subject, fields, actor_id FROM audit_event WHERE type = 'network.changed' ORDER BY id DESC LIMIT 1`
    const fields = ['contactHours', 'legalBases', 'name', 'smallNumber']
    expect(event).toMatchObject({ subject: network, fields, actor_id: system.member })
    // Saving the same again is no change and leaves no version.
    expect(await changeNetwork(system, { ...input, version: seen.version + 1 })).toEqual(ok())
    expect(await versionOf()).toBe(seen.version + 1)
  })

  it('R03: a date counted with the calendar says by which version, and keeps both when a holiday comes later', async () => {
    const { admin } = harbour
    const reviewed = async () => {
      const whom = await memberOf(owner, harbour.agency.id, ['caseworker'], harbour.unit)
      const [row] = await owner<{ code: string }[]>`SELECT code FROM member WHERE id = ${whom.member}`
      const member = row?.code ?? ''
      const { name, version: seen } = valueOf(await viewMember(admin, { member }))
      valueOf(await changeMember(admin, { member, name, roles: ['caseworker', 'supervisor'], version: seen }))
      const made = valueOf(await listRoleReviews(admin)).find((review) => review.member === member)
      if (made === undefined) throw new Error('The change of roles opened no review')
      return made
    }
    const version = await versionOf()
    const first = await reviewed()
    expect(first.calendarVersion).toBe(version)
    const day = first.dueAt.toISOString().slice(0, 10)
    expect(await addHoliday(system, { network, version, day, name: 'A day of rest' })).toEqual(ok())
    const second = await reviewed()
    expect(second.calendarVersion).toBe(version + 1)
    expect(second.dueAt > first.dueAt).toBe(true)
    const same = valueOf(await listRoleReviews(admin)).find(({ code }) => code === first.code)
    expect(same).toMatchObject({ dueAt: first.dueAt, calendarVersion: version })
    const [change] = await owner`
      SELECT v.fields FROM network_version v JOIN network n ON n.id = v.network_id
      WHERE n.key = ${network} AND v.version = ${second.calendarVersion}`
    expect(change?.['fields']).toEqual(['holidays'])
    await owner`UPDATE role_review SET calendar_version = 1 WHERE code = ${second.code}`
    const [kept] = await owner`SELECT calendar_version AS version FROM role_review WHERE code = ${second.code}`
    expect(kept?.['version']).toBe(version + 1)
    expect(await removeHoliday(system, { network, version: version + 1, day })).toEqual(ok())
  })

  it('R03: is not overwritten by whoever saw an older version', async () => {
    const version = await versionOf()
    expect(await changeNetwork(system, networkChange(network, version, { name: 'First' }))).toEqual(ok())
    expect(await changeNetwork(system, networkChange(network, version, { name: 'Second' }))).toEqual(refuse('stale'))
    expect(valueOf(await viewNetwork(system, network)).name).toBe('First')
  })

  it('names its coordinator and its overseeing body among its own', async () => {
    const coordinator = await memberOf(owner, harbour.agency.id, ['coordinator'], null)
    const foreign = await outsider(owner, 'coordinator')
    const codes = await owner<{ id: string; code: string }[]>`
      SELECT id, code FROM member WHERE id IN (${coordinator.member}, ${foreign.member})`
    const codeOf = (actor: Actor) => codes.find(({ id }) => id === actor.member)?.code
    const change = async (over: Readonly<Record<string, unknown>>) =>
      changeNetwork(system, networkChange(network, await versionOf(), over))
    expect(await change({ coordinator: codeOf(foreign) })).toMatchObject({ refusal: 'invalid', reason: 'coordinator' })
    expect(await change({ oversight: harbour.agency.key })).toMatchObject({ refusal: 'invalid', reason: 'oversight' })
    expect(await change({ coordinator: codeOf(coordinator) })).toEqual(ok())
    expect(valueOf(await viewNetwork(system, network)).coordinator).toMatchObject({
      code: codeOf(coordinator),
      isActive: true,
    })
  })
})

/** What the function of the database answers a member who calls it past the services. */
async function setHolidayAs({ credential }: Actor): Promise<string | undefined> {
  if (credential.kind !== 'session') throw new Error('A session was expected')
  const { hash } = credential
  const app = ownerOf({ ownerUrl: database.appUrl })
  const told = await app.begin(async (sql) => {
    await sql`
      SELECT set_config('app.context', o.context, true), set_config('role', o.db_role, true) FROM app.open_session(${hash}) o`
    const [row] = await sql<{ answer: string }[]>`
      SELECT app.set_holiday(n.id, '2026-12-31', 'Mine', n.version, '{}') AS answer FROM network n WHERE n.key = ${network}`
    return row?.answer
  })
  await app.end()
  return told
}

describe('who may set it', () => {
  it('A11: has just shown that it is them, by code and by the database', async () => {
    const version = await versionOf()
    const asks = [
      () => changeNetwork(system, networkChange(network, version, { name: 'Later' })),
      () => addHoliday(system, { network, version, day: '2026-12-30', name: 'Later' }),
      () => removeHoliday(system, { network, version, day: '2026-12-30' }),
    ]
    await owner`UPDATE session SET proven_at = now() - interval '6 minutes' WHERE member_id = ${system.member}`
    for (const ask of asks) expect(await ask()).toEqual(refuse('step_up_required'))
    expect(await setHolidayAs(system)).toBe('not_found')
    expect(await versionOf()).toBe(version)
    await owner`UPDATE session SET proven_at = now() WHERE member_id = ${system.member}`
    expect(await setHolidayAs(system)).toBe('ok')
  })

  it('T16: is the system administrator in a session, and nobody else, by code and by the database', async () => {
    const { admin, caseworker, supervisor } = harbour
    const others = [
      admin,
      caseworker,
      supervisor,
      await outsider(owner, 'coordinator'),
      await outsider(owner, 'auditor'),
    ]
    const input = networkChange(network, await versionOf(), { name: 'Not mine' })
    for (const actor of [...others, withToken(system)]) {
      for (const asked of [
        changeNetwork(actor, input),
        viewNetwork(actor, network),
        listNetworksInFull(actor),
        addHoliday(actor, { network, version: 1, day: '2026-12-31', name: 'Mine' }),
        removeHoliday(actor, { network, version: 1, day: '2026-12-31' }),
      ])
        expect(await asked).toEqual(refuse('forbidden'))
    }
    expect(await setHolidayAs(admin)).toBe('not_found')
    expect(valueOf(await listNetworksInFull(system)).some(({ key }) => key === network)).toBe(true)
  })
})

describe('settings that make no sense', () => {
  it('are refused by the database, whoever writes them', async () => {
    const wrong = [
      { smallNumber: 9 },
      { somethingElse: 1 },
      { contactHours: { urgent: { hours: 0, source: 'x' } } },
      { contactHours: { urgent: { hours: 'soon', source: 'x' } } },
      { contactHours: { sometime: { hours: 3, source: 'x' } } },
      { referralLimits: { routine: { acknowledge: 5, decide: 2 } } },
      { legalBases: { sharing: ['because'] } },
      { legalBases: { sharing: [] } },
      { leaveUrl: 'javascript:alert(1)' },
      [],
    ]
    for (const settings of wrong)
      await expect(
        owner`UPDATE network SET settings = ${JSON.stringify(settings)}::text::jsonb WHERE key = ${network}`,
        JSON.stringify(settings),
      ).rejects.toThrow('network_settings')
  })

  it('are accepted by the database wherever the form accepts them', async () => {
    const limit = fc.integer({ min: 1, max: 500 })
    const bases = fc.uniqueArray(fc.constantFrom(...LEGAL_BASES), { minLength: 1 })
    const smallNumber = fc.integer({ min: 10, max: 100 })
    await fc.assert(
      fc.asyncProperty(limit, limit, bases, smallNumber, async (hours, acknowledge, some, least) => {
        const of = { acknowledge, decide: acknowledge + 3 }
        const input = networkChange(network, 1, {
          contactHours: Object.fromEntries(
            ['emergency', 'urgent', 'routine'].map((u) => [u, { hours, source: 'Rule' }]),
          ),
          referralLimits: { emergency: of, urgent: of, routine: of },
          legalBases: Object.fromEntries(PURPOSES.map((purpose) => [purpose, some])),
          smallNumber: least,
        })
        expect(await changeNetwork(system, { ...input, version: await versionOf() })).toEqual(ok())
      }),
      { numRuns: 10 },
    )
  })
})

describe('what referrals need of a network', () => {
  it('has areas, each once, and keeps one in which something is offered', async () => {
    const add = async (name: string) => addArea(system, { network, version: await versionOf(), name })
    const remove = async (area: string) => removeArea(system, { network, version: await versionOf(), area })
    expect(await add('North district')).toEqual(ok())
    expect(await add('Süd-Viertel')).toEqual(ok())
    expect(await add('东区')).toEqual(ok())
    expect(await add('西区')).toEqual(ok())
    expect(await add('north DISTRICT')).toMatchObject({ refusal: 'conflict', reason: 'area_taken' })
    const keys = async () =>
      valueOf(await viewNetwork(system, network))
        .areas.map(({ key }) => key)
        .sort()
    expect(await keys()).toEqual(['area', 'area-2', 'north-district', 'sud-viertel'])
    expect(valueOf(await viewNetwork(system, network)).changes[0]?.fields).toEqual(['areas'])
    await listedService(harbour, { areas: ['north-district'] })
    expect(await remove('north-district')).toMatchObject({ refusal: 'conflict', reason: 'area_in_use' })
    for (const area of ['area', 'area-2', 'sud-viertel']) expect(await remove(area)).toEqual(ok())
    expect(await remove('area')).toMatchObject({ refusal: 'not_found' })
    expect(await addArea(system, { network, version: 1, name: 'East' })).toMatchObject({ refusal: 'stale' })
    expect(await addArea(harbour.admin, { network, version: await versionOf(), name: 'East' })).toMatchObject({
      refusal: 'forbidden',
    })
  })

  it('sets what the clock of a referral runs by: its calendar, its limits, when one expires', async () => {
    const clockOf = async () => valueOf(await withActor(harbour.caseworker, async (tx) => ok(await networkClockIn(tx))))
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    expect(await addHoliday(system, { network, version: await versionOf(), day, name: 'A day of rest' })).toEqual(ok())
    const hours = { opens: '08:30', closes: '16:00', referralExpiry: '4' }
    expect(await changeNetwork(system, networkChange(network, await versionOf(), hours))).toEqual(ok())
    const clock = await clockOf()
    expect(clock).toMatchObject({ expiry: 4, calendar: { opensMinute: 510, closesMinute: 960 } })
    expect(clock.limits.urgent).toEqual({ acknowledge: 2, decide: 5 })
    expect([...clock.calendar.holidays]).toContain(day)
    for (const wrong of [1, 21])
      await expect(
        owner`UPDATE network SET settings = settings || jsonb_build_object('referralExpiry', ${wrong}::int) WHERE key = ${network}`,
      ).rejects.toThrow(/network_settings/)
    expect(await removeHoliday(system, { network, version: await versionOf(), day })).toEqual(ok())
  })
})
