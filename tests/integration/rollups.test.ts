import fc from 'fast-check'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { CATEGORY_KEYS, SERVICE_TYPES, type CategoryKey } from '@/lib/mandate/categories'
import { paragraphsFor } from '@/lib/mandate/rules'
import { closeWorker, workerSql } from '@/lib/platform/db/worker'
import { newCode, newId } from '@/lib/platform/ids'
import { viewDashboard } from '@/lib/reporting/dashboard/service'
import { viewParagraphFigures } from '@/lib/reporting/figures/service'
import { checkRollups, foldRollups, sweepExpired } from '@/lib/reporting/rollups/service'
import { office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let agency: Office
let other: Office

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  agency = await office(owner)
  other = await office(owner)
})

afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

type Case = { readonly id: string; readonly person: string; readonly agency: string; restricted: boolean }
type Service = {
  readonly id: string
  readonly case: Case
  category: CategoryKey
  type: string
  day: string
  state: string
}

/** What the agencies have, kept in memory: the plain statement that the figures are held against. */
type Model = { readonly cases: Case[]; readonly services: Service[] }

const DONE = ['in_progress', 'delivered', 'interrupted']
const STATES = ['planned', 'in_progress', 'delivered', 'interrupted', 'declined', 'voided']

const serviceFacts = fc.record({
  at: fc.nat(),
  kind: fc
    .constantFrom(...CATEGORY_KEYS)
    .chain((category) => fc.constantFrom<string>(...SERVICE_TYPES[category]).map((type) => ({ category, type }))),
  day: fc.constantFrom('2025-12-31', '2026-01-01', '2026-06-15', '2026-11-24'),
  state: fc.constantFrom(...STATES),
})

const step = fc.oneof(
  { weight: 4, arbitrary: serviceFacts.map((facts) => ({ do: 'log', ...facts }) as const) },
  { weight: 3, arbitrary: serviceFacts.map((facts) => ({ do: 'change', ...facts }) as const) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('void' as const), at: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restrict' as const), at: fc.nat(), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'fold' } as const) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

describe('rollups', () => {
  it('say what the records say after any edits, voids and restrictions, folded or waiting', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const mine = await office(owner)
        const model = await freshModel(mine)
        for (const next of steps) await take(model, next)

        expect(await checkRollups()).toEqual([])
        for (const paragraph of ['6(a)', '6(b)', '6(d)', '9', '7', '2(b)']) {
          for (const year of [2025, 2026]) {
            const shown = await viewParagraphFigures(mine.caseworker, { paragraph, year })
            if (!shown.ok) throw new Error(shown.refusal)
            expect({ services: shown.value.services, persons: shown.value.persons }).toEqual(
              count(model, paragraph, year),
            )
          }
        }
      }),
      { numRuns: 12, seed: 58137 },
    )
  })

  it('are found wrong when a figure is changed behind their back, so the comparison bites', async () => {
    const model = await freshModel(agency)
    await take(model, {
      do: 'log',
      at: 0,
      kind: { category: 'legal', type: 'information_advice' },
      day: '2026-01-01',
      state: 'delivered',
    })
    await foldRollups()
    await owner`UPDATE rollup SET n = n + 1 WHERE agency_id = ${agency.agency.id} AND paragraph = '9' AND measure = 'services'`
    const differences = await checkRollups()
    expect(differences).toMatchObject([{ measure: 'services', paragraph: '9', counted: 1, shown: 2 }])
    await owner`UPDATE rollup SET n = n - 1 WHERE agency_id = ${agency.agency.id} AND paragraph = '9' AND measure = 'services'`
  })

  it('are folded by one at a time, however many ask', async () => {
    const folded = await Promise.all([foldRollups(), foldRollups(), foldRollups()])
    expect(folded.every((n) => n >= 0)).toBe(true)
    expect(await foldRollups()).toBe(0)
    expect(await checkRollups()).toEqual([])
  })
})

