import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import type { DisparityView, RunDisparityInput } from '@/lib/oversight/disparities/schema'
import { listDisparities, runDisparity, viewDisparity } from '@/lib/oversight/disparities/service'
import { closeWorker } from '@/lib/platform/db/worker'
import { FAMILIES, GROUNDS } from '@/lib/reporting/cube/schema'
import { checkCubes, freezeNextCube } from '@/lib/reporting/cube/service'
import { newCode, newId } from '@/lib/platform/ids'
import { valueOf } from '@/tests/factories/cases'
import { listedService } from '@/tests/factories/directory'
import { needsInBulk, type CountedNeed } from '@/tests/factories/needs-in-bulk'
import { memberOf, office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let shelter: Office
let clinic: Office
let auditor: Actor
let colleague: Actor
/** Of another network. */
let stranger: Actor

const ASKED: RunDisparityInput = { outcome: 'met_in_time', ground: 'language', period: '2025', adjustFor: [] }

/** So many needs found in May 2025, the first of them served on the next day and the others three weeks later. */
function needs(language: string, inTime: number, late: number, more: Partial<CountedNeed> = {}): CountedNeed[] {
  return Array.from({ length: inTime + late }, (_, at) => ({
    language,
    foundOn: '2025-05-05',
    servedOn: at < inTime ? '2025-05-06' : '2025-05-26',
    met: at % 2 === 0,
    gender: at % 3 === 0 ? 'Masculine' : 'Feminine',
    ...more,
  }))
}

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  shelter = await office(owner)
  const { network } = shelter.admin
  clinic = await office(owner, { network })
  auditor = await outsider(owner, 'auditor', { network })
  colleague = await memberOf(owner, auditor.agency, ['auditor'], null)
  stranger = await outsider(owner, 'auditor')
  await needsInBulk(owner, shelter, [
    ...needs('eng', 90, 30),
    ...needs('tir', 20, 60),
    ...needs('som', 60, 60),
    ...needs('vie', 3, 5),
  ])
  await needsInBulk(owner, clinic, [
    ...needs('eng', 30, 90),
    ...needs('tir', 12, 40),
    ...needs('ara', 40, 40),
    ...needs('som', 4, 4),
  ])
  await needsInBulk(owner, clinic, needs('tir', 12, 0, { statistics: 'refused' }))
  await needsInBulk(owner, clinic, needs('ara', 30, 0, { restricted: true }))
  await turnedAway('eng', 50)
  await turnedAway('tir', 12)
  await turnedAway('tir', 20, 'nowhere')
  await turnedAway('vie', 4)
  await timing()
  // A freezing that was cut off after it took its extract.
  await owner`SELECT app.extract_cube(${timed.admin.network}, '2025-01-01')`
  while ((await freezeNextCube()) > 0);
}, 120_000)

async function turnedAway(language: string, n: number, sentTo = 'helpline'): Promise<void> {
  const rows = Array.from({ length: n }, () => ({
    id: newId(),
    code: newCode('TAW'),
    agency_id: shelter.agency.id,
    asked_on: '2025-06-02',
    entered_at: new Date(),
    reason: 'no_capacity',
    category: 'social',
    language,
    seen: owner.array([]) as unknown as string,
    sent_to: sentTo,
  }))
  await owner`INSERT INTO turned_away ${owner(rows)}`
}

/** What became of each need of a network of its own, in the order in which they are made: due after three days. */
let becameOf: readonly string[] = []
let timed: Office

