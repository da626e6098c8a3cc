import pg from 'pg'
import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { withActor } from '@/lib/access/with-actor'
import { prepareService, serviceRows } from '@/lib/assistance/services/prepare-service'
import { listServicesInput, logServiceInput } from '@/lib/assistance/services/schema'
import { listServices } from '@/lib/assistance/services/service'
import { CATEGORY_KEYS, SERVICE_TYPES } from '@/lib/mandate/categories'
import { newCode, newId } from '@/lib/platform/ids'
import { ok } from '@/lib/platform/result'
import { addDays } from '@/lib/platform/zone'
import { openedCase, valueOf } from '@/tests/factories/cases'
import { office, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office

const MANY = 6_000

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  harbour = await office(owner)
  const { code } = await openedCase(harbour.caseworker)
  const [on] = await owner<{ id: string; person: string; holder: string }[]>`
    SELECT id, person_id AS person, holder_agency_id AS holder FROM case_file WHERE code = ${code}`
  if (on === undefined) throw new Error('No such case')
  const prepared = Array.from({ length: MANY }, (_, n) => {
    const category = CATEGORY_KEYS[n % CATEGORY_KEYS.length] ?? 'social'
    const entry = logServiceInput.parse({ case: code, category, type: SERVICE_TYPES[category][0] })
    const name = { id: newId(), code: newCode('SVC') }
    return prepareService(entry, on, addDays('2026-01-01', -(n % 700)), { name })
  })
  valueOf(
    await withActor(harbour.caseworker, async (tx) => {
      const rows = serviceRows(prepared, {
        agency: harbour.agency.id,
        member: harbour.caseworker.member,
        at: new Date(),
      })
      await tx.service.createMany({ data: rows.service })
      await tx.serviceMandate.createMany({ data: rows.mandate })
      return ok(undefined)
    }),
  )
  await owner`ANALYZE service`
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

type Statement = { readonly text: string; readonly values: readonly unknown[] }

/** The statement with which a list reads its page. */
async function statementOf(work: () => Promise<unknown>): Promise<Statement> {
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await work()
    const found = spy.mock.calls
      .map(([statement]) => statement as unknown as Statement)
      .find(({ text }) => typeof text === 'string' && text.includes('WITH page'))
    if (found === undefined) throw new Error('The list read no page')
    return found
  } finally {
    spy.mockRestore()
  }
}

/** How PostgreSQL carries it out, for this member. */
async function planOf({ text, values }: Statement): Promise<string> {
  return valueOf(
    await withActor(harbour.caseworker, async (tx) => {
      const lines = await tx.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${text}`, ...values)
      return ok(lines.map((line) => line['QUERY PLAN']).join('\n'))
    }),
  )
}

describe('a page of services among thousands', () => {
  it.each([
    ['of the agency', {}, 'service_agency_id_delivered_on_id_idx'],
    ['of the agency, by category', { category: 'legal' }, 'service_agency_id_category_delivered_on_id_idx'],
    [
      'of the agency, between two days',
      { from: '2025-06-01', to: '2025-06-30' },
      'service_agency_id_delivered_on_id_idx',
    ],
  ] as const)(
    '%s is read in the order of its index, never by scanning or sorting them',
    async (_name, filter, index) => {
      const input = listServicesInput.parse(filter)
      const plan = await planOf(await statementOf(() => listServices(harbour.caseworker, input)))
      expect(plan).toContain(index)
      expect(plan).not.toMatch(/Seq Scan on service\b|Bitmap Heap Scan on service\b/)
    },
  )

  it('after a cursor begins where the last page ended, by the same index', async () => {
    const first = valueOf(await listServices(harbour.caseworker, { limit: 50 }))
    const input = listServicesInput.parse({ cursor: first.nextCursor })
    const plan = await planOf(await statementOf(() => listServices(harbour.caseworker, input)))
    expect(plan).toMatch(/Index Cond:.*ROW\(delivered_on, id\) </)
  })

  it('takes one statement to read and one to write down that it was read', async () => {
    const spy = vi.spyOn(pg.Client.prototype, 'query')
    await listServices(harbour.caseworker, { limit: 50 })
    const texts = spy.mock.calls.map(([statement]) =>
      typeof statement === 'string' ? statement : (statement as unknown as Statement).text,
    )
    spy.mockRestore()
    const work = texts.filter(
      (text) => !/^\s*(begin|commit|savepoint|release savepoint)/i.test(text) && !text.includes('app.open_session'),
    )
    expect(work).toHaveLength(2)
  })
})
