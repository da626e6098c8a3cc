import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { generateHtcds, type HtcdsFileOptions } from '@/tests/support/htcds-generator'

import { HtcdsFileRefused, openHtcds, type RowOutcome } from './reader'
import { reportCsv, reportLines } from './report'

const context = { today: '2026-11-24', country: 'KE' }

function chunked(text: string | Uint8Array, size = 7001): AsyncIterable<Uint8Array> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  )
  return Readable.from(pieces)
}

async function readAll(text: string | Uint8Array, size?: number) {
  const file = await openHtcds(chunked(text, size), context)
  const outcomes: RowOutcome[] = []
  for await (const outcome of file.rows) outcomes.push(outcome)
  return { header: file.header, outcomes }
}

async function refusal(text: string | Uint8Array): Promise<string> {
  try {
    await readAll(text)
  } catch (error) {
    if (error instanceof HtcdsFileRefused) return error.reason
    throw error
  }
  return 'read'
}

function told(outcome: RowOutcome) {
  if (outcome.outcome !== 'refused') return { line: outcome.line, is: outcome.outcome }
  const [issue] = outcome.issues
  return { line: outcome.line, is: { column: issue?.column ?? '', reason: issue?.reason ?? '' } }
}

const SHAPES: readonly Omit<HtcdsFileOptions, 'rows'>[] = [
  {},
  { naming: 'underscored', separator: '|' },
  { naming: 'mixed', delimiter: ';', separator: '|', bom: true, lineEnd: '\r\n' },
  { delimiter: ';', separator: ';', withId: true },
  { delimiter: '\t', naming: 'mixed', withId: true, bom: true },
]

