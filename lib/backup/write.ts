import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { generateX25519Identity, identityToRecipient } from 'age-encryption'

import { readSealKey } from '@/lib/audit/seal/key-file'
import { ArchiveReader, writeArchive, type ArchiveHeader } from '@/lib/platform/backup/archive'
import type { LineTotals } from '@/lib/platform/backup/line-digest'
import { readSealed, writeSealed } from '@/lib/platform/backup/sealed-file'
import { withSnapshot, type Snapshot } from '@/lib/platform/db/backup/snapshot'

import { backupFileName, parseBackupName, surplusFiles } from './rules'
import type { BackupPart, BackupSchedule } from './schema'

/** The tables whose rows unwrap everything else. They go into a file of their own, which is kept for days only. */
const KEY_TABLES: readonly string[] = [
  'public.agency_key',
  'public.person_key',
  'public.person_key_old',
  'public.referral_key',
  'public.finding_key',
  'public.complaint_key',
]

const UNFINISHED = '.unfinished'

export type MadeBackup = {
  readonly takenAt: Date
  readonly file: string
  readonly keysFile: string
  readonly bytes: number
  readonly rows: number
}

type WriteOptions = {
  readonly backupUrl: string
  readonly directory: string
  readonly recipients: readonly string[]
  /** Hears how much of the work is done, in percent. */
  readonly onProgress?: (percent: number) => Promise<void> | void
}

/** What was written does not read back as what was in the database. */
export class BackupNotVerified extends Error {
  override readonly name = 'BackupNotVerified'
}

/**
 * Writes a backup, its two files as of one moment, reads both back and compares them before either gets the name of a
 * backup: whatever ends this early leaves only files that no restore takes.
 *
 * They are encrypted to the operator's public keys and to a key pair that lives in this function alone, for reading
 * back: afterwards this computer can't open them.
 */
export async function writeBackup({ backupUrl, directory, recipients, onProgress }: WriteOptions): Promise<MadeBackup> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await removeUnfinished(directory)
  const once = await generateX25519Identity()
  const to = [...recipients, await identityToRecipient(once)]
  const parts = await withSnapshot(backupUrl, async (snapshot) => {
    const progress = progressOver(snapshot, onProgress)
    return [
      await writePart(snapshot, 'keys', { directory, to, progress }),
      await writePart(snapshot, 'data', { directory, to, progress }),
    ]
  })
  for (const part of parts) await verify(part, once)
  // The keys first: data without keys restore nothing that can be read.
  for (const { path, name } of parts) await rename(path, join(directory, name))
  await syncDirectory(directory)
  const [keys, data] = parts
  if (keys === undefined || data === undefined) throw new Error('A backup has two parts')
  const bytes = await Promise.all(parts.map(async ({ name }) => (await stat(join(directory, name))).size))
  return {
    takenAt: data.takenAt,
    file: data.name,
    keysFile: keys.name,
    bytes: bytes.reduce((sum, size) => sum + size, 0),
    rows: sumOfRows(keys.written) + sumOfRows(data.written),
  }
}

/** Deletes the backups that have served their time; returns their names. */
export async function removeSurplus(directory: string, keep: BackupSchedule['keep'], now: Date): Promise<string[]> {
  const files = (await readdir(directory)).map(parseBackupName).filter((file) => file !== null)
  const surplus = surplusFiles(files, keep, now).map(({ name }) => name)
  for (const name of surplus) await rm(join(directory, name), { force: true })
  return surplus
}

type Part = {
  readonly name: string
  readonly path: string
  readonly takenAt: Date
  readonly written: ReadonlyMap<string, LineTotals>
}

async function writePart(
  snapshot: Snapshot,
  part: BackupPart,
  {
    directory,
    to,
    progress,
  }: {
    readonly directory: string
    readonly to: readonly string[]
    readonly progress: (bytes: number) => Promise<void>
  },
): Promise<Part> {
  const { takenAt, migrations, lastEvent, demonstration } = snapshot
  const tables = snapshot.tables.filter(({ table }) => KEY_TABLES.includes(table) === (part === 'keys'))
  const header: ArchiveHeader = {
    amparo: part,
    format: 1,
    takenAt: takenAt.toISOString(),
    migrations: [...migrations],
    lastEvent,
    demonstration,
    ...(part === 'keys' ? sealKeyOfLog() : {}),
  }
  const written = new Map<string, LineTotals>()
  const copy = async function* (table: { readonly table: string; readonly columns: readonly string[] }) {
    yield* snapshot.copy(table)
    await progress(tables.find((one) => one.table === table.table)?.bytes ?? 0)
  }
  const name = backupFileName(takenAt, part)
  const path = join(directory, `${name}${UNFINISHED}`)
  await writeSealed(path, to, writeArchive(header, tables, copy, written))
  return { name, path, takenAt, written }
}

/** Nobody can go on sealing a restored log without it. */
function sealKeyOfLog(): { readonly sealKey?: string } {
  const sealKey = readSealKey()
  return sealKey === null ? {} : { sealKey }
}

async function verify({ path, written }: Part, identity: string): Promise<void> {
  const archive = await ArchiveReader.open(readSealed(path, [identity]))
  const read = new Map<string, LineTotals>()
  for await (const table of archive.tables()) {
    for await (const lines of table.lines) if (lines.length === 0) throw new BackupNotVerified('An empty piece')
    read.set(table.table, table.totals())
  }
  for (const [table, { rows, digest }] of written) {
    const found = read.get(table)
    if (found?.rows !== rows || found.digest !== digest) throw new BackupNotVerified(`${table} reads back differently`)
  }
  if (read.size !== written.size) throw new BackupNotVerified('There are other tables than were written')
}

/** Half of the way is writing, the rest is reading back and a margin. */
function progressOver(snapshot: Snapshot, onProgress: WriteOptions['onProgress']): (bytes: number) => Promise<void> {
  const all = snapshot.tables.reduce((sum, { bytes }) => sum + bytes, 1)
  let done = 0
  return async (bytes) => {
    done += bytes
    await onProgress?.(Math.min(90, Math.floor((done / all) * 90)))
  }
}

async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory))
    if (name.endsWith(UNFINISHED)) await rm(join(directory, name), { force: true })
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  await handle.sync().catch(() => undefined)
  await handle.close()
}

function sumOfRows(written: ReadonlyMap<string, LineTotals>): number {
  return [...written.values()].reduce((sum, { rows }) => sum + rows, 0)
}
