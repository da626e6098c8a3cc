import type { Readable } from 'node:stream'

import { disparity, type Disparity } from './disparity'
import { BadTable, readOutcomes, readWaiting } from './table-file'
import { waiting, type Waiting } from './waiting'

/** With how many rows were left out because something of them was missing. */
export type FromFile<T> = T & { readonly missing: number }

/**
 * The disparity of an outcome between the groups of a CSV file. The file is the caller's own, so nothing is kept back.
 * Throws a `BadTable`.
 */
export async function disparityOfFile(
  file: Readable,
  wish: {
    readonly outcome: string
    readonly group: string
    readonly strata: readonly string[]
    readonly reference?: string
  },
): Promise<FromFile<Disparity>> {
  const columns = { group: wish.group, strata: wish.strata }
  const { rows, missing } = await readOutcomes(file, wish.outcome, columns)
  if (rows.length === 0) throw new BadTable('No row of the file has all that was asked for.')
  if (wish.reference !== undefined && !rows.some(({ levels }) => levels[0] === wish.reference))
    throw new BadTable(`${wish.reference} is not among the groups of ${wish.group}.`)
  return { ...disparity(columns, rows, wish.reference), missing }
}

/** How long the groups of a CSV file waited. Throws a `BadTable`. */
export async function survivalOfFile(
  file: Readable,
  columns: {
    readonly time: string
    readonly event: string
    readonly group: string
    readonly strata: readonly string[]
  },
): Promise<FromFile<Waiting>> {
  const { rows, missing } = await readWaiting(file, columns)
  if (rows.length === 0) throw new BadTable('No row of the file has all that was asked for.')
  return { ...waiting(rows), missing }
}
