import type { Readable } from 'node:stream'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'

import { withConnection } from '@/lib/platform/db/owner'

import { copyColumns, listTables, refusePartialSight, type BackedUpTable } from './catalogue'

/** The whole database as of one moment. */
export type Snapshot = {
  readonly takenAt: Date
  readonly tables: readonly BackedUpTable[]
  readonly migrations: readonly string[]
  readonly lastEvent: { readonly id: string; readonly hash: string } | null
  readonly demonstration: boolean
  /** The rows of a table in COPY's text format. One table at a time. */
  readonly copy: (table: Pick<BackedUpTable, 'table' | 'columns'>) => AsyncIterable<Uint8Array>
}

/** How values look as text, so that two servers write the same: `COPY` follows the session's settings. */
export const SAME_TEXT = `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL client_encoding = 'UTF8';
  SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`

/**
 * Opens the database as the role of backups, which reads every table and writes none, and shows it as of one moment
 * while others go on writing. Refuses, with one sentence, when that role would not see every row.
 */
export async function withSnapshot<T>(backupUrl: string, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return withConnection(backupUrl, async (client) => {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    await client.query(SAME_TEXT)
    await refusePartialSight(client)
    const found = await client.query<{ at: Date; demonstration: boolean }>(
      'SELECT clock_timestamp() AS at, i.demonstration FROM public.installation i WHERE i.id = 1',
    )
    const [moment] = found.rows
    if (moment === undefined) throw new Error('The installation has no row')
    const result = await work({
      takenAt: moment.at,
      demonstration: moment.demonstration,
      tables: await listTables(client),
      migrations: await finishedMigrations(client),
      lastEvent: await lastEvent(client),
      copy: (table) => copyOut(client, table),
    })
    await client.query('COMMIT')
    return result
  })
}

/** The rows of a table, as this connection sees them. A query, since COPY of a partitioned table needs one. */
export function copyOut(client: pg.Client, { table, columns }: Pick<BackedUpTable, 'table' | 'columns'>): Readable {
  return client.query(copyTo(`COPY (SELECT ${copyColumns(client, columns)} FROM ${table}) TO STDOUT`))
}

/** The migrations that made the tables of a database, oldest first; none when it has no tables yet. */
export async function finishedMigrations(client: pg.ClientBase): Promise<string[]> {
  const there = await client.query<{ is: boolean }>(`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS is`)
  if (there.rows[0]?.is !== true) return []
  const { rows } = await client.query<{ migration_name: string }>(
    'SELECT migration_name FROM public._prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1',
  )
  return rows.map((row) => row.migration_name)
}

/** The newest row of the log, with what it is recognised by. */
export async function lastEvent(client: pg.ClientBase): Promise<{ id: string; hash: string } | null> {
  const { rows } = await client.query<{ id: string; hash: string }>(
    `SELECT e.id::text, encode(e.hash, 'hex') AS hash FROM public.audit_event e ORDER BY e.id DESC LIMIT 1`,
  )
  return rows[0] ?? null
}
