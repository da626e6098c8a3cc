import { Readable } from 'node:stream'

import { parse } from 'csv-parse'

import { readHeader, type Columns } from './fields'
import { rowFingerprint } from './fingerprint'
import { parseRow, type ImportedRow, type RowIssue } from './parse-row'
import type { Notice, ReadingContext } from './reading'

/** What the header of a file says, before any row is read. */
export type HeaderReport = {
  readonly columns: Columns
  readonly delimiter: string
  /** The line on which the header stands, from 1. */
  readonly line: number
  readonly unknown: readonly string[]
  /** Whether rows carry an id of their own, which a second run knows them by. */
  readonly hasId: boolean
}

/** The file can't be read at all; `reason` is a message key under `people.import`. */
export class HtcdsFileRefused extends Error {
  override readonly name = 'HtcdsFileRefused'

  constructor(readonly reason: 'no_header' | 'repeated_column' | 'empty_file' | 'not_csv' | 'not_text') {
    super(`The file can't be imported (${reason})`)
  }
}

export type RowOutcome = { readonly line: number } & (
  | {
      readonly outcome: 'read'
      readonly row: ImportedRow
      readonly fingerprint: string
      readonly notices: readonly RowIssue<Notice>[]
    }
  | { readonly outcome: 'refused'; readonly issues: readonly RowIssue<RowReason>[] }
  /** The same row again in this file; `firstLine` has it. */
  | { readonly outcome: 'repeated'; readonly firstLine: number }
)
export type RowReason = RowIssue['reason'] | 'id_repeated' | 'quote_not_closed'

export type HtcdsFile = { readonly header: HeaderReport; readonly rows: AsyncIterable<RowOutcome> }

const SAMPLE_BYTES = 65_536
const HEADER_WITHIN = 10
const DELIMITERS = [',', ';', '\t'] as const
const LONGEST_RECORD = 1_000_000

/**
 * Opens a file with HTCDS field names: finds delimiter, encoding (UTF-8, or UTF-16 with its mark) and the header among
 * the first ten lines, then reads row by row without holding the file in memory.
 *
 * Throws `HtcdsFileRefused` when there is nothing that could be imported.
 */
export async function openHtcds(
  source: AsyncIterable<Uint8Array | string>,
  context: ReadingContext,
): Promise<HtcdsFile> {
  const chunks = asText(source)[Symbol.asyncIterator]()
  let sample = ''
  let ended = false
  while (!ended && sample.length < SAMPLE_BYTES) {
    const next = await chunks.next()
    if (next.done === true) ended = true
    else sample += next.value
  }
  if (sample.trim() === '') throw new HtcdsFileRefused('empty_file')
  // Workbooks are zip archives; other binary files have zeros before any line ends.
  if (/^PK\u0003\u0004|^[^\r\n]*\0/.test(sample)) throw new HtcdsFileRefused('not_text')

  const delimiter = delimiterOf(sample)
  const unclosed: number[] = []
  const whole = Readable.from(rejoined(sample, chunks), { objectMode: false })
  const records = recordsOf(whole, delimiter, unclosed)[Symbol.asyncIterator]()
  const header = await findHeader(records, delimiter)
  return { header, rows: rowsOf(records, header, context, unclosed) }
}

type Line = { readonly cells: readonly string[]; readonly line: number }

async function findHeader(records: AsyncIterator<Line>, delimiter: string): Promise<HeaderReport> {
  for (let tried = 0; tried < HEADER_WITHIN; tried += 1) {
    const next = await records.next()
    if (next.done === true) break
    const { cells, line } = next.value
    const columns = cells.map((header) => ({ header: header.trim(), ...readHeader(header) }))
    const known = columns.flatMap((column) =>
      column.is === 'field' ? [`${column.field.name}/${column.option ?? ''}`] : [],
    )
    // One known name could be a title above the header; a file of one column has no title.
    if (known.length === 0 || (known.length === 1 && cells.length > 3)) continue
    if (new Set(known).size < known.length) throw new HtcdsFileRefused('repeated_column')
    return {
      columns,
      delimiter,
      line,
      unknown: columns.filter(({ is, header }) => is === 'unknown' && header !== '').map(({ header }) => header),
      hasId: columns.some(({ is }) => is === 'id'),
    }
  }
  throw new HtcdsFileRefused('no_header')
}

