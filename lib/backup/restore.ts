import { basename, dirname, join } from 'node:path'
import { readdir } from 'node:fs/promises'

import { publicHalfOf } from '@/lib/audit/seal/key-file'
import { ArchiveReader, NotAnArchive, type ArchiveHeader } from '@/lib/platform/backup/archive'
import { readSealed, SealedFileUnreadable } from '@/lib/platform/backup/sealed-file'
import { checkMasterKeys } from '@/lib/platform/boot/master-key-file'
import type { MasterKeys } from '@/lib/platform/crypto/key-tree'
import { loadDatabase, type Loader } from '@/lib/platform/db/backup/load'
import { prepareTarget, UNFINISHED_RESTORE } from '@/lib/platform/db/backup/target'
import { readMigrations } from '@/lib/platform/db/migrate/files'
import { applyMigrations } from '@/lib/platform/db/migrate/migrate'
import { ownerQuery } from '@/lib/platform/db/owner'
import { PlainSentence } from '@/lib/platform/plain-sentence'

import { forgetWhatRan } from './forget'
import { parseBackupName } from './rules'
import { openSample } from './sample'
import type { BackupPart } from './schema'

const SAMPLE = 25

export type RestoreInput = {
  readonly ownerUrl: string
  readonly file: string
  /** The backup of the keys: the newest there is, or persons erased since would come back. */
  readonly keysFile: string
  readonly identities: readonly string[]
  readonly master: MasterKeys
  readonly onProgress: (what: string) => void
  /** Is handed the key that seals the restored log, where the backup of the keys holds it. */
  readonly onSealKey?: (pem: string) => void
}

export type RestoreReport = {
  readonly takenAt: Date
  readonly keysTakenAt: Date
  readonly tables: number
  readonly rows: number
  /** Persons whose key is gone. Their records stay unreadable: they were erased, or came after the backup of the keys. */
  readonly personsWithoutKey: number
  /** Persons whose key was changed since, and whose earlier key is gone: this backup of them stays unreadable. */
  readonly personsUnderChangedKey: number
  /** Keys left out because the person came after the backup. */
  readonly keysWithoutPerson: number
  readonly opened: number
  /** Whether the backup of the keys holds the key that seals this log. */
  readonly sealKeyBackedUp: boolean
  readonly lastEvent: ArchiveHeader['lastEvent']
}

/**
 * Restores a backup into an empty database. Everything is in one transaction, compared with what was backed up before it
 * ends, so a restore that is cut short leaves an empty database and can be run again.
 *
 * It ends every session, token, invitation, link and recovery code, forgets what was waiting to be done, and writes its
 * event.
 */
export async function restoreBackup(input: RestoreInput): Promise<RestoreReport> {
  const { ownerUrl, onProgress, master } = input
  const keys = await openPart(input.keysFile, input.identities, 'keys')
  const data = await openPart(input.file, input.identities, 'data')
  await refuseOlderKeys(input, keys.header, data.header)
  onProgress('Making the tables')
  await prepareTarget(ownerUrl, data.header.migrations)
  onProgress('Reading the backup')
  const first = await loadDataOfOlderVersion(input, keys, data)
  const report = await loadDatabase(ownerUrl, {
    load: async (loader) => {
      const loaded = await loadParts(loader, first === null ? [keys, data] : [keys], input)
      await refuseOtherMaster(loader.run, master)
      const keysWithoutPerson = await dropStrayKeys(loader.run)
      const unreadable = await countUnreadable(loader.run)
      await forgetWhatRan(loader.run)
      const sealKeyBackedUp = await isKeyOfLog(loader.run, keys.header.sealKey)
      const opened = await openSample(loader.run, master, SAMPLE)
      const [tables, rows] = [loaded.tables + (first?.tables ?? 0), loaded.rows + (first?.rows ?? 0)]
      return { tables, rows, keysWithoutPerson, ...unreadable, opened, sealKeyBackedUp }
    },
    finish: async (run) => {
      await beginEpoch(run)
      await run(`SELECT app.operator_event('backup.restored', NULL, '{}', NULL, NULL)`)
      await run(await unfinishedMark(run, null))
    },
  })
  if ((await applyMigrations(ownerUrl)).some((name) => name.endsWith('_seal'))) await beginEpochOf(ownerUrl)
  const { takenAt, lastEvent } = data.header
  if (report.sealKeyBackedUp && keys.header.sealKey !== undefined) input.onSealKey?.(keys.header.sealKey)
  return { ...report, takenAt: new Date(takenAt), keysTakenAt: new Date(keys.header.takenAt), lastEvent }
}

