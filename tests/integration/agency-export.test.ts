import { Decrypter } from 'age-encryption'
import { beforeAll, describe, expect, it } from 'vitest'

import type { Actor } from '@/lib/access/actor'
import { amendServiceInput } from '@/lib/assistance/services/schema'
import { amendService } from '@/lib/assistance/services/amend-service'
import { viewService } from '@/lib/assistance/services/service'
import { ERASED, STANDS_WITH_SUBJECT } from '@/lib/exchange/export/open-rows'
import { CLOSED_COLUMNS, LEFT_OUT_BYTES, LEFT_OUT_TABLES, OPENED_COLUMNS } from '@/lib/exchange/export/rules'
import { prepareExportInput } from '@/lib/exchange/export/schema'
import { exportAsOperator, fetchExport, prepareExport, viewExport } from '@/lib/exchange/export/service'
import { openEmergency } from '@/lib/cases/emergency/service'
import { readIdentity } from '@/lib/people/identity-service'
import { loggedContact, loggedService } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { office, outsider, type Office } from '@/tests/factories/office'
import { database, harbour, inOneOffice, owner } from '@/tests/support/one-office'
import { textsIn } from '@/tests/support/stored-bytes'
import { unzip } from '@/tests/support/unzip'

inOneOffice()

const PASSPHRASE = 'kelp and lanterns by the quay'
const OURS = [
  'Odalys Markham',
  'Tea in the kitchen',
  'Called from the station',
  'Typed the wrong day',
  'Asked at the desk',
]
const DANGER = 'Nobody else answers tonight'
const THEIRS = ['Wilhelmina Otherside', 'A note of the lakeside', 'Lakeside call']

type Line = Record<string, unknown>
type Dictionary = readonly {
  table: string
  leftOut?: string
  file?: string
  columns: readonly { name: string; type: string; leftOut?: string }[]
}[]

let lakeside: Office
let files: Map<string, Buffer>
let dictionary: Dictionary
let person: string

beforeAll(async () => {
  lakeside = await office(owner)
  person = await writeEverything(harbour.caseworker, OURS)
  await writeEverything(lakeside.caseworker, THEIRS)
  const alone = await openedCase(harbour.caseworker, { person: await registeredPerson(harbour.caseworker) })
  valueOf(await openEmergency(harbour.colleague, { code: alone.code, reason: 'danger', words: DANGER }))
  const gone = await registeredPerson(harbour.caseworker, { identity: { names: [{ value: 'Gone Entirely' }] } })
  await owner`DELETE FROM person_key k USING person p WHERE p.id = k.person_id AND p.code = ${gone}`
  valueOf(await prepareExport(harbour.admin, { passphrase: PASSPHRASE, again: PASSPHRASE }))
  files = await opened(valueOf(await fetchExport(harbour.admin)))
  dictionary = JSON.parse(files.get('dictionary.json')?.toString('utf8') ?? '[]') as Dictionary
})

async function writeEverything(
  actor: Actor,
  [name = '', note = '', call = '', why = '', look = '']: readonly string[],
) {
  const registered = await registeredPerson(actor, { identity: { names: [{ value: name }] } })
  const on = (await openedCase(actor, { person: registered })).code
  const service = await loggedService(actor, { case: on, note })
  await loggedContact(actor, { case: on, text: call })
  if (why !== '') {
    const { version } = valueOf(await viewService(actor, { service: service.code }))
    const input = { service: service.code, version, deliveredOn: '2026-01-05', reason: why }
    valueOf(await amendService(actor, amendServiceInput.parse(input)))
  }
  if (look !== '') valueOf(await readIdentity(actor, { person: registered, reason: look }))
  return registered
}

async function opened(stream: ReadableStream<Uint8Array>, passphrase = PASSPHRASE): Promise<Map<string, Buffer>> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream as unknown as AsyncIterable<Uint8Array>) pieces.push(piece)
  const sealed = Buffer.concat(pieces)
  expect(textsIn(sealed, [...OURS, ...THEIRS])).toEqual([])
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  return unzip(Buffer.from(await decrypter.decrypt(sealed)))
}

function linesOf(table: string): Line[] {
  const text = files.get(`${table}.jsonl`)?.toString('utf8') ?? ''
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}

