import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ownerOf } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import { mutantsOf, withMutant, type Mutant } from '@/tests/support/policy-mutants'
import { matrixOf, seedWorld, type World } from '@/tests/support/row-matrix'

let database: TestDatabase
let owner: postgres.Sql
let world: World

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  world = await seedWorld(owner)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

/** Mutants that change nothing anybody could do, and why. */
async function isHarmless(mutant: Mutant): Promise<boolean> {
  // Nobody may read these at all: with and without the policy that says so.
  if (mutant.policy.endsWith(' nobody_reads') && mutant.change === 'dropped') return true
  // A row can't be moved where no column that decides about it may be changed.
  if (mutant.isUpdate && mutant.change === 'check opened') {
    const [row] = await owner<{ may: boolean }[]>`
      SELECT has_column_privilege('amparo_member', ${mutant.table}::regclass, a.attname, 'UPDATE') AS may
      FROM pg_attribute a WHERE a.attrelid = ${mutant.table}::regclass AND a.attname = 'agency_id'`
    return row?.may !== true
  }
  return false
}

describe('the policies', () => {
  it('T17: can none of them be dropped, opened or turned round without the matrix of rows telling', async () => {
    const mutants = await mutantsOf(owner)
    expect(mutants.length).toBeGreaterThan(180)
    const intact = new Map<string, readonly string[]>()
    const survivors: string[] = []
    for (const mutant of mutants) {
      const before = intact.get(mutant.table) ?? (await matrixOf(database, owner, world, [mutant.table]))
      intact.set(mutant.table, before)
      if (await isHarmless(mutant)) continue
      const lines = await withMutant(owner, mutant, () => matrixOf(database, owner, world, [mutant.table]))
      if (JSON.stringify(lines) === JSON.stringify(before)) survivors.push(mutant.name)
    }
    expect(survivors).toEqual([])
  }, 600_000)
})