/**
 * Where a newer version backed up the keys than the data, the tables of the two differ: the data go in first and are
 * migrated as far as the keys. The database is marked meanwhile, so that a restore that is cut short begins anew.
 */
async function loadDataOfOlderVersion(
  input: RestoreInput,
  keys: ArchiveReader,
  data: ArchiveReader,
): Promise<{ tables: number; rows: number } | null> {
  const { ownerUrl } = input
  if (keys.header.migrations.join() === data.header.migrations.join()) return null
  const known = (await readMigrations()).filter(({ name }) => keys.header.migrations.includes(name))
  if (known.length !== keys.header.migrations.length)
    throw new PlainSentence('The keys were backed up by a newer version of Amparo; restore with that version.')
  const loaded = await loadDatabase(ownerUrl, {
    load: (loader) => loadParts(loader, [data], { keysFile: input.file, file: input.file }),
    finish: async (run) => {
      await run(await unfinishedMark(run, UNFINISHED_RESTORE))
    },
  })
  await applyMigrations(ownerUrl, undefined, known)
  return loaded
}

/** The log goes on in a new epoch of its seal: this server counts transactions anew. */
async function beginEpoch(run: Loader['run']): Promise<void> {
  // A backup may be older than the seal.
  const [found] = await run<{ is: boolean }>(`SELECT to_regprocedure('app.begin_seal_epoch()') IS NOT NULL AS is`)
  if (found?.is === true) await run('SELECT app.begin_seal_epoch()')
}

async function beginEpochOf(ownerUrl: string): Promise<void> {
  await ownerQuery(ownerUrl, async (query) => beginEpoch((statement) => query(statement)))
}

async function unfinishedMark(run: Loader['run'], mark: string | null): Promise<string> {
  const [row] = await run<{ statement: string }>(
    `SELECT format('COMMENT ON DATABASE %I IS %L', current_database(), $1::text) AS statement`,
    [mark],
  )
  return row?.statement ?? ''
}

/** The newest file of a part in a folder. Refuses a folder without one. */
export async function findNewest(directory: string, part: BackupPart): Promise<string> {
  const found = (await readdir(directory).catch(() => []))
    .map(parseBackupName)
    .filter((file) => file?.part === part)
    .toSorted((a, b) => (b?.takenAt.getTime() ?? 0) - (a?.takenAt.getTime() ?? 0))
  const name = found[0]?.name
  if (name === undefined)
    throw new PlainSentence(`There is no backup of the ${part} in ${directory}; name another folder.`)
  return join(directory, name)
}

async function openPart(path: string, identities: readonly string[], part: BackupPart): Promise<ArchiveReader> {
  const archive = await asUnreadable(path, async () => ArchiveReader.open(readSealed(path, identities)))
  if (archive.header.amparo !== part)
    throw new PlainSentence(
      `${basename(path)} is not a backup of the ${part}; name the file that ends with .${part}.age.`,
    )
  return archive
}

async function loadParts(
  loader: Loader,
  archives: readonly ArchiveReader[],
  { keysFile, file }: Pick<RestoreInput, 'keysFile' | 'file'>,
): Promise<{ tables: number; rows: number }> {
  let tables = 0
  let rows = 0
  for (const [index, archive] of archives.entries())
    await asUnreadable(index === 0 ? keysFile : file, async () => {
      for await (const table of archive.tables()) {
        rows += await loader.load(table)
        tables += 1
      }
    })
  return { tables, rows }
}

