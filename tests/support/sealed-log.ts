import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type postgres from 'postgres'

import { sealEvents } from '@/lib/audit/seal/service'
import type { Fault } from '@/lib/audit/verify/fault'
import { verifyInstallation } from '@/lib/audit/verify/operator-service'
import { closeWorker } from '@/lib/platform/db/worker'
import { forgetEnv } from '@/lib/platform/env'

import { testDatabase, type TestDatabase } from './database'

/** A database of its own with a data directory of its own, which holds the key that seals. */
export type SealedLog = TestDatabase & { readonly dataDirectory: string }

export async function sealedLog(): Promise<SealedLog> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'amparo-seal-'))
  process.env['AMPARO_DATA_DIR'] = dataDirectory
  const database = await testDatabase()
  forgetEnv()
  return {
    ...database,
    dataDirectory,
    drop: async () => {
      await closeWorker()
      await database.drop()
      delete process.env['AMPARO_DATA_DIR']
      rmSync(dataDirectory, { recursive: true })
    },
  }
}

/** Writes events of the operator's, each in a transaction of its own. */
export async function writeEvents(owner: postgres.Sql, count: number, subject = 'TEST'): Promise<void> {
  for (let n = 0; n < count; n += 1)
    await owner`SELECT app.operator_event('agency.changed', ${`${subject}-${String(n)}`}, ${['name']}, NULL, NULL)`
}

/** Seals until nothing waits: other test files' transactions may hold the horizon for a moment. */
export async function sealAll(owner: postgres.Sql): Promise<void> {
  for (;;) {
    await sealEvents()
    const [row] = await owner<{ waits: boolean }[]>`
      SELECT (SELECT count(*) FROM audit_event) > coalesce((SELECT max(size) FROM seal_checkpoint), 0) AS waits`
    if (row?.waits === false) return
  }
}

/** What verification of the database finds first; null when everything fits. */
export async function faultOf(database: TestDatabase, keys: readonly string[] = []): Promise<Fault | null> {
  const verified = await verifyInstallation(database.ownerUrl, { keys, witnesses: [], onProgress: () => undefined })
  return verified.fault
}

/** Runs `tamper` as the owner with the triggers off, then `look`, and puts everything back. */
export async function tampered<T>(
  owner: postgres.Sql,
  tamper: (sql: postgres.Sql) => Promise<unknown>,
  look: () => Promise<T>,
): Promise<T> {
  await owner.unsafe(`
    CREATE TABLE kept_event AS TABLE audit_event; CREATE TABLE kept_checkpoint AS TABLE seal_checkpoint;
    CREATE TABLE kept_epoch AS TABLE seal_epoch`)
  await triggers(owner, 'DISABLE')
  try {
    await tamper(owner)
    return await look()
  } finally {
    await owner.unsafe(`
      TRUNCATE audit_event, seal_checkpoint, seal_epoch;
      INSERT INTO audit_event SELECT * FROM kept_event; INSERT INTO seal_checkpoint SELECT * FROM kept_checkpoint;
      INSERT INTO seal_epoch SELECT * FROM kept_epoch; DROP TABLE kept_event, kept_checkpoint, kept_epoch`)
    await triggers(owner, 'ENABLE')
  }
}

async function triggers(owner: postgres.Sql, what: 'ENABLE' | 'DISABLE'): Promise<void> {
  for (const table of ['audit_event', 'seal_checkpoint', 'seal_epoch'])
    await owner.unsafe(`ALTER TABLE ${table} ${what} TRIGGER USER`)
}
