import { createReadStream } from 'node:fs'

import { listCheckpoints, type Query } from '../seal/data'
import { leafOfBytes } from '../seal/merkle'
import { eventsOf, type VerifyOptions } from './from-database'
import type { Verified } from './fault'
import { FaultFound, LogWalk } from './walk'

/*
 * An export is lines of JSON. An object is an event, exactly as it was sealed; an array of two texts is a checkpoint, its
 * signed text and the leaves that were new in it, after the events that it seals. The first line says what the file is.
 */
const HEADING = '["amparo audit export",1]'
const EPOCH_BEGAN = Buffer.from('"seal.epoch-began"')
const NEWLINE = 10
const BRACE = 123
const CHUNK = 4 * 2 ** 20
const CHECKPOINTS_AT_ONCE = 5
const LINES_AT_ONCE = 500

/** The sealed log as the text of an export, a piece at a time. What is not sealed yet is left out. */
export async function* exportLog(query: Query): AsyncGenerator<string, undefined> {
  yield `${HEADING}\n`
  const events = eventsOf(query, 'table')
  let size = 0
  for (;;) {
    const checkpoints = await listCheckpoints(query, size, CHECKPOINTS_AT_ONCE)
    if (checkpoints.length === 0) return
    for (const checkpoint of checkpoints) {
      let lines: string[] = []
      for (; size < checkpoint.size; size += 1) {
        const { value, done } = await events.next()
        if (done === true) return
        lines.push(value.canonical, '\n')
        if (lines.length >= LINES_AT_ONCE) {
          yield lines.join('')
          lines = []
        }
      }
      yield `${lines.join('')}${JSON.stringify([checkpoint.note, checkpoint.leaves.toString('base64')])}\n`
    }
  }
}

/** The file is no export of a log, or was cut in the middle of a line. */
export class NoExport extends Error {
  override readonly name = 'NoExport'
}

/** Recomputes the seal from an export alone, with nothing but public keys and checkpoints that somebody else holds. */
export async function verifyExport(file: string, options: VerifyOptions): Promise<Verified> {
  const walk = new LogWalk(options.verifiers, options.held)
  try {
    for await (const lines of linesOf(file)) {
      lines.each((bytes, from, to) => {
        if (bytes[from] === BRACE) {
          if (lines.mayBeginEpoch) noteEpoch(walk, bytes, from, to)
          // The byte before the text is the end of the line before: with a zero in its place it makes the leaf.
          bytes[from - 1] = 0
          walk.leaf(leafOfBytes(bytes.subarray(from - 1, to)))
        } else takeCheckpoint(walk, bytes.toString('utf8', from, to))
      })
      options.onProgress?.(walk.size)
    }
    walk.end()
    return { size: walk.sealed, checkpoints: walk.checkpoints, unsealed: walk.size - walk.sealed, fault: null }
  } catch (error) {
    if (!(error instanceof FaultFound)) throw error
    const { position, kind } = error.fault
    const code = position === undefined || kind === 'missing' ? undefined : await codeAt(file, position)
    const fault = { ...error.fault, ...(code === undefined ? {} : { code }) }
    return { size: walk.sealed, checkpoints: walk.checkpoints, unsealed: 0, fault }
  }
}

function takeCheckpoint(walk: LogWalk, line: string): void {
  if (line === HEADING) return
  const parts: unknown = parsed(line)
  const [note, leaves] = Array.isArray(parts) ? (parts as unknown[]) : []
  if (typeof note !== 'string' || typeof leaves !== 'string')
    throw new FaultFound({ kind: 'events', position: walk.size + 1 })
  walk.checkpoint({ note, leaves: () => Buffer.from(leaves, 'base64') })
}

function noteEpoch(walk: LogWalk, bytes: Buffer, from: number, to: number): void {
  const event = parsed(bytes.toString('utf8', from, to)) as { type?: unknown; subject?: unknown } | null
  if (event?.type === 'seal.epoch-began') walk.beganEpoch(Number(String(event.subject).slice('EPOCH-'.length)))
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

type Lines = {
  readonly mayBeginEpoch: boolean
  readonly each: (work: (bytes: Buffer, from: number, to: number) => void) => void
}

/** The file a few megabytes at a time, whole lines only, each with a byte before it that may be written to. */
async function* linesOf(file: string): AsyncGenerator<Lines, undefined> {
  let rest = Buffer.alloc(0)
  let isFirst = true
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([Buffer.alloc(1), rest, chunk])
    const end = bytes.lastIndexOf(NEWLINE)
    if (end < 0) {
      rest = bytes.subarray(1)
      continue
    }
    rest = bytes.subarray(end + 1)
    if (isFirst && bytes.toString('utf8', 1, 1 + HEADING.length) !== HEADING) throw new NoExport()
    isFirst = false
    yield {
      mayBeginEpoch: bytes.includes(EPOCH_BEGAN),
      each: (work) => {
        for (let from = 1; from <= end;) {
          const to = bytes.indexOf(NEWLINE, from)
          work(bytes, from, to)
          from = to + 1
        }
      },
    }
  }
  if (isFirst || rest.length > 0) throw new NoExport()
}

/** The code of the event at a place of the log. */
async function codeAt(file: string, position: number): Promise<string | undefined> {
  let at = 0
  let code: string | undefined
  for await (const lines of linesOf(file)) {
    lines.each((bytes, from, to) => {
      if (bytes[from] !== BRACE) return
      at += 1
      if (at !== position) return
      const event = parsed(bytes.toString('utf8', from, to)) as { code?: unknown } | null
      if (typeof event?.code === 'string') code = event.code
    })
    if (at >= position) return code
  }
  return code
}
