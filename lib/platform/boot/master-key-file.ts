import { readFileSync, statSync } from 'node:fs'
import {
  MasterKeyUnusable,
  fitsKeyCheck,
  keyCheckValue,
  newMasterKeyLine,
  parseMasterKeys,
} from '@/lib/platform/crypto/key-tree'
import { writeSafely } from '@/lib/platform/data-dir'
import { settings } from '@/lib/platform/env'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import { withProcessLock } from '@/lib/platform/process-lock'
import type { MasterKeys } from '@/lib/platform/crypto/key-tree'

const BACKUP = 'put the copy from your backup in its place'

/**
 * The master keys from the environment or their file, or undefined when there are none yet.
 * Refuses, with one sentence, a file that others may read and text that holds no keys.
 */
export function findMasterKeys(): MasterKeys | undefined {
  const given = settings.masterKeyText
  if (given !== undefined) return parse(given, 'AMPARO_MASTER_KEY')
  const file = settings.masterKeyFile
  const text = readClosed(file)
  return text === undefined ? undefined : parse(text, file)
}

/** Makes the master key of a new installation, in its file, which belongs into a safe place besides. */
export async function makeMasterKeys(): Promise<MasterKeys> {
  const line = newMasterKeyLine()
  await writeSafely(settings.masterKeyFile, `${line}\n`)
  return parseMasterKeys(line)
}

/** Adds a new version to the file of master keys, whole or not at all. */
export async function addMasterKey(version: number): Promise<void> {
  await changeFile((lines) => [...lines, newMasterKeyLine(version)])
}

/** Takes a version out of the file of master keys. */
export async function dropMasterKey(version: number): Promise<void> {
  await changeFile((lines) => lines.filter((line) => !line.trim().startsWith(`${String(version)}:`)))
}

async function changeFile(change: (lines: readonly string[]) => readonly string[]): Promise<void> {
  const file = settings.masterKeyFile
  await withProcessLock(`${file}.lock`, async () => {
    const text = readClosed(file) ?? ''
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
    await writeSafely(file, `${change(lines).join('\n')}\n`)
  })
}

/** Refuses master keys other than those that the database was made with. `check` is what it remembers. */
export function checkMasterKeys(keys: MasterKeys | undefined, check: string | null): void {
  if (keys === undefined)
    throw new PlainSentence(`The database has data but the master key ${settings.masterKeyFile} is missing; ${BACKUP}.`)
  const fits = [...keys.byVersion.values()].some((key) => check !== null && fitsKeyCheck(key, check))
  if (!fits) throw new PlainSentence(`The master key is not the one that this database was made with; ${BACKUP}.`)
}

/** What the database remembers of a master key. */
export function checkOf(keys: MasterKeys): string {
  return keyCheckValue(keys.current)
}

function readClosed(file: string): string | undefined {
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
      throw new PlainSentence(`The master key ${file} is open to other users; close it with: chmod 600 ${file}`)
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof PlainSentence) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new PlainSentence(`The master key ${file} can't be read; give it to the user that runs the application.`)
  }
}

function parse(text: string, place: string): MasterKeys {
  try {
    return parseMasterKeys(text)
  } catch (error) {
    if (!(error instanceof MasterKeyUnusable)) throw error
    throw new PlainSentence(`The master key in ${place} is damaged (${error.reason.replaceAll('_', ' ')}); ${BACKUP}.`)
  }
}
