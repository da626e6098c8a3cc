import 'server-only'

import { workerSql } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'
import { settings } from '@/lib/platform/env'
import { log } from '@/lib/platform/log'

import { appendNotes, checkpointFiles, lastNoteIn, ownCheckpointFile } from './checkpoint-files'
import { findHead, listNotes, type Query } from './data'
import { sizeOfNote } from './note'
import { SealRefused, sealTurn } from './turn'

const NOTES_AT_ONCE = 500

let toldOf: string | undefined

/**
 * Seals what is new in the log and brings the files of checkpoints up to date; returns how many events were sealed. A
 * log that this process can't seal (its key is elsewhere, or it is not what was signed) is left as it is and said once.
 */
export async function sealEvents(): Promise<number> {
  const outside = await lastNoteIn(ownCheckpointFile())
  try {
    const sealed = await workerSql().begin((tx) => sealTurn(queryOf(tx), outside))
    if (sealed > 0 || outside === null) await writeFiles(queryOf(workerSql()))
    return sealed
  } catch (error) {
    if (!(error instanceof SealRefused)) throw error
    if (toldOf !== error.reason) log.error({ reasonCode: error.reason }, 'the log is not sealed by this process')
    toldOf = error.reason
    return 0
  }
}

/** The jobs of this part, for the process that serves the application. */
export const SEAL_JOBS: readonly Job[] = [
  { name: 'seal-log', everySeconds: 8, run: sealEvents, isForHere: () => settings.sealKeyFile !== undefined },
]

/** Each file gets the checkpoints that it lacks: one that could not be written a while ago catches up. */
async function writeFiles(query: Query): Promise<void> {
  for (const file of checkpointFiles()) {
    let after = await sizeWritten(query, await lastNoteIn(file))
    for (let notes = await listNotes(query, after, NOTES_AT_ONCE); notes.length > 0;) {
      await appendNotes(
        file,
        notes.map(({ note }) => note),
      )
      after = notes.at(-1)?.size ?? after
      notes = await listNotes(query, after, NOTES_AT_ONCE)
    }
  }
}

/** Up to which size a file goes along with this log. After a restore that is where the new epoch began. */
async function sizeWritten(query: Query, last: string | null): Promise<number> {
  if (last === null) return 0
  const size = sizeOfNote(last)
  const [same] = await listNotes(query, size - 1, 1)
  return same?.note === last ? size : (await findHead(query)).firstSize
}

type Sender = { readonly unsafe: (text: string, values?: never[]) => PromiseLike<unknown> }

function queryOf(sql: Sender): Query {
  return async <Row>(text: string, values: readonly unknown[] = []) =>
    (await sql.unsafe(text, [...values] as never[])) as Row[]
}
