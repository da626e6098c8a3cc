import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import type { DisparityView, RunDisparityInput } from '@/lib/oversight/disparities/schema'
import { listDisparities, runDisparity, viewDisparity } from '@/lib/oversight/disparities/service'
import { closeWorker } from '@/lib/platform/db/worker'
import { checkCubes, freezeNextCube } from '@/lib/reporting/cube/service'
import { valueOf } from '@/tests/factories/cases'
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
  while ((await freezeNextCube()) > 0);
}, 120_000)

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
    await owner`UPDATE need SET state = 'withdrawn' WHERE agency_id = ${clinic.agency.id}`
    await owner`UPDATE person_profile SET languages = '{fra}' WHERE person_id IN (SELECT person_id FROM person_profile WHERE languages = '{tir}' LIMIT 1)`
    expect(await freezeNextCube()).toBe(0)
    const after = [
      await ask(colleague),
      await ask(colleague, { ground: 'gender' }),
      await ask(colleague, { category: 'social', agency: shelter.agency.key }),
    ]
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

  it('is recomputed from its extract to the same digests', async () => {
    expect(await checkCubes()).toEqual([])
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