describe('the worker', () => {
  it('reads no table by itself, rollups included (hard-parts 16)', async () => {
    const sql = workerSql()
    for (const table of ['service', 'person', 'rollup', 'rollup_person', 'idempotency_key']) {
      await expect(sql.unsafe(`SELECT 1 FROM ${table}`)).rejects.toMatchObject({ code: '42501' })
    }
  })

  it('sweeps keys of repeated requests after a day and leaves the young ones', async () => {
    const key = async (name: string, age: string) =>
      owner`
        INSERT INTO idempotency_key (member_id, agency_id, key, route, body_hash, created_at)
        VALUES (${agency.caseworker.member}, ${agency.agency.id}, ${name}, 'POST /x', ${Buffer.from('x')},
          clock_timestamp() - ${age}::interval)`
    await key('old', '25 hours')
    await key('young', '23 hours')
    expect(await sweepExpired()).toBe(1)
    expect(await owner`SELECT key FROM idempotency_key`).toMatchObject([{ key: 'young' }])
  })
})

describe('figures of a paragraph', () => {
  it('are the own agency’s only, and leave restricted cases out (invariant 5)', async () => {
    const model = await freshModel(other)
    const [first, second] = model.cases
    if (first === undefined || second === undefined) throw new Error('A model has cases')
    await log(model, first, 'medical', 'emergency_care', '2024-03-05', 'delivered')
    await log(model, second, 'medical', 'general_and_chronic', '2024-04-05', 'delivered')
    await take(model, { do: 'restrict', at: 1, on: true })

    const theirs = await viewParagraphFigures(other.caseworker, { paragraph: '6(b)', year: 2024 })
    expect(theirs).toMatchObject({
      ok: true,
      value: {
        services: 1,
        persons: 1,
        categories: [{ key: 'medical', services: 1, types: [{ key: 'emergency_care', services: 1 }] }],
      },
    })
    const ours = await viewParagraphFigures(agency.caseworker, { paragraph: '6(b)', year: 2024 })
    expect(ours).toMatchObject({ ok: true, value: { services: 0, persons: 0, categories: [] } })
    const whole = await viewParagraphFigures(other.caseworker, { paragraph: '6', year: 2024 })
    expect(whole).toMatchObject({
      ok: true,
      value: {
        services: 1,
        persons: null,
        parts: [{ key: '6(a)' }, { key: '6(b)', services: 1 }, { key: '6(c)' }, { key: '6(d)' }],
      },
    })
  })

  it('are refused to roles without casework, and for paragraphs that no record stands under', async () => {
    const auditor = await outsider(owner, 'auditor')
    expect(await viewParagraphFigures(auditor, { paragraph: '9' })).toEqual({ ok: false, refusal: 'forbidden' })
    expect(await viewParagraphFigures(agency.admin, { paragraph: '9' })).toEqual({ ok: false, refusal: 'forbidden' })
    expect(await viewParagraphFigures(agency.caseworker, { paragraph: '17' })).toEqual({
      ok: false,
      refusal: 'not_found',
    })
  })

  it('are recorded as one look each (L01)', async () => {
    const looks = () =>
      owner`SELECT basis FROM audit_event WHERE type = 'mandate.listed' AND actor_id = ${agency.supervisor.member}`
    await viewParagraphFigures(agency.supervisor, { paragraph: '6(d)' })
    expect(await looks()).toEqual([{ basis: 'A/RES/58/137 6(d)' }])
  })
})

