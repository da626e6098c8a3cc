import type { Readable } from 'node:stream'

import { CsvError, parse } from 'csv-parse'

import type { DisparityColumns } from './disparity'
import type { Pattern } from './logistic'
import type { Waited } from './waiting'

/** What is wrong with a file, in one sentence. */
export class BadTable extends Error {}

/** Counts of rows that are alike, and how many were left out because something of them was missing. */
export type Tallied<T> = { readonly rows: readonly T[]; readonly missing: number }

/** Reads the patterns of a disparity run from a CSV file with a head row. Throws a `BadTable`. */
export async function readOutcomes(
  file: Readable,
  outcome: string,
  { group, strata }: DisparityColumns,
): Promise<Tallied<Pattern>> {
  const patterns = new Map<string, { levels: string[]; n: number; events: number }>()
  const missing = await eachRow(file, [outcome, group, ...strata], ([said = '', ...levels], line) => {
    const happened = yesOrNo(said, outcome, line)
    if (happened === null || levels.includes('')) return false
    const key = JSON.stringify(levels)
    const found = patterns.get(key) ?? { levels, n: 0, events: 0 }
    found.n += 1
    found.events += happened ? 1 : 0
    patterns.set(key, found)
    return true
  })
  return { rows: [...patterns.values()], missing }
}

/** Reads times of waiting from a CSV file with a head row. Throws a `BadTable`. */
export async function readWaiting(
  file: Readable,
  columns: {
    readonly time: string
    readonly event: string
    readonly group: string
    readonly strata: readonly string[]
  },
): Promise<Tallied<Waited>> {
  const found = new Map<string, Waited & { n: number }>()
  const wanted = [columns.time, columns.event, columns.group, ...columns.strata]
  const missing = await eachRow(file, wanted, ([length = '', said = '', group = '', ...strata], line) => {
    const time = timeOf(length, columns.time, line)
    const event = yesOrNo(said, columns.event, line)
    if (time === null || event === null || group === '' || strata.includes('')) return false
    const key = JSON.stringify([time, event, group, ...strata])
    const alike = found.get(key)
    if (alike === undefined) found.set(key, { time, event, group, strata, n: 1 })
    else alike.n += 1
    return true
  })
  return { rows: [...found.values()], missing }
}

/** Hands the wanted cells of each row to `take`, which says whether it could use them; answers how many it couldn't. */
async function eachRow(
  file: Readable,
  wanted: readonly string[],
  take: (cells: string[], line: number) => boolean,
): Promise<number> {
  let places: number[] | null = null
  let missing = 0
  let line = 0
  try {
    for await (const row of file.pipe(parse({ bom: true, trim: true, skip_empty_lines: true }))) {
      const cells = row as string[]
      line += 1
      if (places === null) places = placesOf(cells, wanted)
      else if (
        !take(
          places.map((at) => cells[at] ?? ''),
          line,
        )
      )
        missing += 1
    }
  } catch (error) {
    if (error instanceof CsvError) throw new BadTable(`The file is no CSV from row ${String(line + 1)} on; correct it.`)
    throw error
  }
  if (places === null) throw new BadTable('The file is empty; its first row names the columns.')
  return missing
}

function placesOf(head: readonly string[], wanted: readonly string[]): number[] {
  return wanted.map((name) => {
    const at = head.indexOf(name)
    if (at < 0) throw new BadTable(`The file has no column ${name}; it has ${head.join(', ')}.`)
    return at
  })
}

// R writes NA for what it doesn't know. In columns of groups those letters may well mean Namibia.
const UNKNOWN = new Set(['', 'NA'])
const SAID: Readonly<Record<string, boolean>> = { '1': true, true: true, '0': false, false: false }

function yesOrNo(said: string, column: string, line: number): boolean | null {
  if (UNKNOWN.has(said)) return null
  const happened = SAID[said.toLowerCase()]
  if (happened === undefined)
    throw new BadTable(`Row ${String(line)} has “${said}” in ${column}; write 0 or 1, or true or false.`)
  return happened
}

function timeOf(length: string, column: string, line: number): number | null {
  if (UNKNOWN.has(length)) return null
  const time = Number(length)
  if (!Number.isFinite(time) || time < 0)
    throw new BadTable(`Row ${String(line)} has “${length}” in ${column}; write a number that is not below 0.`)
  return time
}
