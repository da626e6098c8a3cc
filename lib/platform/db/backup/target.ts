import type pg from 'pg'

import { applyMigrations } from '@/lib/platform/db/migrate/migrate'
import { readMigrations } from '@/lib/platform/db/migrate/files'
import { withConnection } from '@/lib/platform/db/owner'
import { PlainSentence } from '@/lib/platform/plain-sentence'

import { finishedMigrations } from './snapshot'

/** Marks a database that a restore has begun to fill in more than one step. */
export const UNFINISHED_RESTORE = 'amparo: unfinished restore'

/**
 * Gives an empty database exactly the tables that a backup was made of: older ones, when an older version made it.
 * Refuses a database that holds anything, and a backup of a newer version.
 */
export async function prepareTarget(ownerUrl: string, migrations: readonly string[]): Promise<void> {
  const known = (await readMigrations()).filter(({ name }) => migrations.includes(name))
  if (known.length !== migrations.length)
    throw new PlainSentence('The backup was made by a newer version of Amparo; restore it with that version.')
  await withConnection(ownerUrl, async (client) => {
    const isUnfinished = await wasCutShort(client)
    if (!isUnfinished) await refuseFilled(client)
    await refuseAtWork(client)
    const there = await finishedMigrations(client)
    if (isUnfinished) await emptyOut(client)
    else if (there.length > 0 && there.join() !== migrations.join()) await emptyOut(client)
  })
  await applyMigrations(ownerUrl, undefined, known)
}

async function wasCutShort(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ mark: string | null }>(
    `SELECT shobj_description(d.oid, 'pg_database') AS mark FROM pg_database d WHERE d.datname = current_database()`,
  )
  return rows[0]?.mark === UNFINISHED_RESTORE
}

async function refuseAtWork(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename <> current_user LIMIT 1',
  )
  if (rows.length > 0) throw new PlainSentence('Somebody else uses the database; stop the application, then restore.')
}

async function refuseFilled(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ ours: boolean; tables: boolean }>(
    `SELECT to_regprocedure('app.installation_state()') IS NOT NULL AS ours,
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations') AS tables`,
  )
  const [found] = rows
  if (found?.ours !== true) {
    if (found?.tables === true)
      throw new PlainSentence('The database has tables of another program; restore into an empty one.')
    return
  }
  const state = await client.query<{ agencies: boolean }>('SELECT agencies FROM app.installation_state()')
  if (state.rows[0]?.agencies !== false)
    throw new PlainSentence('The database is not empty; restore into a new one, so that nothing is overwritten.')
}

/** Removes the tables and functions that the migrations of this version made, all or nothing. */
async function emptyOut(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(n.nspname) AS name FROM pg_namespace n
     WHERE n.nspowner = current_user::regrole AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('public', 'information_schema')`,
  )
  const schemas = ['public', ...rows.map(({ name }) => name)]
  await client.query('BEGIN')
  await client.query(`DROP SCHEMA ${schemas.join(', ')} CASCADE`)
  await client.query('CREATE SCHEMA public')
  await client.query('GRANT USAGE ON SCHEMA public TO PUBLIC')
  await client.query('COMMIT')
}