describe('an agency’s export', () => {
  it('T15: holds what the agency wrote, readable, and every row of it', async () => {
    const all = Buffer.concat([...files.values()])
    expect(OURS.filter((text) => !all.includes(text))).toEqual([])
    expect(linesOf('person_identity').map((line) => line['sealed'])).toContainEqual(
      expect.objectContaining({ names: [expect.objectContaining({ value: OURS[0] })] }),
    )
    expect(linesOf('person').map((line) => line['code'])).toContain(person)
    for (const { table, file } of dictionary) {
      if (file === undefined || table === 'audit_event' || table === 'agency') continue
      const [row] = await owner`SELECT count(*)::int AS n FROM ${owner(table)} WHERE agency_id = ${harbour.agency.id}`
      expect(linesOf(table), table).toHaveLength(Number(row?.['n']))
    }
  })

  it('T15: has why somebody came in by an emergency on the access, and says so on its event', () => {
    expect(linesOf('emergency_access').map((line) => line['reason_text'])).toContain(DANGER)
    expect(
      linesOf('audit_event')
        .filter((line) => line['type'] === 'emergency-access.opened')
        .map((line) => line['reason']),
    ).toEqual([STANDS_WITH_SUBJECT])
  })

  it('T15: holds no byte of another agency', () => {
    const all = Buffer.concat([...files.values()])
    expect(textsIn(all, [...THEIRS, 'Wilhelmina', lakeside.agency.name, lakeside.agency.id])).toEqual([])
    expect(all.includes(harbour.agency.id)).toBe(true)
    for (const { table, file } of dictionary)
      if (file !== undefined && table !== 'agency')
        for (const line of linesOf(table)) expect(line['agency_id'], table).toBe(harbour.agency.id)
  })

  it('tells in its dictionary of every table and column of agencies, what it is or why it is left out', async () => {
    const columns = await owner<{ name: string }[]>`
      SELECT c.relname || '.' || a.attname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname = 'public' AND c.relkind = 'r' AND (c.relname = 'agency' OR EXISTS (
        SELECT 1 FROM pg_attribute o WHERE o.attrelid = c.oid AND o.attname = 'agency_id' AND NOT o.attisdropped)) ORDER BY 1`
    const told = dictionary.flatMap(({ table, columns: named }) => named.map(({ name }) => `${table}.${name}`))
    expect(told.toSorted()).toEqual(columns.map(({ name }) => name).toSorted())
    for (const { table, file, leftOut } of dictionary) {
      expect([...files.keys()].includes(`${table}.jsonl`), table).toBe(file !== undefined)
      expect(leftOut, table).toBe(LEFT_OUT_TABLES[table])
    }
    expect(Object.keys(LEFT_OUT_TABLES).filter((table) => !dictionary.some((one) => one.table === table))).toEqual([])
  })

  it('knows of every column of bytes whether it is a text, and opens all that a person’s key seals', async () => {
    const bytes = dictionary
      .filter(({ leftOut }) => leftOut === undefined)
      .flatMap(({ table, columns }) => columns.map((column) => ({ table, ...column })))
      .filter(({ type }) => type === 'bytea' || type === 'text, opened')
      .map(({ table, name }) => `${table}.${name}`)
    expect(bytes.toSorted()).toEqual([...Object.keys(OPENED_COLUMNS), ...CLOSED_COLUMNS].toSorted())
    // What is sealed anew when a person's key changes is what the key seals.
    const [source] = await owner<{ text: string }[]>`
      SELECT prosrc AS text FROM pg_proc WHERE oid = 'app.person_texts_at_work(uuid)'::regprocedure`
    const sealed = [...(source?.text ?? '').matchAll(/SELECT '(\w+)', '(\w+)'/g)].map(
      ([, table, column]) => `${table ?? ''}.${column ?? ''}`,
    )
    expect(sealed.length).toBeGreaterThan(5)
    expect(sealed.filter((name) => OPENED_COLUMNS[name] === undefined)).toEqual([])
  })

  it('opens each sealed column and leaves keys, digests and secrets out', () => {
    const bytes = dictionary.flatMap(({ table, columns }) =>
      columns.filter(({ type }) => type === 'bytea').map((column) => ({ table, ...column })),
    )
    for (const { table, name, leftOut } of bytes) {
      expect(leftOut, `${table}.${name}`).toBe(LEFT_OUT_BYTES)
      expect(linesOf(table).filter((line) => name in line)).toEqual([])
    }
    for (const name of Object.keys(OPENED_COLUMNS)) {
      const [table = '', column = ''] = name.split('.')
      for (const line of linesOf(table)) expect(String(line[column]), name).not.toMatch(/^\\x/)
    }
    expect(linesOf('person_identity').map((line) => line['sealed'])).toContain(ERASED)
    expect([...files.keys()].filter((name) => /credential|session|token|_key/.test(name))).toEqual([])
  })
})

