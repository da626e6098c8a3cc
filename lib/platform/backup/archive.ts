import { z } from 'zod'

import { inWholeLines, LineDigest, type LineTotals } from './line-digest'

/*
 * What stands inside a backup file, once decrypted and decompressed: text that people and psql can read.
 *
 *   {"amparo":"data","format":1,…}            the header, one line of JSON
 *   {"table":"public.person","columns":[…]}   then for each table its name,
 *   …                                         its rows as PostgreSQL's COPY writes them,
 *   \.                                        COPY's own end mark, which no row can look like,
 *   {"rows":12,"digest":"…"}                  and what there was
 *   {"end":true,"tables":40,"rows":31415}     the last line
 */

const table = z.object({ table: z.string(), columns: z.array(z.string()) })
const totals = z.object({ rows: z.number().int(), digest: z.string() })
const ending = z.object({ end: z.literal(true), tables: z.number().int(), rows: z.number().int() })
const header = z.object({
  amparo: z.enum(['data', 'keys']),
  format: z.literal(1),
  /** The moment that it shows. */
  takenAt: z.iso.datetime(),
  /** The migrations that had made the database's tables, oldest first. */
  migrations: z.array(z.string()),
  /** The newest row of the log at that moment, by which a cut is found. */
  lastEvent: z.object({ id: z.string(), hash: z.string() }).nullable(),
  demonstration: z.boolean(),
  /** Of the keys: the key that seals the log, as its file holds it. Not where another instance has it. */
  sealKey: z.string().optional(),
})

export type ArchiveHeader = z.infer<typeof header>
export type ArchiveTable = { readonly table: string; readonly columns: readonly string[] }
/** A table of an archive that is read: its lines first, then what there was of them. */
export type ReadTable = ArchiveTable & { readonly lines: AsyncIterable<Buffer>; readonly totals: () => LineTotals }

/** A text that is no archive, or not one of this format: it opened, so it is whole, but another program wrote it. */
export class NotAnArchive extends Error {
  override readonly name = 'NotAnArchive'
}

const END_MARK = Buffer.from('\\.\n')

/** Writes an archive; keeps in `written` what each table came to. */
export async function* writeArchive(
  head: ArchiveHeader,
  tables: readonly ArchiveTable[],
  copy: (table: ArchiveTable) => AsyncIterable<Uint8Array>,
  written: Map<string, LineTotals>,
): AsyncGenerator<Buffer> {
  yield json(head)
  let rows = 0
  for (const { table: name, columns } of tables) {
    yield json({ table: name, columns })
    const digest = new LineDigest()
    for await (const lines of inWholeLines(copy({ table: name, columns }))) {
      digest.addLines(lines)
      yield lines
    }
    yield END_MARK
    yield json(digest.totals)
    written.set(name, digest.totals)
    rows += digest.totals.rows
  }
  yield json({ end: true, tables: tables.length, rows })
}

/** An archive as it is read, from front to back. */
export class ArchiveReader {
  readonly #lines: LineReader

  private constructor(
    readonly header: ArchiveHeader,
    lines: LineReader,
  ) {
    this.#lines = lines
  }

  /** Throws `NotAnArchive`, and whatever reading the file throws. */
  static async open(content: AsyncIterable<Uint8Array>): Promise<ArchiveReader> {
    const lines = new LineReader(content)
    return new ArchiveReader(parse(header, await lines.next()), lines)
  }

  /** Each table in turn. Its lines have to be read to their end before the next table comes; what is found is compared. */
  async *tables(): AsyncGenerator<ReadTable> {
    let tables = 0
    let rows = 0
    for (;;) {
      const line = await this.#lines.next()
      const found = table.safeParse(JSON.parse(line.toString('utf8')))
      if (!found.success) {
        const end = parse(ending, line)
        if (end.tables !== tables || end.rows !== rows) throw new NotAnArchive('The end does not fit the tables')
        return
      }
      const digest = new LineDigest()
      yield { ...found.data, lines: this.#rowsOf(digest), totals: () => digest.totals }
      tables += 1
      rows += digest.totals.rows
    }
  }

  async *#rowsOf(digest: LineDigest): AsyncGenerator<Buffer> {
    for await (const lines of this.#lines.until(END_MARK)) {
      digest.addLines(lines)
      yield lines
    }
    const said = parse(totals, await this.#lines.next())
    if (said.rows !== digest.totals.rows || said.digest !== digest.totals.digest)
      throw new NotAnArchive('The rows do not fit their digest')
  }
}

/** Reads a stream line by line, or in pieces of whole lines where there are many. */
class LineReader {
  readonly #pieces: AsyncIterator<Buffer, unknown>
  #rest: Buffer = Buffer.alloc(0)

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#pieces = inWholeLines(content)
  }

  async next(): Promise<Buffer> {
    if (this.#rest.length === 0) await this.#more()
    const end = this.#rest.indexOf(0x0a) + 1
    const line = this.#rest.subarray(0, end)
    this.#rest = this.#rest.subarray(end)
    return line
  }

  /** All lines before the one that equals `mark`, which is taken as well. */
  async *until(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.#rest.length === 0) await this.#more()
      const at = startOfLine(this.#rest, mark)
      const lines = this.#rest.subarray(0, at === -1 ? this.#rest.length : at)
      this.#rest = this.#rest.subarray(at === -1 ? this.#rest.length : at + mark.length)
      if (lines.length > 0) yield lines
      if (at !== -1) return
    }
  }

  async #more(): Promise<void> {
    const more: IteratorResult<Buffer, unknown> = await this.#pieces.next()
    if (more.done === true) throw new NotAnArchive('It ends too early')
    this.#rest = more.value
  }
}

function startOfLine(bytes: Buffer, mark: Buffer): number {
  let at = bytes.indexOf(mark)
  while (at > 0 && bytes[at - 1] !== 0x0a) at = bytes.indexOf(mark, at + 1)
  return at
}

function parse<S extends z.ZodType>(schema: S, line: Buffer): z.output<S> {
  try {
    return schema.parse(JSON.parse(line.toString('utf8')))
  } catch (error) {
    throw new NotAnArchive('It is written in another way', { cause: error })
  }
}

function json(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`)
}
