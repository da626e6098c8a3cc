import { setImmediate as nextTurn } from 'node:timers/promises'

import { listCheckpoints, type Query, type StoredCheckpoint } from '../seal/data'
import { leafOf } from '../seal/merkle'
import { hashOfNote, type Checkpoint, type SealVerifier } from '../seal/note'
import { EVENT_COLUMNS, isConsistent, type EventRow } from './event-text'
import type { Verified } from './fault'
import { FaultFound, LogWalk } from './walk'

const CHECKPOINTS_AT_ONCE = 20
const EVENTS_AT_ONCE = 2_000

export type VerifyOptions = {
  readonly verifiers: readonly SealVerifier[]
  /** Signed texts of checkpoints that somebody else holds. */
  readonly held: Iterable<string>
  readonly onProgress?: (events: number) => void
}

/** Where the events come from: the table itself for its owner, a function for the worker. */
export type EventSource = 'table' | 'function'

/**
 * Recomputes the seal from the database: every event's columns against its text, every text against the tree, every
 * checkpoint against its signature, the one before it and the checkpoints that somebody else holds. Other processes may
 * go on writing meanwhile.
 */
export async function verifyDatabase(query: Query, source: EventSource, options: VerifyOptions): Promise<Verified> {
  const walk = new LogWalk(options.verifiers, options.held)
  const events = eventsOf(query, source)
  const codes: string[] = []
  let unsealed = 0
  try {
    let checkpoints = await listCheckpoints(query, 0, CHECKPOINTS_AT_ONCE)
    for (let last: EventRow | undefined; checkpoints.length > 0;) {
      for (const checkpoint of checkpoints) {
        codes.length = 0
        while (walk.size < checkpoint.size) {
          const { value, done } = await events.next()
          if (done === true) break
          last = value
          codes.push(last.code)
          take(walk, last)
          if (walk.size % EVENTS_AT_ONCE === 0) options.onProgress?.(walk.size)
        }
        takeCheckpoint(walk, checkpoint, last)
      }
      checkpoints = await listCheckpoints(query, checkpoints.at(-1)?.size ?? 0, CHECKPOINTS_AT_ONCE)
    }
    for await (const event of events) {
      unsealed += 1
      if (!isConsistent(event))
        throw new FaultFound({ kind: 'changed', position: walk.size + unsealed, code: event.code })
    }
    walk.end()
    return { size: walk.sealed, checkpoints: walk.checkpoints, unsealed, fault: null }
  } catch (error) {
    if (!(error instanceof FaultFound)) throw error
    const { position, kind } = error.fault
    const code = position === undefined || kind === 'missing' ? undefined : codes[position - walk.sealed - 1]
    const fault = { ...(code === undefined ? {} : { code }), ...error.fault }
    return { size: walk.sealed, checkpoints: walk.checkpoints, unsealed, fault }
  }
}

function take(walk: LogWalk, event: EventRow): void {
  if (!isConsistent(event)) throw new FaultFound({ kind: 'changed', position: walk.size + 1, code: event.code })
  walk.leaf(leafOf(event.canonical))
  if (event.type === 'seal.epoch-began') walk.beganEpoch(Number(event.subject?.slice('EPOCH-'.length)))
}

function takeCheckpoint(walk: LogWalk, stored: StoredCheckpoint, last: EventRow | undefined): void {
  const leaves = Buffer.concat(walk.batch)
  const said = walk.checkpoint({ note: stored.note, leaves: () => stored.leaves })
  if (!isAsSaid(stored, said) || !stored.leaves.equals(leaves) || !stored.frontier.equals(walk.peaks()))
    throw new FaultFound({ kind: 'checkpoint', size: said.size })
  if (stored.lastTxid !== last?.txid || stored.lastId !== last.id)
    throw new FaultFound({ kind: 'checkpoint', size: said.size })
}

/** Whether the columns repeat what the signed text says. */
function isAsSaid(stored: StoredCheckpoint, said: Checkpoint): boolean {
  return (
    stored.size === said.size &&
    stored.epoch === said.epoch &&
    stored.root.equals(said.root) &&
    stored.at.toISOString() === said.at &&
    (stored.previous === null ? said.previous === null : said.previous?.equals(stored.previous) === true) &&
    stored.hash.equals(hashOfNote(stored.note))
  )
}

/** Every event in the order of its leaf: by epoch, by transaction, by its own number. */
export async function* eventsOf(query: Query, source: EventSource): AsyncGenerator<EventRow, undefined> {
  const epochs = await query<{ first: string; next: string | null }>(
    `SELECT first_id::text AS first, lead(first_id) OVER (ORDER BY epoch)::text AS next FROM app.seal_epochs()`,
  )
  for (const { first, next } of epochs) {
    let [txid, id] = ['-1', '0']
    for (;;) {
      const rows = await query<EventRow>(SELECT[source], [first, next, txid, id, EVENTS_AT_ONCE])
      yield* rows
      const last = rows.at(-1)
      if (last === undefined) break
      ;[txid, id] = [last.txid, last.id]
      // Hashing keeps the process busy; whoever waits for an answer from it comes first.
      await nextTurn()
    }
  }
}

const SELECT: Readonly<Record<EventSource, string>> = {
  function: `SELECT ${EVENT_COLUMNS} FROM app.events_to_verify($1, $2, $3, $4, $5) e`,
  table: `SELECT ${EVENT_COLUMNS} FROM public.audit_event e
    WHERE (e.txid, e.id) > ($3, $4) AND e.id >= $1 AND ($2::bigint IS NULL OR e.id < $2) ORDER BY e.txid, e.id LIMIT $5`,
}
