import type postgres from 'postgres'
import { afterAll, beforeAll, describe, it } from 'vitest'

import { closeWorker } from '@/lib/platform/db/worker'
import { ownerOf } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import { referralMachine, runReferralMachine } from '@/tests/support/referral-machine'

let database: TestDatabase
let owner: postgres.Sql

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
})
afterAll(async () => {
  await closeWorker()
  await owner.end()
  await database.drop()
})

describe('any sequence of calls by anybody', () => {
  it('T13, invariant 3, trap T1, trap T10: makes no illegal move, no second answer, opens no package without a basis, and the ledger has one line for what left', async () => {
    await runReferralMachine(await referralMachine(owner), 6, 58137)
  }, 120_000)
})