async function timing(): Promise<void> {
  timed = await office(owner)
  const other = await office(owner, { network: timed.admin.network })
  const days = ['05', '06', '08', '10', '16', null, null, null, null] as const
  const found = { language: 'eng', foundOn: '2025-05-05' }
  const people = await needsInBulk(
    owner,
    timed,
    days.map((day) => ({ ...found, servedOn: day === null ? null : `2025-05-${day}` })),
  )
  becameOf = people
  const closed = (person: string | undefined, day: string) =>
    owner`UPDATE case_file SET status = 'closed', closed_on = ${day}, closure_reason = 'died' WHERE person_id = ${person ?? ''}`
  await closed(people[6], '2025-05-07')
  await closed(people[7], '2025-05-10')
  await owner`UPDATE need SET state = 'withdrawn' WHERE person_id = ${people[8] ?? ''}`
  await owner`UPDATE need SET withdrawn_on = '2025-05-06' WHERE person_id = ${people[8] ?? ''}`
  const { id: service } = await listedService(other)
  const referred = async (person: string | undefined, answered: string, over: Readonly<Record<string, string>>) => {
    const id = newId()
    await owner`
      INSERT INTO referral ${owner({
        id,
        code: newCode('REF'),
        to_agency_id: other.agency.id,
        listed_service_id: service,
        urgency: 'urgent',
        fields: owner.array([]) as unknown as string,
        created_by_id: timed.caseworker.member,
        created_at: '2025-05-05T12:00:00Z',
        sent_at: '2025-05-05T12:00:00Z',
        decide_by: '2025-05-07T12:00:00Z',
        answered_at: answered,
        ...((
          await owner`SELECT case_id, person_id, holder_agency_id, agency_id FROM need WHERE person_id = ${person ?? ''}`
        )[0] as object),
        ...over,
      })}`
    await owner`
      INSERT INTO referral_need (referral_id, need_id, case_id, holder_agency_id, agency_id, accepted)
      SELECT ${id}, n.id, n.case_id, n.holder_agency_id, n.agency_id, ${over['state'] === 'accepted'} FROM need n WHERE n.person_id = ${person ?? ''}`
  }
  const declined = (reason: string) => ({ state: 'declined', decline_reason: reason })
  await referred(people[0], '2025-05-06T12:00:00Z', { state: 'accepted' })
  await referred(people[1], '2025-05-06T12:00:00Z', declined('no_capacity'))
  // Declined first, accepted elsewhere later: what decided is the acceptance.
  await referred(people[2], '2025-05-06T12:00:00Z', declined('not_eligible'))
  await referred(people[2], '2025-05-09T12:00:00Z', { state: 'accepted' })
  await referred(people[3], '2025-05-09T12:00:00Z', declined('outside_area'))
  await referred(people[4], '2025-05-06T12:00:00Z', { state: 'acknowledged' })
}

afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

const groupOf = (view: DisparityView, group: string) => view.groups.find((one) => one.group === group)
const ask = async (actor: Actor, more: Partial<RunDisparityInput> = {}) =>
  valueOf(await runDisparity(actor, { ...ASKED, ...more }))

