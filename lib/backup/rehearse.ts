import { basename } from 'node:path'
import { stat } from 'node:fs/promises'

import { verifyDatabase } from '@/lib/audit/verify/from-database'
import { findVerifier } from '@/lib/audit/verify/keys'
import { finishedMigrations, lastEvent } from '@/lib/platform/db/backup/snapshot'
import { startThrowawayCluster } from '@/lib/platform/db/embedded/throwaway'
import { readMigrations } from '@/lib/platform/db/migrate/files'
import { ownerQuery, withConnection } from '@/lib/platform/db/owner'
import { PlainSentence } from '@/lib/platform/plain-sentence'

import { restoreBackup, type RestoreInput, type RestoreReport } from './restore'

export type RehearsalReport = RestoreReport & {
  /** How many events of the log are sealed, each of which fits its seal. */
  readonly sealed: number
  readonly file: string
  readonly bytes: number
  readonly hoursOld: number
  readonly seconds: number
}

/**
 * Restores a backup into a PostgreSQL of its own that is thrown away afterwards, and looks whether the application could
 * go on from there: every row as it was backed up, the log complete to its last event, a sample of persons opens,
 * and every table is guarded. Refuses with one sentence that says what is wrong.
 */
export async function rehearse(input: Omit<RestoreInput, 'ownerUrl'>): Promise<RehearsalReport> {
  const began = Date.now()
  input.onProgress('Starting a throw-away database')
  const cluster = await startThrowawayCluster()
  try {
    const report = await restoreBackup({ ...input, ownerUrl: cluster.ownerUrl })
    input.onProgress('Looking at what was restored')
    await checkRestored(cluster.superuserUrl.replace(/\/postgres$/, '/amparo'), report)
    const sealed = await checkSeal(cluster.ownerUrl)
    const bytes = (await stat(input.file)).size + (await stat(input.keysFile)).size
    const hoursOld = (Date.now() - report.takenAt.getTime()) / 3_600_000
    return { ...report, sealed, file: basename(input.file), bytes, hoursOld, seconds: (Date.now() - began) / 1000 }
  } finally {
    await cluster.stop()
  }
}

/** Verifies the restored log against its own checkpoints; an older backup knows no later ones. */
async function checkSeal(ownerUrl: string): Promise<number> {
  return ownerQuery(ownerUrl, async (query) => {
    const found = await findVerifier(query)
    const verifiers = found === null ? [] : [found.verifier]
    const { size, fault } = await verifyDatabase(query, 'table', { verifiers, held: [] })
    if (fault !== null)
      throw new PlainSentence(
        `The log in the backup does not fit its seal (${fault.kind}${fault.code === undefined ? '' : ` at ${fault.code}`}); verify the log with: amparo audit verify`,
      )
    return size
  })
}

async function checkRestored(superuserUrl: string, report: RestoreReport): Promise<void> {
  await withConnection(superuserUrl, async (client) => {
    const wanted = (await readMigrations()).map(({ name }) => name)
    if ((await finishedMigrations(client)).join() !== wanted.join())
      throw new PlainSentence('The restored database has other migrations than this version; report this.')
    // The restore itself wrote the newest event; the one before is the backup's last.
    const { rows } = await client.query<{ kept: boolean; bare: string | null }>(
      `SELECT $1::text IS NULL OR EXISTS (SELECT 1 FROM public.audit_event e
           WHERE e.id = $1::bigint AND encode(e.hash, 'hex') = $2 AND e.hash = sha256(convert_to(e.canonical, 'UTF8'))) AS kept,
         (SELECT string_agg(c.relname, ', ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname IN ('public', 'app') AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations'
             AND NOT (c.relrowsecurity AND c.relforcerowsecurity)) AS bare`,
      [report.lastEvent?.id ?? null, report.lastEvent?.hash ?? null],
    )
    const [found] = rows
    if (found?.kept !== true || (await lastEvent(client)) === null)
      throw new PlainSentence('The log of the restored database does not reach its last event; take another backup.')
    if (found.bare !== null)
      throw new PlainSentence(`Row security is off for ${found.bare} in the restored database; report this.`)
  })
}
