import type postgres from 'postgres'
import { afterAll, beforeAll } from 'vitest'

import { office, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

/** The database of the test file that is `inOneOffice`. */
export let database: TestDatabase
/** A connection that sees everything, for looking at what was stored. */
export let owner: postgres.Sql
/** The one agency in it, with a signed-in member of each kind. */
export let harbour: Office

/** Gives the test file that calls this a database of its own with one agency, made before its tests and dropped after them. */
export function inOneOffice(): void {
  beforeAll(async () => {
    database = await testDatabase()
    owner = ownerOf(database)
    harbour = await office(owner)
  })

  afterAll(async () => {
    await owner.end()
    await database.drop()
  })
}
