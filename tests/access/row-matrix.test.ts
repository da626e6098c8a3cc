import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { ownerOf } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import { mutantsOf, withMutant } from '@/tests/support/policy-mutants'
import { matrixOf, seedWorld, tablesOfMatrix, type World } from '@/tests/support/row-matrix'

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

describe('what the database itself lets each kind of member do', () => {
  it('trap T17: is, table by table, what rows.txt says', async () => {
    const lines = await matrixOf(database, owner, world, await tablesOfMatrix(owner))
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('rows.txt')
  })

  it.each(['case_file agency_read', 'service team_add', 'search_handle own_drop_member', 'person_profile team_change'])(
    'T17: differs as soon as the policy %s is dropped, opened or turned round',
    async (policy) => {
      const mutants = (await mutantsOf(owner)).filter((mutant) => mutant.policy === policy)
      expect(mutants.length).toBeGreaterThan(2)
      const [table = ''] = policy.split(' ')
      const intact = await matrixOf(database, owner, world, [table])
      for (const mutant of mutants) {
        const lines = await withMutant(owner, mutant, () => matrixOf(database, owner, world, [table]))
        expect(lines, mutant.name).not.toEqual(intact)
      }
      expect(await matrixOf(database, owner, world, [table])).toEqual(intact)
    },
  )
})