describe('making an export', () => {
  it('A11: asks who is there once more, and is for the agency’s administrator alone', async () => {
    const input = { passphrase: PASSPHRASE, again: PASSPHRASE }
    for (const actor of [harbour.caseworker, harbour.supervisor, await outsider(owner, 'system_admin')]) {
      expect(await prepareExport(actor, input)).toMatchObject({ refusal: 'forbidden' })
      expect(await viewExport(actor)).toMatchObject({ refusal: 'forbidden' })
      expect(await fetchExport(actor)).toMatchObject({ refusal: 'forbidden' })
    }
    await owner`UPDATE session SET proven_at = now() - interval '6 minutes' WHERE member_id = ${harbour.admin.member}`
    expect(await prepareExport(harbour.admin, input)).toMatchObject({ refusal: 'step_up_required' })
    await owner`UPDATE session SET proven_at = now() WHERE member_id = ${harbour.admin.member}`
    expect(await prepareExport(harbour.admin, input)).toMatchObject({ ok: true })
  })

  it('gives the file once, to whoever prepared it, and not after its ten minutes', async () => {
    expect(valueOf(await viewExport(harbour.admin)).readyUntil).not.toBeNull()
    expect(await fetchExport(lakeside.admin)).toMatchObject({ refusal: 'not_found' })
    await opened(valueOf(await fetchExport(harbour.admin)))
    expect(await fetchExport(harbour.admin)).toMatchObject({ refusal: 'not_found' })
    valueOf(await prepareExport(harbour.admin, { passphrase: PASSPHRASE, again: PASSPHRASE }))
    await owner`UPDATE agency_export SET expires_at = now() - interval '1 second' WHERE started_at IS NULL`
    expect(await fetchExport(harbour.admin)).toMatchObject({ refusal: 'not_found' })
    expect(valueOf(await viewExport(harbour.admin)).readyUntil).toBeNull()
  })

  it('is on the log before the first row is read, and again at its end', async () => {
    const events = await owner`SELECT type, agency_id FROM audit_event WHERE type LIKE 'export.%' ORDER BY id`
    expect(events.slice(0, 3)).toEqual(
      ['export.prepared', 'export.started', 'export.finished'].map((type) => ({ type, agency_id: harbour.agency.id })),
    )
    const [kept] =
      await owner`SELECT count(*)::int AS n FROM agency_export WHERE sealed IS NOT NULL AND started_at IS NOT NULL`
    expect(kept?.['n']).toBe(0)
  })

  it('reads nothing without a ticket that is under way', async () => {
    const { default: postgres } = await import('postgres')
    const app = postgres(database.appUrl, { max: 1 })
    await expect(app`SELECT app.export_rows('guessed', 'person')`).rejects.toThrow('No export is under way')
    await expect(app`SELECT * FROM agency_export`).rejects.toThrow('permission denied')
    await app.end()
  })

  it('works at the operator’s command, for an agency that is there', async () => {
    const found = await opened(await exportAsOperator(database.ownerUrl, lakeside.agency.key, PASSPHRASE))
    const all = Buffer.concat([...found.values()])
    expect(textsIn(all, OURS)).toEqual([])
    expect(textsIn(all, THEIRS)).toEqual(THEIRS)
    await expect(exportAsOperator(database.ownerUrl, 'nowhere', PASSPHRASE)).rejects.toThrow('No agency has the key')
  })

  it('breaks off where a text can not be opened, and never leaves its reader waiting', async () => {
    const broken = await office(owner)
    await registeredPerson(broken.caseworker, { identity: { names: [{ value: 'Somebody Readable' }] } })
    await owner`
      UPDATE person_identity SET sealed = set_byte(sealed, length(sealed) - 1, (get_byte(sealed, length(sealed) - 1) + 1) % 256)
      WHERE agency_id = ${broken.agency.id}`
    const stream = await exportAsOperator(database.ownerUrl, broken.agency.key, PASSPHRASE)
    await expect(opened(stream)).rejects.toThrow()
  })

  it('wants a passphrase of fifteen characters, twice the same', () => {
    const errors = (passphrase: string, again: string) =>
      prepareExportInput.safeParse({ passphrase, again }).error?.issues.map(({ message }) => message)
    expect(errors(PASSPHRASE, PASSPHRASE)).toBeUndefined()
    expect(errors('short', 'short')).toEqual(['export.passphrase.too_short'])
    expect(errors(PASSPHRASE, `${PASSPHRASE}!`)).toEqual(['export.again.differs'])
  })
})