describe('a frozen period', () => {
  it('P04: counts first needs, leaves out refusers and restricted cases, and says how many refused', async () => {
    const view = await ask(auditor)
    expect(groupOf(view, 'eng')).toMatchObject({ n: 240, events: 120, rate: 0.5, kept: false })
    expect(groupOf(view, 'tir')).toMatchObject({ n: 132, events: 32 })
    expect(view.refused).toBe(12)
    // Eight people who speak Vietnamese may not be counted; with the smallest other group they may.
    expect(groupOf(view, 'vie')).toBeUndefined()
    expect(groupOf(view, '~')).toMatchObject({ n: 88, events: 43 })
  })

  it('invariant 6: stays as it is whatever happens to the records, for every auditor and however often they ask', async () => {
    const before = [
      await ask(auditor),
      await ask(auditor, { ground: 'gender' }),
      await ask(auditor, { category: 'social', agency: shelter.agency.key }),
    ]
    await needsInBulk(owner, shelter, needs('vie', 1, 0))
    await turnedAway('eng', 5)
    await owner`UPDATE need SET state = 'withdrawn' WHERE agency_id = ${clinic.agency.id}`
    await owner`UPDATE person_profile SET languages = '{fra}' WHERE person_id IN (SELECT person_id FROM person_profile WHERE languages = '{tir}' LIMIT 1)`
    expect(await freezeNextCube()).toBe(0)
    const after = [
      await ask(colleague),
      await ask(colleague, { ground: 'gender' }),
      await ask(colleague, { category: 'social', agency: shelter.agency.key }),
    ]
    // Who was turned away later in the year is counted in no later answer either.
    expect(groupOf(await ask(colleague, { outcome: 'turned_away' }), 'eng')?.people).toBe(50)
    const figures = (views: readonly DisparityView[]) =>
      views.map(({ groups, comparisons, logistic }) => ({ groups, comparisons, logistic }))
    expect(figures(after)).toEqual(figures(before))
    await expect(owner`UPDATE cube SET needs = 0`).rejects.toThrow(/stays as it is/)
    await expect(owner`DELETE FROM cube_table`).rejects.toThrow(/only added to/)
  })

  it('invariant 6: shares no need with another period, so that none is counted twice', async () => {
    // Found earlier than what was frozen: it is this person's first need now, and was counted already.
    const [person = ''] = (
      await owner<{ person_id: string }[]>`
      SELECT person_id FROM need WHERE agency_id = ${shelter.agency.id} LIMIT 1`
    ).map((row) => row.person_id)
    await owner`UPDATE need SET found_on = '2024-12-30' WHERE person_id = ${person}`
    while ((await freezeNextCube()) > 0);
    const twice = await owner`SELECT unit FROM cube_unit GROUP BY unit HAVING count(*) > 1`
    expect([...twice]).toEqual([])
  })

  it('says of each need how long it waited, who left before help came, and what decided its referral', async () => {
    const rows = await owner<{ person: string; pace: string; answer: string; why: string; nth: string }[]>`
      SELECT n.person_id AS person, u.pace, u.answer, u.why, u.nth FROM cube_unit u JOIN need n ON u.unit = sha256(convert_to(n.person_id || n.category, 'UTF8'))
      WHERE n.agency_id = ${timed.agency.id}`
    const of = new Map(rows.map((row) => [row.person, row]))
    const each = (key: 'pace' | 'answer' | 'why') => becameOf.map((person) => of.get(person)?.[key])
    const paces = ['quarter', 'half', 'limit', 'twice', 'later', 'waiting', 'left_limit', 'left_twice', 'left_limit']
    expect(each('pace')).toEqual(paces)
    expect(each('answer').slice(0, 6)).toEqual(['in_time', 'in_time', 'late', 'late', 'other', 'none'])
    expect(each('why').slice(0, 6)).toEqual(['none', 'capacity', 'none', 'unfit', 'none', 'none'])
    expect(rows.every(({ nth }) => nth === 'first')).toBe(true)
  })

  it('keeps the day on which a need was withdrawn, for as long as it is', async () => {
    const of = becameOf[5] ?? ''
    const day = async () =>
      (await owner`SELECT withdrawn_on FROM need WHERE person_id = ${of}`)[0]?.['withdrawn_on'] as Date | null
    await owner`UPDATE need SET state = 'withdrawn' WHERE person_id = ${of}`
    expect(await day()).not.toBeNull()
    await owner`UPDATE need SET state = 'open' WHERE person_id = ${of}`
    expect(await day()).toBeNull()
  })

  it('is recomputed from its extract to the same digests', async () => {
    expect(await checkCubes()).toEqual([])
  })

  it('counts each class of each ground as its extract has it, and tells whose they are where they are few', async () => {
    const families = Object.keys(FAMILIES).filter((family) => family !== 'door')
    const direct = GROUNDS.flatMap((ground) => families.map((family) => [ground, family] as const)).map(
      ([ground, family]) => `
        SELECT '${ground}' AS ground, "${ground}" AS level, category, agency_key AS agency, '${family}' AS family, "${family}" AS class, count(*)::int AS n,
          CASE WHEN count(*) <= 60 THEN count(DISTINCT person) ELSE 0 END::int AS people
        FROM cube_unit WHERE cube_id = c.id GROUP BY 2, 3, 4, 6`,
    )
    const differences = await owner.unsafe(`
      SELECT x.* FROM cube c, LATERAL (
        (SELECT ground, level, category, agency, family, class, n,
           (SELECT count(DISTINCT number) FROM unnest(people) number)::int AS people FROM app.cube_counts(c.id)
         EXCEPT ALL (${direct.join(' UNION ALL ')}))
        UNION ALL
        ((${direct.join(' UNION ALL ')})
         EXCEPT ALL SELECT ground, level, category, agency, family, class, n,
           (SELECT count(DISTINCT number) FROM unnest(people) number)::int AS people FROM app.cube_counts(c.id))) x`)
    expect([...differences]).toEqual([])
  })

  it('P04: lets no role of the application read an extract, a table or a kept answer', async () => {
    const readers = await owner`
      SELECT table_name, grantee FROM information_schema.role_table_grants
      WHERE table_name IN ('cube', 'cube_unit', 'cube_table', 'disparity_run') AND grantee LIKE ANY (ARRAY['%_app', '%_member', '%_desk', '%_auditor', '%_worker'])`
    expect([...readers]).toEqual([])
    const callers = await owner`
      SELECT p.proname FROM pg_proc p, aclexplode(p.proacl) a JOIN pg_roles r ON r.oid = a.grantee
      WHERE p.proname IN ('extract_cube', 'cube_counts', 'cube_digest', 'frozen_cubes') AND r.rolname LIKE '%_auditor'`
    expect([...callers]).toEqual([])
  })
})

