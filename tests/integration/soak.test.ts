import type postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { appClient } from '@/lib/platform/db/client'
import { ownerOf } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import { seedOneCase, type OneCase } from '@/tests/support/seed-one-case'
import { soak } from '@/tests/support/soak'

const COUNT = process.env['AMPARO_FULL'] === '1' ? 10_000 : 480

let database: TestDatabase
let owner: postgres.Sql
let sides: readonly [OneCase, OneCase]

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  sides = [await seedOneCase(owner), await seedOneCase(owner)]
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

it(`T10, T09: after ${String(COUNT)} transactions that end in every way, killed backends among them, no row was crossed, lost or left over`, async () => {
  const report = await soak(database, sides, COUNT)
  expect(report).toMatchObject({ ran: COUNT, crossed: [], lost: [], leftOver: [] })
  expect(Object.keys(report.byEnd)).toHaveLength(10)

  // Each transaction that was done raised the version once, and no other did.
  const [row] = await owner<{ raised: number; done: number }[]>`
      SELECT (SELECT sum(version - 1)::int FROM need) AS raised,
        (SELECT count(*)::int FROM audit_event WHERE basis LIKE 'soak\\_%' AND type = 'case.listed') AS done`
  expect(row?.done).toBeGreaterThan(COUNT / 4)
  expect(row?.raised).toBe(row?.done)

  const open = await owner`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`
  expect([...open]).toEqual([])
  // Nothing of a context stays on a pooled connection.
  const left = await Promise.all(
    Array.from(
      { length: 30 },
      () =>
        appClient().$queryRaw<{ member: string | null; role: string }[]>`
          SELECT app.member_id() AS member, current_setting('role') AS role`,
    ),
  )
  expect(new Set(left.map(([one]) => `${String(one?.member)} ${String(one?.role)}`))).toEqual(new Set(['null none']))
}, 900_000)
