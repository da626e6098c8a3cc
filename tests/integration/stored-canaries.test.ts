import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { logContactInput } from '@/lib/assistance/contacts/schema'
import { logContact, readContactText, voidContact } from '@/lib/assistance/contacts/service'
import { amendService, voidService } from '@/lib/assistance/services/amend-service'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { amendServiceInput } from '@/lib/assistance/services/schema'
import { changeCase } from '@/lib/cases/service'
import { changePerson } from '@/lib/people/change-service'
import { readIdentity } from '@/lib/people/identity-service'
import { registerPersonInput } from '@/lib/people/schema'
import { keepSearch, searchPersons } from '@/lib/people/search-service'
import { registerPerson, viewPerson } from '@/lib/people/service'
import { log } from '@/lib/platform/log'
import { loggedService } from '@/tests/factories/assistance'
import { openedCase, valueOf } from '@/tests/factories/cases'
import { office, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import { dumpOf, textsIn, textsInFolder } from '@/tests/support/stored-bytes'

/** No two sound alike: a text that seemed to hold a name would be asked about. */
const STEMS = 'bar dol fum gat hib jor lum nep pod ris sut tav vel wim yun zog'.split(' ')
/** Made anew for each run, of letters that no other text has: wherever one is found, it came from here. */
const mark = () => `Qx${STEMS.shift() ?? ''}${randomBytes(5).toString('hex').replaceAll(/\d/g, 'k')}`
const NUMBER = `+4479${String(Date.now()).slice(-8)}`

const SECRET = {
  name: mark(),
  alias: `${mark()} 张伟`,
  email: `${mark().toLowerCase()}@canary.example`,
  phone: NUMBER,
  document: `${mark().toUpperCase()}771`,
  address: `${mark()} Lane`,
  codeWord: mark(),
  mayAnswer: mark(),
  note: mark(),
  contact: mark(),
  amendment: mark(),
  voiding: mark(),
  decision: mark(),
  lookReason: mark(),
  search: mark(),
  newName: mark(),
} as const
const SECRETS = Object.values(SECRET)

let database: TestDatabase
let owner: postgres.Sql
let superuser: postgres.Sql
let harbour: Office
let person: string
let said = ''

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  superuser = postgres(database.superuserUrl, { max: 1, onnotice: () => undefined })
  harbour = await office(owner)
  const keep = (chunk: string | Uint8Array): boolean => {
    said += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    return true
  }
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep))
  person = await everythingThatHolds(harbour)
  await everythingThatFails(harbour, person)
  log.info({ code: person }, 'the last line, so that there is one')
  for (const spy of spies) spy.mockRestore()
})
afterAll(async () => {
  await superuser.end()
  await owner.end()
  await database.drop()
})

const identity = {
  names: [{ value: `${SECRET.name} Marker` }],
  aliases: [{ value: SECRET.alias }],
  emails: [{ value: SECRET.email }],
  phones: [{ value: SECRET.phone }],
  documents: [{ type: 'passport', number: SECRET.document }],
  addresses: [{ value: SECRET.address }],
}

