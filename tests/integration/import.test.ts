import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'

import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { withBulkActor } from '@/lib/access/bulk-actor'
import { withActor } from '@/lib/access/with-actor'
import { listContacts, readContactText } from '@/lib/assistance/contacts/service'
import { restrictCase, viewCase } from '@/lib/cases/service'
import { openHtcds } from '@/lib/exchange/htcds/reader'
import type { ReportLine } from '@/lib/exchange/htcds/report'
import { prepareBatch, storeBatch, type Candidate } from '@/lib/exchange/import/batch'
import { mapRow } from '@/lib/exchange/import/map-row'
import type { ImportSummary } from '@/lib/exchange/import/schema'
import { importCases } from '@/lib/exchange/import/service'
import { readIdentity } from '@/lib/people/identity-service'
import { searchPersons } from '@/lib/people/search-service'
import { holdingKeys, viewPerson } from '@/lib/people/service'
import { ok } from '@/lib/platform/result'
import { office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import { generateHtcds, type Expected } from '@/tests/support/htcds-generator'

let database: TestDatabase
let owner: postgres.Sql

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const FILE = { rows: 300, faultEvery: 7, repeatEvery: 20, withId: true, naming: 'mixed', separator: '|' } as const

async function run(actor: Actor, text: string, dryRun = false) {
  const report: ReportLine[] = []
  const done = await importCases(actor, Readable.from([Buffer.from(text)]), {
    dryRun,
    onReport: (lines) => report.push(...lines),
  })
  if (!done.ok) throw new Error(`The import was refused: ${done.refusal}`)
  return { summary: done.value, report }
}

async function personsOf({ agency }: Office): Promise<number> {
  const [row] = await owner<
    { n: number }[]
  >`SELECT count(*)::int AS n FROM person WHERE holder_agency_id = ${agency.id}`
  return row?.n ?? 0
}

function outcomes(expected: readonly Expected[]): Pick<ImportSummary, 'rows' | 'imported' | 'repeated' | 'refused'> {
  const count = (is: (one: Expected['is']) => boolean) => expected.filter((one) => is(one.is)).length
  return {
    rows: expected.length,
    imported: count((is) => is === 'read'),
    repeated: count((is) => is === 'repeated'),
    refused: count((is) => typeof is === 'object'),
  }
}

const sorted = (lines: readonly { readonly line: number }[]) => [...lines].sort((a, b) => a.line - b.line)

describe('importing a file with every field and fault', () => {
  const { text, expected } = generateHtcds(FILE)
  let here: Office

  beforeAll(async () => {
    here = await office(owner)
  })

  it('writes nothing in a dry run, and says what it would do', async () => {
    const { summary } = await run(here.caseworker, text, true)
    expect(summary).toMatchObject({ ...outcomes(expected), dryRun: true, run: null, alreadyThere: 0 })
    expect(await personsOf(here)).toBe(0)
    const events = await owner`SELECT 1 FROM audit_event WHERE agency_id = ${here.agency.id}`
    expect(events.length).toBe(0)
  })

  it('imports the good rows and reports each bad one with its line, column and reason', async () => {
    const { summary, report } = await run(here.caseworker, text)
    expect(summary).toMatchObject({ ...outcomes(expected), dryRun: false, alreadyThere: 0 })
    expect(await personsOf(here)).toBe(summary.imported)
    const refused = report.filter(({ severity }) => severity === 'refused')
    const faults = expected.flatMap(({ line, is }) => (typeof is === 'object' ? [{ line, ...is }] : []))
    expect(sorted(refused.map(({ line, column, reason }) => ({ line, column, reason })))).toEqual(faults)
  })

  it('doubles nothing on a second run, whatever the order of columns', async () => {
    const { summary } = await run(here.caseworker, text)
    expect(summary).toMatchObject({ imported: 0, alreadyThere: outcomes(expected).imported })
    const other = generateHtcds({ ...FILE, naming: 'underscored', separator: ';' })
    expect((await run(here.caseworker, other.text)).summary).toMatchObject({ imported: 0 })
    expect(await personsOf(here)).toBe(outcomes(expected).imported)
  })

  it('keeps another agency that imports the same file apart', async () => {
    const there = await office(owner)
    const { summary } = await run(there.supervisor, text)
    expect(summary).toMatchObject({ ...outcomes(expected), alreadyThere: 0 })
  })

  it('records the run once, and each person, case and text as resting on it', async () => {
    const events = await owner<{ type: string; n: number; runs: number }[]>`
      SELECT type, count(*)::int AS n, count(DISTINCT coalesce(basis, subject))::int AS runs FROM audit_event
      WHERE agency_id = ${here.agency.id} GROUP BY type`
    const by = Object.fromEntries(events.map(({ type, ...rest }) => [type, rest]))
    const { imported } = outcomes(expected)
    expect(by['import.run']).toMatchObject({ n: 3 })
    expect(by['person.registered']).toEqual({ n: imported, runs: 1 })
    expect(by['case.opened']).toEqual({ n: imported, runs: 1 })
  })

  it('writes the same text and hash for events in sets as for single ones', async () => {
    const [odd] = await owner<{ n: number; keys: number }[]>`
      SELECT count(*) FILTER (WHERE hash <> sha256(convert_to(canonical, 'UTF8')))::int AS n,
        count(DISTINCT (canonical::jsonb ->> 'code' = code AND (canonical::jsonb ->> 'id')::bigint = id
          AND canonical::jsonb ->> 'type' = type AND canonical::jsonb ->> 'txid' = txid::text))::int AS keys
      FROM audit_event WHERE agency_id = ${here.agency.id}`
    expect(odd).toEqual({ n: 0, keys: 1 })
  })

  it('invariant 2: keeps names and texts sealed, and counts cases in the figures', async () => {
    const plain = await owner`
      SELECT 1 FROM person_identity WHERE position('Adeyemi'::bytea IN sealed) > 0
      UNION ALL SELECT 1 FROM contact_text WHERE position('Harbour House'::bytea IN sealed) > 0`
    expect(plain.length).toBe(0)
    const [figures] = await owner<{ n: number }[]>`
      SELECT sum(n)::int AS n FROM rollup_live WHERE measure = 'cases' AND agency_id = ${here.agency.id}`
    expect(figures?.n).toBe(outcomes(expected).imported)
  })
})

describe('an imported row', () => {
  const HEADER =
    'record_id,prs_FirstName,prs_SecondName,prs_Birthdate,prs_Gender,prs_Citizenship,prs_MobilePhone,prs_IdentityNumber,' +
    'vic_TraffickingStatus,vic_MethodsOfControl,vic_TypeOfExploitation,cas_Status,cas_ReasonForCaseClosure,' +
    'cas_IncomingReferralDate,cas_ReferringOrganisation,con_Consent'
  const ROW =
    'A1,Сельма,Çelik,1998-04-02,Feminine,TR|NG,+90 532 000 00 00,TR-778,ActualVictimOfTrafficking,DebtBondage;FalsePromises,' +
    'ForcedLabour,ClosedReferred,"Moved to ""family""\nand is well",2025-03-01,Aile Evi,yes'

  it('is found by name, and its team reads identity, experience and the text of what has no column', async () => {
    const here = await office(owner)
    const { summary } = await run(here.caseworker, `${HEADER}\n${ROW}\n`)
    expect(summary).toMatchObject({ imported: 1, refused: 0 })

    const found = await searchPersons(here.caseworker, { query: 'Selma Celik' })
    if (!found.ok) throw new Error('The search was refused')
    const code = found.value.hits[0]?.code ?? ''
    const identity = await readIdentity(here.caseworker, { person: code })
    expect(identity).toMatchObject({
      ok: true,
      value: { names: [{ value: 'Сельма Çelik' }], birthDate: '1998-04-02', phones: ['+905320000000'] },
    })
    const person = await viewPerson(here.caseworker, { person: code })
    if (!person.ok) throw new Error('The person is out of sight')
    expect(person.value).toMatchObject({
      profile: { gender: { value: 'Feminine' }, citizenships: { values: ['TR', 'NG'] } },
      safeContact: {},
    })
    const opened = await viewCase(here.caseworker, { case: person.value.cases[0]?.code ?? '' })
    if (!opened.ok) throw new Error('The case is out of sight')
    expect(opened.value).toMatchObject({
      status: 'closed_referred',
      openedOn: '2025-03-01',
      closureReason: 'referred_to_other_agency',
      content: {
        identification: 'actual',
        dataUse: 'yes',
        means: ['DebtBondage', 'FalsePromises'],
        purposes: ['ForcedLabour'],
      },
    })
    expect(opened.value.team).toHaveLength(1)
    const contacts = await listContacts(here.caseworker, { case: opened.value.code, limit: 50 })
    if (!contacts.ok) throw new Error('The contacts are out of sight')
    const text = await readContactText(here.caseworker, { contact: contacts.value.items[0]?.code ?? '' })
    expect(text).toMatchObject({ ok: true })
    expect(text.ok && text.value.text).toContain('cas_ReferringOrganisation: Aile Evi')
    expect(text.ok && text.value.text).toContain('cas_ReasonForCaseClosure: Moved to "family"\nand is well')
  })

  it('is the skeleton to a colleague and nothing to another agency', async () => {
    const here = await office(owner)
    await run(here.caseworker, `${HEADER}\n${ROW}\n`)
    const [made] = await owner<{ person: string; case: string }[]>`
      SELECT p.code AS person, c.code AS case FROM person p JOIN case_file c ON c.person_id = p.id
      WHERE p.holder_agency_id = ${here.agency.id}`
    expect(await readIdentity(here.colleague, { person: made?.person ?? '' })).toMatchObject({ ok: false })
    expect(await viewCase(here.colleague, { case: made?.case ?? '' })).toMatchObject({
      ok: true,
      value: { content: null },
    })
    const there = await office(owner)
    expect(await viewCase(there.caseworker, { case: made?.case ?? '' })).toEqual({ ok: false, refusal: 'not_found' })
  })

  it('whose person a restricted case hides from the importer is left out as already there, not doubled', async () => {
    const here = await office(owner)
    await run(here.caseworker, `${HEADER}\n${ROW.replace('ClosedReferred', 'Active')}\n`)
    const [made] = await owner<{ code: string; version: number }[]>`
      SELECT code, version FROM case_file WHERE agency_id = ${here.agency.id}`
    const restricted = await restrictCase(here.caseworker, { case: made?.code ?? '' })
    expect(restricted.ok).toBe(true)
    const { summary } = await run(here.supervisor, `${HEADER}\n${ROW.replace('ClosedReferred', 'Active')}\n`)
    expect(summary).toMatchObject({ imported: 0, alreadyThere: 1, refused: 0 })
    expect(await personsOf(here)).toBe(1)
  })

  it('that the database does not take is refused alone', async () => {
    const here = await office(owner)
    const { agency, member, unit } = here.caseworker
    const rows = generateHtcds({ rows: 8, withId: true })
    const stored = await withBulkActor(here.caseworker, async (steps) => {
      const file = await openHtcds(Readable.from([rows.text]), { today: '2026-11-24' })
      const keys = await withActor(here.caseworker, async (tx) => ok(await holdingKeys(tx)))
      if (!keys.ok) throw new Error('The agency has no keys')
      const setting = { actor: here.caseworker, country: 'GB', keys: keys.value, today: '2026-11-24' }
      const candidates: Candidate[] = []
      for await (const read of file.rows) {
        const mapped = read.outcome === 'read' ? mapRow(read.row, '2026-11-24') : { ok: false as const }
        if (read.outcome !== 'read' || !mapped.ok) throw new Error('A row without faults was refused')
        const key = Uint8Array.from(Buffer.from(read.fingerprint, 'hex'))
        candidates.push({ line: read.line, key, row: read.row, input: mapped.input })
      }
      const { lines, ...batch } = await prepareBatch(steps, setting, candidates, false)
      const broken = lines.map((one, at) => (at === 5 ? { ...one, text: one.text.replace(/^\d+/, 'five') } : one))
      return storeBatch(steps, { agency, member, unit, run: 'IMP-TEST' }, { ...batch, lines: broken })
    })
    expect(stored).toMatchObject({ imported: 7, alreadyThere: 0, refused: [{ reason: 'row_not_stored' }] })
    expect(await personsOf(here)).toBe(7)
  })

  it('that is opened in the future, or too long for a name, is refused alone', async () => {
    const here = await office(owner)
    const late = ROW.replace('A1', 'A2').replace('2025-03-01', '2999-01-01')
    const long = ROW.replace('A1', 'A3').replace('Сельма', 'Selma '.repeat(40).trim())
    const { summary, report } = await run(here.caseworker, [HEADER, ROW, late, long].join('\n'))
    expect(summary).toMatchObject({ imported: 1, refused: 2 })
    expect(report.map(({ column, reason }) => ({ column, reason }))).toEqual([
      { column: 'cas_IncomingReferralDate', reason: 'date_in_future' },
      { column: 'prs_FirstName', reason: 'too_long' },
    ])
  })
})

describe('who may import', () => {
  const file = () => Readable.from([Buffer.from('prs_FirstName\nAmara\n')])

  it('is whoever works on cases', async () => {
    const here = await office(owner)
    expect(await importCases(here.caseworker, file())).toMatchObject({ ok: true })
    expect(await importCases(here.admin, file())).toEqual({ ok: false, refusal: 'forbidden' })
    for (const role of ['auditor', 'system_admin'] as const)
      expect(await importCases(await outsider(owner, role), file())).toEqual({ ok: false, refusal: 'forbidden' })
  })

  it('refuses a file with nothing in it that could be imported', async () => {
    const here = await office(owner)
    const refused = await importCases(here.caseworker, Readable.from([Buffer.from('name,age\nAmara,3\n')]))
    expect(refused).toEqual({ ok: false, refusal: 'invalid', reason: 'no_header' })
    expect(await personsOf(here)).toBe(0)
  })
})

describe('an import that is killed', () => {
  it('goes on where it stopped when it is run again, and doubles nothing', async () => {
    const here = await office(owner)
    const { text, expected } = generateHtcds({ rows: 2500, withId: true })
    const { credential } = here.caseworker
    if (credential.kind !== 'session') throw new Error('The caseworker has no session')
    const child = spawn(
      process.execPath,
      [
        '--conditions=react-server',
        '--import',
        'tsx',
        'tests/support/import-child.ts',
        Buffer.from(credential.hash).toString('hex'),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'], env: process.env },
    )
    child.stdin.on('error', () => undefined)
    child.stdin.end(text)
    // The first progress: at least one batch is in, and more are on their way.
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    const before = await personsOf(here)
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(2500)

    const { summary } = await run(here.caseworker, text)
    const { imported } = outcomes(expected)
    expect(summary.imported + summary.alreadyThere).toBe(imported)
    expect(summary.alreadyThere).toBeGreaterThanOrEqual(before)
    expect(await personsOf(here)).toBe(imported)
    const [whole] = await owner<{ n: number }[]>`
      SELECT count(*)::int AS n FROM person p JOIN person_key k ON k.person_id = p.id JOIN case_file c ON c.person_id = p.id
      JOIN case_content t ON t.case_id = c.id JOIN assignment a ON a.case_id = c.id
      WHERE p.holder_agency_id = ${here.agency.id} AND p.case_count = 1`
    expect(whole?.n).toBe(imported)
  })
})

it('the fixture of all fields is read', async () => {
  const here = await office(owner)
  const { summary } = await run(here.caseworker, await readFile('tests/fixtures/htcds-small.csv', 'utf8'))
  expect(summary.imported).toBeGreaterThan(10)
})