describe('an agency’s year', () => {
  it('says what the records say, its own alone, with restricted cases left out (invariant 5)', async () => {
    const mine = await office(owner)
    const model = await freshModel(mine)
    const [first, second, third] = model.cases
    if (first === undefined || second === undefined || third === undefined) throw new Error('A model has cases')
    await log(model, first, 'medical', 'emergency_care', '2026-03-05', 'delivered')
    await log(model, first, 'social', 'transport', '2026-03-06', 'in_progress')
    await log(model, first, 'social', 'transport', '2026-04-06', 'planned')
    await log(model, third, 'social', 'emergency_shelter', '2026-05-01', 'delivered')
    await log(model, third, 'legal', 'information_advice', '2025-12-31', 'delivered')
    await log(model, second, 'legal', 'civil_documents', '2026-05-01', 'delivered')
    const needs = [
      { of: first, category: 'medical', urgency: 'emergency', state: 'open', due: '-1 hour' },
      { of: first, category: 'medical', urgency: 'routine', state: 'planned', due: '1 hour' },
      // Reached, and past its limit all the same.
      { of: third, category: 'social', urgency: 'urgent', state: 'open', due: '-1 hour', reached: true },
      { of: third, category: 'social', urgency: 'urgent', state: 'being_met', due: '-1 hour' },
      { of: third, category: 'social', urgency: 'urgent', state: 'planned', due: '-1 hour' },
      { of: third, category: 'legal', urgency: 'urgent', state: 'met', due: '-1 hour' },
      { of: second, category: 'legal', urgency: 'urgent', state: 'open', due: '-1 hour' },
    ]
    for (const need of needs) await plantNeed(mine, need)
    await take(model, { do: 'restrict', at: 1, on: true })

    const shown = await viewDashboard(mine.supervisor, { year: 2026 })
    if (!shown.ok) throw new Error(shown.refusal)
    const { categories, types, needs: open, load, ...totals } = shown.value
    expect(totals).toMatchObject({
      ...count(model, '9', 2026),
      years: [2026, 2025],
      // The factory opens its cases in 2025; of three, one is restricted.
      casesOpened: 0,
      casesOpen: 2,
      personsByParagraph: [{ paragraph: '6(b)', persons: 2 }],
    })
    expect(totals.services).toBe(3)
    expect(categories.map(({ key, services, months }) => [key, services, months[2], months[4]])).toEqual([
      ['medical', 1, 1, 0],
      ['social', 2, 1, 1],
    ])
    expect(types.map(({ key }) => key)).toEqual([
      'medical.emergency_care',
      'social.emergency_shelter',
      'social.transport',
    ])
    expect(open).toEqual([
      { category: 'social', byUrgency: { emergency: 0, urgent: 3, routine: 0 }, n: 3, late: 1 },
      { category: 'medical', byUrgency: { emergency: 1, urgent: 0, routine: 1 }, n: 2, late: 1 },
    ])
    expect(load?.length).toBeGreaterThan(0)
    // Off the team, too: who was reached is the same for all.
    expect(await viewDashboard(mine.colleague, { year: 2026 })).toMatchObject({ ok: true, value: { needs: open } })
    expect(await viewDashboard(mine.supervisor, { year: 2025 })).toMatchObject({
      ok: true,
      value: { services: 1, persons: 1, casesOpened: 2, casesOpen: 2 },
    })

    const elsewhere = await office(owner)
    expect(await viewDashboard(elsewhere.supervisor, { year: 2026 })).toMatchObject({
      ok: true,
      value: { services: 0, persons: 0, casesOpen: 0, categories: [], needs: [] },
    })
  })

  it('tells caseworkers nothing of what each of the unit carries', async () => {
    expect(await viewDashboard(agency.caseworker)).toMatchObject({ ok: true, value: { load: null } })
  })

  it('is refused to roles without casework, and each look is recorded (L01)', async () => {
    for (const role of ['auditor', 'coordinator', 'system_admin'] as const) {
      expect(await viewDashboard(await outsider(owner, role))).toEqual({ ok: false, refusal: 'forbidden' })
    }
    expect(await viewDashboard(agency.admin)).toEqual({ ok: false, refusal: 'forbidden' })
    await viewDashboard(other.supervisor)
    expect(
      await owner`SELECT basis, fields FROM audit_event WHERE type = 'mandate.listed' AND actor_id = ${other.supervisor.member}`,
    ).toEqual([{ basis: 'A/RES/58/137 9', fields: ['service', 'case', 'need'] }])
  })
})

/** Two persons; the first has two cases, so that restricting one of them must not lose or keep the person wrongly. */
async function freshModel(of: Office): Promise<Model> {
  const cases: Case[] = []
  for (const caseCount of [2, 1]) {
    const person = newId()
    await owner`
      INSERT INTO person (id, code, holder_agency_id, agency_id, registered_by_id)
      VALUES (${person}, ${newCode('AMP')}, ${of.agency.id}, ${of.agency.id}, ${of.caseworker.member})`
    for (let number = 1; number <= caseCount; number += 1) {
      const id = newId()
      await owner`
        INSERT INTO case_file (id, code, person_id, holder_agency_id, agency_id, lead_agency_id, unit_id, number, opened_on)
        VALUES (${id}, ${newCode('CAS')}, ${person}, ${of.agency.id}, ${of.agency.id}, ${of.agency.id}, ${of.unit}, ${number}, '2025-01-01')`
      cases.push({ id, person, agency: of.agency.id, restricted: false })
    }
  }
  return { cases, services: [] }
}