/** What opened is authentic; that it reads otherwise than it should means another program, or a fault of ours. */
async function asUnreadable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof NotAnArchive) throw new SealedFileUnreadable('damaged', path, { cause: error })
    throw error
  }
}

/** Older keys than the newest would bring back whoever was erased since. */
async function refuseOlderKeys({ keysFile }: RestoreInput, keys: ArchiveHeader, data: ArchiveHeader): Promise<void> {
  if (keys.takenAt < data.takenAt)
    throw new PlainSentence(
      'The backup of the keys is older than that of the data; give the newest backup of the keys.',
    )
  const newest = await findNewest(dirname(keysFile), 'keys').catch(() => keysFile)
  if (parseBackupName(basename(keysFile)) !== null && basename(newest) !== basename(keysFile))
    throw new PlainSentence(
      `There is a newer backup of the keys, ${basename(newest)}; give that one, so that erased persons stay erased.`,
    )
}

async function refuseOtherMaster(run: Loader['run'], master: MasterKeys): Promise<void> {
  const [row] = await run<{ key_check: Buffer | null }>('SELECT key_check FROM public.installation WHERE id = 1')
  const check = row?.key_check?.toString('utf8') ?? null
  if (check !== null) checkMasterKeys(master, check)
}

async function isKeyOfLog(run: Loader['run'], pem: string | undefined): Promise<boolean> {
  // A backup may be older than the seal.
  const [there] = await run<{ is: boolean }>(`SELECT to_regclass('public.seal_key') IS NOT NULL AS is`)
  if (pem === undefined || there?.is !== true) return false
  const [key] = await run<{ half: Buffer }>(
    'SELECT public_key AS half FROM public.seal_key ORDER BY registered_at DESC LIMIT 1',
  )
  return key !== undefined && publicHalfOf(pem)?.equals(key.half) === true
}

async function dropStrayKeys(run: Loader['run']): Promise<number> {
  const stray = await run(
    `DELETE FROM public.person_key k WHERE NOT EXISTS (
       SELECT 1 FROM public.person p WHERE p.id = k.person_id AND p.holder_agency_id = k.holder_agency_id) RETURNING 1`,
  )
  const [old] = await run<{ is: boolean }>(`SELECT to_regclass('public.person_key_old') IS NOT NULL AS is`)
  if (old?.is === true)
    await run(
      'DELETE FROM public.person_key_old o WHERE NOT EXISTS (SELECT 1 FROM public.person_key k WHERE k.person_id = o.person_id)',
    )
  await run('DELETE FROM public.agency_key k WHERE NOT EXISTS (SELECT 1 FROM public.agency a WHERE a.id = k.agency_id)')
  return stray.length
}

/** Whom nobody will read: no key at all, or only one that came after what the backup holds of them. */
async function countUnreadable(
  run: Loader['run'],
): Promise<{ readonly personsWithoutKey: number; readonly personsUnderChangedKey: number }> {
  const [old] = await run<{ is: boolean }>(`SELECT to_regclass('public.person_key_old') IS NOT NULL AS is`)
  const older = `SELECT 1 FROM public.person_key_old o WHERE o.person_id = i.person_id AND o.version = u.version`
  const versions = old?.is === true ? `k.version <> u.version AND NOT EXISTS (${older})` : 'false'
  const [row] = await run<{ without: string; changed: string }>(
    `SELECT (SELECT count(*) FROM public.person p WHERE NOT EXISTS (SELECT 1 FROM public.person_key k WHERE k.person_id = p.id)) AS without,
       (SELECT count(DISTINCT i.person_id) FROM public.person_identity i JOIN public.person_key k ON k.person_id = i.person_id,
          LATERAL (SELECT get_byte(i.sealed, 17) * 256 + get_byte(i.sealed, 18) AS version) u WHERE ${versions}) AS changed`,
  )
  return { personsWithoutKey: Number(row?.without ?? 0), personsUnderChangedKey: Number(row?.changed ?? 0) }
}
