import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkOwnerUrl, withConnection } from '@/lib/platform/db/owner'
import { checkAppRole, checkServer, openLoginRoles, withUser } from '@/lib/platform/db/roles'
import { testDatabase } from '@/tests/support/database'
import type { TestDatabase } from '@/tests/support/database'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})

afterAll(async () => {
  await database.drop()
})

/** Makes a role that logs in, with these attributes, and gives its URL. */
async function urlOfRole(name: string, attributes: string, more = ''): Promise<string> {
  const password = 'for this test only'
  await withConnection(database.superuserUrl, async (client) => {
    await client.query(`CREATE ROLE ${name} LOGIN ${attributes} PASSWORD '${password}'; ${more}`)
  })
  return withUser(database.superuserUrl, name, password)
}

describe('R10: the role of the application', () => {
  it('that the migrations make is accepted', async () => {
    await expect(checkAppRole(database.appUrl)).resolves.toBeUndefined()
  })

  it.each([
    ['a superuser', 'SUPERUSER', '', /is a superuser; take that away/],
    ['one that bypasses row security', 'BYPASSRLS', '', /bypasses row security/],
    ['one that makes roles', 'CREATEROLE', '', /may make roles or databases/],
    ['one that may act as the owner', '', 'GRANT amparo_owner TO acting_one', /may act as the owner/],
    [
      'one that may act as the definer',
      '',
      'GRANT amparo_definer TO acting_one',
      /may act as the owner or as the definer/,
    ],
  ])('is not %s', async (_kind, attributes, grant, sentence) => {
    const url = await urlOfRole('acting_one', attributes, grant)
    await expect(checkAppRole(url)).rejects.toThrow(sentence)
    await withConnection(database.superuserUrl, (client) => client.query('DROP ROLE acting_one'))
  })

  it('is not the owner of the tables', async () => {
    await expect(checkAppRole(database.ownerUrl)).rejects.toThrow(/take that away, or leave DATABASE_APP_URL out/)
  })
})

describe('the roles that log in', () => {
  it('keep a password that fits, so that a start disturbs no other instance', async () => {
    // The roles belong to the whole cluster, which other test files use at this moment: their passwords stay.
    const passwords = {
      app: new URL(database.appUrl).password,
      worker: new URL(database.workerUrl).password,
      backup: new URL(database.backupUrl).password,
    }
    const secret = (): Promise<unknown> =>
      withConnection(database.superuserUrl, async (client) => {
        const { rows } = await client.query<{ secret: string }>(
          `SELECT rolpassword AS secret FROM pg_authid WHERE rolname = 'amparo_app'`,
        )
        return rows[0]?.secret
      })
    const before = await secret()
    const opened = await openLoginRoles(database.ownerUrl, passwords)
    expect(opened).toEqual({ app: database.appUrl, worker: database.workerUrl, backup: database.backupUrl })
    expect(await secret()).toBe(before)
  })
})

describe('R10: the server of the database', () => {
  it('is refused when it could lose what it acknowledged', async () => {
    // Clusters for tests run with fsync off.
    await expect(checkServer(database.ownerUrl)).rejects.toThrow(/fsync off and could lose records; set fsync = on/)
  })

  it('is refused to a user who owns nothing there', async () => {
    await expect(checkOwnerUrl(database.appUrl)).rejects.toThrow(/does not own the database/)
    await expect(checkOwnerUrl(database.ownerUrl)).resolves.toBeUndefined()
  })
})