async function take(model: Model, next: Step): Promise<void> {
  if (next.do === 'fold') {
    await foldRollups()
    return
  }
  if (next.do === 'restrict') {
    const found = pick(model.cases, next.at)
    found.restricted = next.on
    await owner`UPDATE case_file SET restricted = ${next.on} WHERE id = ${found.id}`
    return
  }
  if (next.do === 'log') {
    await log(model, pick(model.cases, next.at), next.kind.category, next.kind.type, next.day, next.state)
    return
  }
  if (model.services.length === 0) return
  const service = pick(model.services, next.at)
  if (next.do === 'void') service.state = 'voided'
  else Object.assign(service, { ...next.kind, day: next.day, state: next.state })
  await owner.begin(async (sql) => {
    await sql`
      UPDATE service SET category = ${service.category}, type = ${service.type}, delivered_on = ${service.day},
        status = ${service.state}::service_status WHERE id = ${service.id}`
    await sql`DELETE FROM service_mandate WHERE service_id = ${service.id}`
    await writeMandate(sql, service)
  })
}

async function log(
  model: Model,
  of: Case,
  category: CategoryKey,
  type: string,
  day: string,
  state: string,
): Promise<void> {
  const service: Service = { id: newId(), case: of, category, type, day, state }
  model.services.push(service)
  const worker = of.agency === other.agency.id ? other.caseworker.member : await workerOf(of.agency)
  await owner.begin(async (sql) => {
    await sql`
      INSERT INTO service (id, code, case_id, person_id, holder_agency_id, agency_id, category, type, delivered_on, status, worker_id)
      VALUES (${service.id}, ${newCode('SVC')}, ${of.id}, ${of.person}, ${of.agency}, ${of.agency}, ${category}, ${type}, ${day},
        ${state}::service_status, ${worker})`
    await writeMandate(sql, service)
  })
}

type PlantedNeed = {
  readonly of: Case
  readonly category: string
  readonly urgency: string
  readonly state: string
  readonly due: string
  readonly reached?: boolean
}

async function plantNeed(at: Office, { of, category, urgency, state, due, reached }: PlantedNeed): Promise<void> {
  const id = newId()
  const member = at.caseworker.member
  await owner`
    INSERT INTO need (id, code, case_id, person_id, holder_agency_id, agency_id, category, urgency, state, found_on, found_by_id, contact_due_at)
    VALUES (${id}, ${newCode('NED')}, ${of.id}, ${of.person}, ${of.agency}, ${of.agency}, ${category}, ${urgency}::urgency,
      ${state}::need_state, '2026-05-01', ${member}, clock_timestamp() + ${due}::interval)`
  if (reached === true)
    await owner`
      INSERT INTO task (id, code, case_id, person_id, holder_agency_id, agency_id, owner_id, kind, need_id, due_at, done_at)
      VALUES (${newId()}, ${newCode('TSK')}, ${of.id}, ${of.person}, ${of.agency}, ${of.agency}, ${member}, 'first_contact', ${id},
        clock_timestamp(), clock_timestamp())`
}

async function workerOf(of: string): Promise<string> {
  const [row] = await owner<{ id: string }[]>`SELECT id FROM member WHERE agency_id = ${of} LIMIT 1`
  return row?.id ?? ''
}

async function writeMandate(sql: postgres.ISql, service: Service): Promise<void> {
  for (const { paragraph, reason } of paragraphsFor(service)) {
    await sql`
      INSERT INTO service_mandate (service_id, paragraph, holder_agency_id, agency_id, restricted, reason)
      VALUES (${service.id}, ${paragraph}, ${service.case.agency}, ${service.case.agency}, ${service.case.restricted}, ${reason})`
  }
}

function count(model: Model, paragraph: string, year: number): { services: number; persons: number } {
  const under = model.services.filter(
    (service) =>
      !service.case.restricted &&
      DONE.includes(service.state) &&
      service.day.startsWith(String(year)) &&
      paragraphsFor(service).some((basis) => basis.paragraph === paragraph),
  )
  return { services: under.length, persons: new Set(under.map((service) => service.case.person)).size }
}

function pick<T>(items: readonly T[], at: number): T {
  const item = items[at % items.length]
  if (item === undefined) throw new Error('Nothing to pick from')
  return item
}