async function* rowsOf(
  records: AsyncIterator<Line>,
  header: HeaderReport,
  context: ReadingContext,
  unclosed: readonly number[],
): AsyncGenerator<RowOutcome> {
  const seen = new Map<string, { line: number; content: string }>()
  const contentColumns = header.columns.map((column) =>
    column.is === 'id' ? ({ is: 'unknown', header: column.header } as const) : column,
  )
  for (;;) {
    const next = await records.next()
    if (next.done === true) break
    const { cells, line } = next.value
    if (cells.every((cell) => cell.trim() === '')) continue
    const parsed = parseRow(header.columns, cells, context)
    if (!parsed.ok) {
      yield { line, outcome: 'refused', issues: parsed.issues }
      continue
    }
    const fingerprint = rowFingerprint(header.columns, cells)
    const content = header.hasId ? rowFingerprint(contentColumns, cells) : fingerprint
    const first = seen.get(fingerprint)
    if (first === undefined) {
      seen.set(fingerprint, { line, content })
      yield { line, outcome: 'read', row: parsed.row, fingerprint, notices: parsed.notices }
    } else if (first.content === content) {
      yield { line, outcome: 'repeated', firstLine: first.line }
    } else {
      yield { line, outcome: 'refused', issues: [{ column: '', reason: 'id_repeated' }] }
    }
  }
  for (const line of unclosed) yield { line, outcome: 'refused', issues: [{ column: '', reason: 'quote_not_closed' }] }
}

/** The records of a file. The line of one whose quotation mark never closes goes to `unclosed`: no record follows it. */
async function* recordsOf(source: Readable, delimiter: string, unclosed: number[]): AsyncGenerator<Line> {
  const found = { tooLong: false }
  const parser = source.pipe(
    parse({
      delimiter,
      info: true,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: LONGEST_RECORD,
      skip_records_with_error: true,
      on_skip: (error) => {
        if (error?.code === 'CSV_QUOTE_NOT_CLOSED') unclosed.push(Math.max(2, Number(error['lines'])))
        else found.tooLong = true
      },
    }),
  )
  // A failing source would otherwise leave the parser waiting for ever.
  source.on('error', (error) => parser.destroy(error))
  try {
    let end = 0
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      // The parser counts the line on which a record ends; a quoted line break makes it begin earlier.
      const breaks = record.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0)
      yield { cells: record, line: Math.max(end + 1, info.lines - breaks) }
      end = info.lines
    }
    if (found.tooLong) throw new HtcdsFileRefused('not_csv')
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')) {
      throw new HtcdsFileRefused('not_csv')
    }
    throw error
  }
}

/** The delimiter by which the first lines hold the most known fields. */
function delimiterOf(sample: string): string {
  const lines = sample.split(/\r\n|\r|\n/).slice(0, HEADER_WITHIN)
  const known = (delimiter: string) =>
    Math.max(
      ...lines.map(
        (line) =>
          line.split(delimiter).filter((cell) => readHeader(cell.replace(/^\uFEFF?"|"$/g, '')).is === 'field').length,
      ),
    )
  return [...DELIMITERS].sort((a, b) => known(b) - known(a))[0] ?? ','
}

async function* rejoined(sample: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield sample
  for (;;) {
    const next = await rest.next()
    if (next.done === true) return
    yield next.value
  }
}

/** Bytes as text, by the mark at their beginning; bytes that are no UTF-8 become U+FFFD, which refuses their row. */
async function* asText(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  for await (const chunk of source) {
    if (typeof chunk === 'string') {
      yield chunk
      continue
    }
    decoder ??= new TextDecoder(
      chunk[0] === 0xff && chunk[1] === 0xfe
        ? 'utf-16le'
        : chunk[0] === 0xfe && chunk[1] === 0xff
          ? 'utf-16be'
          : 'utf-8',
    )
    yield decoder.decode(chunk, { stream: true })
  }
  if (decoder !== undefined) yield decoder.decode()
}