describe('a file with HTCDS field names', () => {
  it.each(SHAPES)('is read row by row, each fault at its line and column: %o', async (shape) => {
    const file = generateHtcds({ rows: 400, faultEvery: 5, repeatEvery: 17, unknownColumns: ['Shoe size'], ...shape })
    const { header, outcomes } = await readAll(file.text)
    expect(outcomes.map(told)).toEqual(file.expected)
    expect(header.unknown).toEqual(['Shoe size'])
    expect(header.hasId).toBe(shape.withId === true)
  })

  it('is read the same in pieces of any size', async () => {
    const file = generateHtcds({ rows: 30, faultEvery: 4 })
    const whole = await readAll(file.text, 1_000_000)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), async (size) => {
        expect((await readAll(file.text, size)).outcomes).toEqual(whole.outcomes)
      }),
      { numRuns: 15 },
    )
  })

  it('gives a row the same fingerprint on a second run, with other naming, delimiter and separators of lines', async () => {
    const prints = async (shape: Omit<HtcdsFileOptions, 'rows'>) =>
      (await readAll(generateHtcds({ rows: 200, ...shape }).text)).outcomes.map((row) =>
        row.outcome === 'read' ? row.fingerprint : '',
      )
    const first = await prints({})
    expect(new Set(first).size).toBe(200)
    expect(await prints({})).toEqual(first)
    expect(await prints({ naming: 'mixed', delimiter: '\t', lineEnd: '\r\n', bom: true })).toEqual(first)
    expect(await prints({ seed: 2 })).not.toEqual(first)
    expect(await prints({ withId: true, seed: 1 })).toEqual(await prints({ withId: true, seed: 2 }))
  })

  it('is read from the fixture that comes with the project', async () => {
    const { outcomes } = await readAll(readFileSync('tests/fixtures/htcds-small.csv'))
    const count = (kind: RowOutcome['outcome']) => outcomes.filter(({ outcome }) => outcome === kind).length
    expect([count('read'), count('refused'), count('repeated')]).toEqual([21, 4, 2])
  })

  it('is found to repeat an id with other content', async () => {
    const { outcomes } = await readAll(
      'id,prs_FirstName,prs_Gender\n1,Amara,Feminine\n1,Kofi,Masculine\n2,Kofi,Masculine\n',
    )
    expect(outcomes.map(told)).toEqual([
      { line: 2, is: 'read' },
      { line: 3, is: { column: '', reason: 'id_repeated' } },
      { line: 4, is: 'read' },
    ])
  })

  it('may have a title above its header, empty lines, and UTF-16 from a spreadsheet', async () => {
    const titled =
      'Cases of the year,,\n\nprs_FirstName,prs_Gender,prs_Birthdate\nAmara,Feminine,2001\n,,\n\nKofi,Masculine,1999-01-02\n'
    const { header, outcomes } = await readAll(titled)
    expect(header.line).toBe(3)
    expect(outcomes.map(told)).toEqual([
      { line: 4, is: 'read' },
      { line: 7, is: 'read' },
    ])

    const wide = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from('prs_FirstName\tprs_Gender\nسلمى\tFeminine\n', 'utf16le'),
    ])
    const [row] = (await readAll(wide)).outcomes
    expect(row?.outcome === 'read' && row.row.registration.names).toEqual(['سلمى'])
  })

  it('is refused as a whole with one reason when nothing in it could be imported', async () => {
    expect(await refusal('')).toBe('empty_file')
    expect(await refusal(' \n \n')).toBe('empty_file')
    expect(await refusal('name,age\nAmara,20\n')).toBe('no_header')
    expect(await refusal('prs_FirstName,prs_First_Name\na,b\n')).toBe('repeated_column')
    expect(await refusal(Buffer.from('PK\u0003\u0004\0\0\0xlsx', 'latin1'))).toBe('not_text')
    expect(await refusal(`prs_FirstName,prs_Gender\n"${'x'.repeat(1_100_000)}`)).toBe('not_csv')
  })

  it('refuses single rows that have too few or too many cells, say nothing, or hold broken signs', async () => {
    const bytes = Buffer.concat([
      Buffer.from('prs_FirstName,prs_Gender\nAmara\nAmara,Feminine,more\nAmara,Feminine,\n,unknown\nMu'),
      Buffer.from([0xf1]),
      Buffer.from('oz,Feminine\n'),
    ])
    expect((await readAll(bytes)).outcomes.map(told)).toEqual([
      { line: 2, is: { column: '', reason: 'too_few_cells' } },
      { line: 3, is: { column: '', reason: 'too_many_cells' } },
      { line: 4, is: 'read' },
      { line: 5, is: { column: '', reason: 'nothing_to_import' } },
      { line: 6, is: { column: 'prs_FirstName', reason: 'bad_encoding' } },
    ])
  })

  it('refuses the line whose quotation mark is never closed, and keeps what stood before it', async () => {
    const { outcomes } = await readAll('prs_FirstName,prs_Gender\nMarisol,Feminine\n"Kofi,Masculine\n')
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['read', 'refused'])
    expect(outcomes[1]).toMatchObject({ issues: [{ column: '', reason: 'quote_not_closed' }] })
  })

  it('survives anything after its header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 400 }), async (text) => {
        const { outcomes } = await readAll(`prs_FirstName,prs_Birthdate,prs_Citizenship\n${text}`)
        return outcomes.every(({ line }) => line >= 2)
      }),
      { numRuns: 200 },
    )
  })
})

describe('the report about a file', () => {
  it('L06 names line, column and reason, and never a value', async () => {
    const { outcomes } = await readAll(
      'prs_FirstName,prs_Email,=cmd()\nMarisol,marisol at home,x\nKofi,kofi@example.org,x\nKofi,kofi@example.org,x\n',
    )
    const lines = outcomes.flatMap(reportLines)
    expect(lines).toEqual([
      { line: 2, column: 'prs_Email', severity: 'refused', reason: 'email_invalid' },
      { line: 4, column: '', severity: 'notice', reason: 'row_repeated' },
    ])
    const csv = reportCsv(
      [...lines, { line: 5, column: '=cmd()', severity: 'refused', reason: 'too_long' }],
      (reason) => `Why, "${reason}"`,
    )
    expect(csv).not.toMatch(/marisol|kofi/i)
    expect(csv.split('\r\n')[3]).toBe('5,\'=cmd(),refused,"Why, ""too_long"""')
  })
})
