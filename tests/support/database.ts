import { randomBytes } from 'node:crypto'

import postgres from 'postgres'
import { inject } from 'vitest'

import { closeAppClient } from '@/lib/platform/db/client'
import { withDatabase } from '@/lib/platform/db/migrate/adapter'
import { newMasterKeyLine } from '@/lib/platform/crypto/key-tree'
import { forgetEnv } from '@/lib/platform/env'

/** A database of its own, freshly migrated, that `withActor` and services of this test file use. */
export type TestDatabase = {
  readonly superuserUrl: string
  readonly ownerUrl: string
  readonly appUrl: string
  readonly workerUrl: string
  readonly backupUrl: string
  /** What the names of the database roles begin with. */
  readonly rolePrefix: string
  readonly drop: () => Promise<void>
}

/** Copies the migrated database and points the settings of this process at the copy, as the application's own role. */
export async function testDatabase(): Promise<TestDatabase> {
  const { superuserUrl, ownerUrl, appPassword } = inject('cluster')
  const name = `test_${randomBytes(6).toString('hex')}`
  await copyTemplate(superuserUrl, name)
  const as = (role: string) => {
    const url = new URL(withDatabase(ownerUrl, name))
    url.username = role
    url.password = appPassword
    return url.href
  }
  const database = {
    superuserUrl: withDatabase(superuserUrl, name),
    ownerUrl: withDatabase(ownerUrl, name),
    appUrl: as('amparo_app'),
    workerUrl: as('amparo_worker'),
    backupUrl: as('amparo_backup'),
    rolePrefix: 'amparo_',
  }
  process.env['DATABASE_APP_URL'] = database.appUrl
  process.env['DATABASE_WORKER_URL'] = database.workerUrl
  process.env['DATABASE_BACKUP_URL'] = database.backupUrl
  process.env['AMPARO_MASTER_KEY'] = newMasterKeyLine()
  forgetEnv()
  return {
    ...database,
    drop: async () => {
      await closeAppClient()
      await asSuperuser(superuserUrl, (sql) => sql.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
    },
  }
}

async function copyTemplate(superuserUrl: string, name: string): Promise<void> {
  await asSuperuser(superuserUrl, async (sql) => {
    // Two files that copy at the same moment: the template may have no other connection, so they take turns.
    await sql`SELECT pg_advisory_lock(58137)`
    await sql.unsafe(`CREATE DATABASE ${name} TEMPLATE amparo OWNER amparo_owner STRATEGY file_copy`)
    await sql`SELECT pg_advisory_unlock(58137)`
  })
}

async function asSuperuser(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  await work(sql)
  await sql.end()
}
