import 'server-only'
import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { settings } from '@/lib/platform/env'

import { notesIn } from './note'

const NAME = 'checkpoints.log'
/** More than one note takes. */
const TAIL = 4096

/** The installation's own record of its checkpoints, outside the database. */
export function ownCheckpointFile(): string {
  return join(settings.dataDirectory, NAME)
}

/** Where checkpoints are written: the own file, and one in the directory that somebody else keeps. */
export function checkpointFiles(): readonly string[] {
  const { witnessDirectory } = settings
  return [ownCheckpointFile(), ...(witnessDirectory === undefined ? [] : [join(witnessDirectory, NAME)])]
}

/** The last whole checkpoint in a file; null when the file isn't there or holds none. */
export async function lastNoteIn(file: string): Promise<string | null> {
  const size = await sizeOf(file)
  if (size === 0) return null
  const handle = await open(/* turbopackIgnore: true */ file, 'r')
  try {
    const length = Math.min(size, TAIL)
    const tail = Buffer.alloc(length)
    await handle.read(tail, 0, length, size - length)
    return notesIn(tail.toString('utf8')).at(-1) ?? null
  } finally {
    await handle.close()
  }
}

/** All whole checkpoints in a file. */
export async function readNotes(file: string): Promise<string[]> {
  return notesIn(await readFile(/* turbopackIgnore: true */ file, 'utf8'))
}

/** Adds checkpoints to the end of a file and waits until they are on the disk. What was cut short before stays as it is. */
export async function appendNotes(file: string, notes: readonly string[]): Promise<void> {
  if (notes.length === 0) return
  await mkdir(/* turbopackIgnore: true */ join(file, '..'), { recursive: true, mode: 0o700 })
  const isNew = (await sizeOf(file)) === 0
  const handle = await open(/* turbopackIgnore: true */ file, 'a', 0o600)
  try {
    // The blank lines end whatever a crash may have left half-written.
    await handle.appendFile(`${isNew ? '' : '\n\n'}${notes.join('\n')}`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(/* turbopackIgnore: true */ file).then(
    (found) => found.size,
    () => 0,
  )
}