describe('asking whether help came alike', () => {
  it('finds the group that waits longer, beside the largest, and says how little it could have seen', async () => {
    const [tigrinya] = (await ask(auditor)).comparisons.filter(({ group }) => group === 'tir')
    expect(tigrinya).toMatchObject({ reference: 'eng', verdict: 'worse' })
    expect(tigrinya?.riskRatio?.estimate).toBeCloseTo(32 / 132 / 0.5, 12)
    expect(tigrinya?.detectable).toBeGreaterThan(0.1)
  })

  it('holds agencies equal beside the crude figures', async () => {
    const view = await ask(auditor, { adjustFor: ['agency'] })
    const [tigrinya] = view.comparisons.filter(({ group }) => group === 'tir')
    expect(tigrinya?.mantelHaenszel?.oddsRatio?.estimate).toBeLessThan(1)
    expect(view.looked).toBeGreaterThan(view.comparisons.length)
    expect(view.logistic?.terms.map(({ term }) => term)).toContain('language=tir')
  })

  it('keeps back at an agency what may be shown for the network alone', async () => {
    const view = await ask(auditor, { category: 'social', agency: clinic.agency.key })
    expect(groupOf(view, 'som')).toEqual({
      group: 'som',
      n: null,
      events: null,
      rate: null,
      ci: null,
      kept: true,
      isWhole: false,
      people: null,
    })
  })

  it('tells how long groups wait as curves cut where few are, with the test in strata up to the limit', async () => {
    const view = await ask(auditor, { outcome: 'time_to_service', adjustFor: ['agency'] })
    const { groups = [], logRank, stratifiedLogRank } = view.waiting ?? {}
    const curve = (group: string) => groups.find((one) => one.group === group)?.curve ?? []
    // Half of those who speak English were helped on the next day, the others long after twice the limit.
    expect(curve('eng').map(({ time, atRisk, waiting }) => [time, atRisk, waiting])).toContainEqual([0.5, 240, 0.5])
    expect(curve('eng').every(({ gone }) => gone === 0)).toBe(true)
    expect(logRank?.p).toBeLessThan(0.001)
    expect(stratifiedLogRank?.p).toBeLessThan(0.001)
    expect(view.looked).toBe(view.comparisons.length + 2)
    expect(view.comparisons.every(({ mantelHaenszel }) => mantelHaenszel === null)).toBe(true)
  })

  it('compares with the group that is chosen, and refuses one that doesn’t stand alone', async () => {
    const view = await ask(auditor, { reference: 'tir' })
    expect(view.comparisons.map(({ reference }) => reference)).toEqual(view.comparisons.map(() => 'tir'))
    expect(valueOf(await viewDisparity(colleague, { disparity: view.code })).reproduction.repeats).toBe(true)
    const { agency } = clinic
    expect(
      await runDisparity(auditor, { ...ASKED, category: 'social', agency: agency.key, reference: 'som' }),
    ).toMatchObject({ ok: false, refusal: 'invalid', errors: { reference: ['disparities.errors.reference'] } })
  })

  it('says of whoever was turned away which groups they were of, and of no ground that nobody sees', async () => {
    const view = await ask(auditor, { outcome: 'turned_away' })
    // Four are too few to be told; they stand with the smallest others.
    expect(view.groups.map(({ group, people, n }) => [group, people, n])).toEqual([
      ['eng', 50, 86],
      ['~', 36, 86],
    ])
    expect([view.comparisons, view.looked]).toEqual([[], 0])
    expect(await runDisparity(auditor, { ...ASKED, outcome: 'turned_away', ground: 'place' })).toMatchObject({
      refusal: 'invalid',
      errors: { ground: ['disparities.errors.door_ground'] },
    })
  })

  it('repeats a kept run to the same figures, for its network alone', async () => {
    const ran = await ask(auditor)
    const { reproduction, ...again } = valueOf(await viewDisparity(colleague, { disparity: ran.code }))
    expect(again.groups).toEqual(ran.groups)
    expect(reproduction.repeats).toBe(true)
    expect(await viewDisparity(stranger, { disparity: ran.code })).toMatchObject({ ok: false, refusal: 'not_found' })
    expect(valueOf(await listDisparities(auditor)).runs.map(({ code }) => code)).toContain(ran.code)
    expect(valueOf(await listDisparities(stranger)).runs).toEqual([])
  })

  it('is refused to everybody but an auditor, and where the period or the agency is none', async () => {
    expect(await runDisparity(shelter.supervisor, ASKED)).toMatchObject({ ok: false, refusal: 'forbidden' })
    expect(await listDisparities(shelter.admin)).toMatchObject({ ok: false, refusal: 'not_found' })
    expect(await runDisparity(stranger, ASKED)).toMatchObject({ ok: false, refusal: 'invalid' })
    expect(await runDisparity(auditor, { ...ASKED, period: '2031' })).toMatchObject({
      ok: false,
      refusal: 'invalid',
    })
    expect(await runDisparity(auditor, { ...ASKED, agency: 'nowhere' })).toMatchObject({
      ok: false,
      refusal: 'invalid',
    })
    expect(await runDisparity(auditor, { ...ASKED, outcome: 'service_interrupted', category: 'social' })).toMatchObject(
      { ok: false, refusal: 'invalid' },
    )
  })

  it('answers over the API: 201 and a Location, kept-back cells as null, once for one key', async () => {
    const token = await tokenFor(owner, auditor)
    const body = {
      outcome: 'met_in_time',
      ground: 'language',
      period: '2025',
      category: 'social',
      agency: clinic.agency.key,
    }
    const once = () => callApi('POST', '/oversight/disparities', { token, body, headers: { 'idempotency-key': 'one' } })
    const made = await once()
    expect(made.status).toBe(201)
    expect(made.body['groups']).toContainEqual({
      group: 'som',
      n: null,
      events: null,
      rate: null,
      ci: null,
      kept: true,
      isWhole: false,
      people: null,
    })
    expect((await once()).body['code']).toBe(made.body['code'])
    const location = (made.headers.get('location') ?? '').slice('/api/v1'.length)
    expect((await callApi('GET', location, { token })).body).toMatchObject({
      code: made.body['code'],
      reproduction: { repeats: true },
    })
    const other = await tokenFor(owner, shelter.supervisor)
    expect((await callApi('GET', location, { token: other })).status).toBe(404)
    expect((await callApi('POST', '/oversight/disparities', { token, body: { ...body, outcome: 'x' } })).status).toBe(
      422,
    )
  })
})
