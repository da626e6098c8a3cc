import { setImmediate as nextTurn } from 'node:timers/promises'

import type { BulkSteps } from '@/lib/access/bulk-actor'
import type { RegisterPersonInput } from '@/lib/people/schema'
import { CopyRefused } from '@/lib/platform/db/bulk'
import { copyLine } from '@/lib/platform/db/copy-text'
import { sqlStateOf } from '@/lib/platform/db/failures'

import type { ImportedRow } from '../htcds/parse-row'
import type { ReportLine } from '../htcds/report'
import { findPresent, writeBatch, type Writer } from './data'
import { prepareRow, type ImportSetting } from './prepare'

/** A row that was read and understood. `key` is what a second run knows it by. */
export type Candidate = {
  readonly line: number
  readonly key: Uint8Array<ArrayBuffer>
  readonly row: ImportedRow
  readonly input: RegisterPersonInput
}

/** New rows, sealed, as lines for COPY. */
export type PreparedBatch = {
  readonly at: Date
  readonly alreadyThere: number
  /** How many are new; in a dry run nothing is sealed, and there are no lines. */
  readonly fresh: number
  readonly lines: readonly { readonly line: number; readonly text: string }[]
}

export type Stored = {
  readonly imported: number
  readonly alreadyThere: number
  readonly refused: readonly ReportLine[]
}

/** How many rows are sealed before statements that wait for their turn get one. */
const ROWS_A_TURN = 10

/** Leaves out what an earlier run brought in, and seals the rest. */
export async function prepareBatch(
  steps: BulkSteps,
  setting: Omit<ImportSetting, 'at'>,
  candidates: readonly Candidate[],
  dryRun: boolean,
): Promise<PreparedBatch> {
  const { actor } = setting
  const { present, at } = await steps(async (tx, now) => ({
    present: await findPresent(
      tx,
      actor.agency,
      candidates.map(({ key }) => hexOf(key)),
    ),
    at: now,
  }))
  const fresh = candidates.filter(({ key }) => !present.has(hexOf(key)))
  const lines: { line: number; text: string }[] = []
  for (const [n, { line, key, row, input }] of dryRun ? [] : fresh.entries()) {
    lines.push({ line, text: copyLine(prepareRow({ ...setting, at }, n, key, row, input)) })
    if (n % ROWS_A_TURN === 0) await nextTurn()
  }
  return { at, alreadyThere: candidates.length - fresh.length, fresh: fresh.length, lines }
}

/** Writes a batch. Should the database refuse it for what a row holds, the others still go in. */
export async function storeBatch(
  steps: BulkSteps,
  by: Omit<Writer, 'at'>,
  { at, alreadyThere, lines }: PreparedBatch,
): Promise<Stored> {
  const stored = await store(steps, { ...by, at }, lines)
  return { ...stored, alreadyThere: alreadyThere + stored.alreadyThere }
}

async function store(steps: BulkSteps, by: Writer, lines: PreparedBatch['lines']): Promise<Stored> {
  const [first] = lines
  if (first === undefined) return { imported: 0, alreadyThere: 0, refused: [] }
  try {
    const texts = lines.map(({ text }) => text)
    const imported = await steps((tx) => writeBatch(tx, by, texts))
    return { imported, alreadyThere: lines.length - imported, refused: [] }
  } catch (error) {
    if (!isAboutValues(error)) throw error
    if (lines.length === 1) return { imported: 0, alreadyThere: 0, refused: [notStored(first.line)] }
    const middle = Math.ceil(lines.length / 2)
    const before = await store(steps, by, lines.slice(0, middle))
    const after = await store(steps, by, lines.slice(middle))
    return {
      imported: before.imported + after.imported,
      alreadyThere: before.alreadyThere + after.alreadyThere,
      refused: [...before.refused, ...after.refused],
    }
  }
}

function hexOf(key: Uint8Array): string {
  return Buffer.from(key).toString('hex')
}

/** Whether the statement failed for what the rows hold: data exceptions and broken constraints. */
function isAboutValues(error: unknown): boolean {
  const state = sqlStateOf(error) ?? ''
  // 25P02: the COPY before it failed, and the driver doesn't say for what.
  return /^2[23]/.test(state) || (error instanceof CopyRefused && state === '25P02')
}

function notStored(line: number): ReportLine {
  return { line, column: '', severity: 'refused', reason: 'row_not_stored' }
}
