import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ArchiveReader, NotAnArchive, writeArchive, type ArchiveHeader } from './archive'
import { LineDigest, type LineTotals } from './line-digest'

const HEADER: ArchiveHeader = {
  amparo: 'data',
  format: 1,
  takenAt: '2026-11-25T03:00:00.000Z',
  migrations: ['20261124000100_tables'],
  lastEvent: { id: '7', hash: 'ab' },
  demonstration: false,
}

/** Lines as COPY writes them: any text but a newline, and never the end mark. */
const line = fc.oneof(
  fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[\n\r]/g, ' ')),
  fc.constantFrom('', '\\\\.', '\\\\.\t\\N', 'x\\.', '{"end":true}'),
)
const table = fc.array(
  line.filter((text) => text !== '\\.'),
  { maxLength: 20 },
)

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}

async function write(tables: Readonly<Record<string, readonly string[]>>, size: number): Promise<Buffer> {
  const list = Object.keys(tables).map((name) => ({ table: name, columns: ['a'] }))
  const copy = ({ table: name }: { table: string }) =>
    inPieces(Buffer.from((tables[name] ?? []).map((text) => `${text}\n`).join('')), size)
  const written: Buffer[] = []
  for await (const piece of writeArchive(HEADER, list, copy, new Map<string, LineTotals>())) written.push(piece)
  return Buffer.concat(written)
}

async function read(bytes: Buffer, size: number): Promise<Record<string, string[]>> {
  const archive = await ArchiveReader.open(inPieces(bytes, size))
  expect(archive.header).toEqual(HEADER)
  const found: Record<string, string[]> = {}
  for await (const { table: name, lines } of archive.tables()) {
    let text = ''
    for await (const piece of lines) text += piece.toString('utf8')
    found[name] = text.split('\n').slice(0, -1)
  }
  return found
}

describe('an archive', () => {
  it('reads back as it was written, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, fc.integer({ min: 1, max: 60 }), async (one, two, size) => {
        expect(await read(await write({ one, two }, size), size)).toEqual({ one, two })
      }),
    )
  })

  it('is refused when rows are missing, changed or added, or a table is left out', async () => {
    const whole = (await write({ one: ['a', 'b'], two: ['c'] }, 9)).toString('utf8')
    for (const changed of [
      whole.replace('\nb\n', '\n'),
      whole.replace('\nb\n', '\nx\n'),
      whole.replace('\nc\n', '\nc\nd\n'),
      whole.replace(/\{"table":"two"[^]*?\{"rows":1[^\n]*\n/, ''),
      whole.slice(0, whole.lastIndexOf('{"end"')),
      whole.replace('"format":1', '"format":2'),
    ]) {
      expect(changed).not.toBe(whole)
      await expect(read(Buffer.from(changed), 9)).rejects.toThrow(NotAnArchive)
    }
  })
})

describe('the digest of lines', () => {
  it('is the same in any order, and another with any other set of lines', () => {
    const digestOf = (lines: readonly string[]) => {
      const digest = new LineDigest()
      digest.addLines(Buffer.from(lines.map((text) => `${text}\n`).join('')))
      return digest.totals.digest
    }
    fc.assert(
      fc.property(fc.uniqueArray(line, { minLength: 1 }), (lines) => {
        expect(digestOf(lines.toReversed())).toBe(digestOf(lines))
        expect(digestOf(lines.slice(1))).not.toBe(digestOf(lines))
        expect(digestOf([...lines.slice(1), `${lines[0] ?? ''}x`])).not.toBe(digestOf(lines))
      }),
    )
  })
})