/** Every use case through which words of a person's life come in, and every look at them. */
async function everythingThatHolds({ caseworker }: Office): Promise<string> {
  const made = valueOf(
    await registerPerson(
      caseworker,
      registerPersonInput.parse({
        identity,
        safeContact: { channels: { text: true }, codeWord: SECRET.codeWord, mayAnswer: SECRET.mayAnswer },
      }),
    ),
  )
  const on = (await openedCase(caseworker, { person: made.code })).code
  valueOf(
    await changeCase(caseworker, {
      case: on,
      version: 1,
      identification: 'actual',
      identifiedBy: 'Police',
      identificationReason: SECRET.decision,
      identificationReasonKept: SECRET.decision,
    }),
  )
  const service = await loggedService(caseworker, { case: on, note: SECRET.note, noteKept: 'Their own words' })
  valueOf(
    await amendService(
      caseworker,
      amendServiceInput.parse({
        service: service.code,
        version: 1,
        reason: SECRET.amendment,
        reasonKept: 'Their own words',
        category: 'residency',
        type: 'temporary_permit',
      }),
    ),
  )
  valueOf(
    await voidService(caseworker, { service: service.code, reason: SECRET.voiding, reasonKept: 'Their own words' }),
  )
  const contact = valueOf(
    await logContact(
      caseworker,
      logContactInput.parse({ case: on, kind: 'call', text: SECRET.contact, textKept: 'Their own words' }),
    ),
  )
  valueOf(await readContactText(caseworker, { contact: contact.code }))
  valueOf(
    await voidContact(caseworker, { contact: contact.code, reason: SECRET.voiding, reasonKept: 'Their own words' }),
  )
  valueOf(await readServiceNotes(caseworker, { service: service.code }))
  valueOf(await readIdentity(caseworker, { person: made.code, reason: SECRET.lookReason }))
  valueOf(await keepSearch(caseworker, { query: SECRET.search }))
  const { version } = valueOf(await viewPerson(caseworker, { person: made.code }))
  const change = registerPersonInput.parse({ identity: { ...identity, names: [{ value: SECRET.newName }] } })
  valueOf(await changePerson(caseworker, { person: made.code, version, ...change }))
  return made.code
}

/** The same words in what goes wrong: refused, malformed, and failing in the database. */
async function everythingThatFails({ caseworker }: Office, code: string): Promise<void> {
  const token = await tokenFor(owner, caseworker)
  const body = { identity: { names: [SECRET.name], nonsense: SECRET.alias } }
  await callApi('POST', '/persons', { token, body, headers: { 'idempotency-key': 'canaries-1' } })
  await callApi('POST', '/persons', { token, body: `{"identity": ${SECRET.name}` })
  await callApi('GET', `/persons/${SECRET.name}`, { token })
  await callApi('PATCH', `/persons/${code}`, { token, body: { identity }, headers: { 'if-match': '"1"' } })
  for (const table of ['person_identity', 'audit_event', 'search_handle']) {
    await owner.unsafe(`ALTER TABLE ${table} ADD CONSTRAINT broken CHECK (false) NOT VALID`)
    const answer = await callApi('POST', '/persons', { token, body: { identity } })
    if (table !== 'search_handle') expect(answer.status).toBe(500)
    expect(textsIn(Buffer.from(answer.text), SECRETS)).toEqual([])
    await keepSearch(caseworker, { query: SECRET.search }).catch(() => undefined)
    await searchPersons(caseworker, { query: SECRET.search }).catch(() => undefined)
    await owner.unsafe(`ALTER TABLE ${table} DROP CONSTRAINT broken`)
  }
}

describe('what was said in confidence is readable (C01, L06)', () => {
  it('in no file of the database: tables, indexes, write-ahead log, temporary files, its own log', async () => {
    await superuser`CHECKPOINT`
    const [row] = await superuser<{ data: string; oid: string }[]>`
      SELECT current_setting('data_directory') AS data, oid::text FROM pg_database WHERE datname = current_database()`
    const data = row?.data ?? ''
    // The code of the person is in the clear, so finding it shows that the search reads the right files.
    expect(await textsInFolder(join(data, 'base', row?.oid ?? ''), [person])).not.toEqual([])
    expect(await textsInFolder(join(data, 'pg_wal'), [person])).not.toEqual([])
    for (const folder of [join('base', row?.oid ?? ''), 'pg_wal', 'global', 'pg_xact', 'pg_logical', 'pg_stat']) {
      expect(await textsInFolder(join(data, folder), SECRETS)).toEqual([])
    }
    const serverLog = await readFile(join(data, '..', '..', 'postgres.log'))
    expect(serverLog.toString()).toContain('broken')
    expect(textsIn(serverLog, SECRETS)).toEqual([])
  }, 120_000)

  it('in no row of a dump', async () => {
    const { text, tables } = await dumpOf(owner)
    expect(tables).toBeGreaterThan(35)
    expect(text).toContain(person)
    expect(textsIn(Buffer.from(text), SECRETS)).toEqual([])
  })

  it('in no line of the application’s log', () => {
    expect(said).toContain('the last line')
    expect(said).toContain('failed')
    expect(textsIn(Buffer.from(said), SECRETS)).toEqual([])
  })
})
