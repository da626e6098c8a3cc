import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type postgres from 'postgres'

import { changePerson } from '@/lib/people/change-service'
import { listIdentities, readIdentity } from '@/lib/people/identity-service'
import { listLooksAt } from '@/lib/people/looks-service'
import { registerPersonInput, type RegisterPersonInput } from '@/lib/people/schema'
import { keepSearch, searchByHandle, searchPersons } from '@/lib/people/search-service'
import { registerPerson, viewPerson } from '@/lib/people/service'
import { newCode } from '@/lib/platform/ids'
import { office, ownerOf, type Office } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import type { Actor } from '@/lib/access/actor'
import type { Result } from '@/lib/platform/result'

let database: TestDatabase
let owner: postgres.Sql
let house: Office

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  house = await office(owner)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`Refused: ${result.refusal} ${result.reason ?? ''} ${JSON.stringify(result.errors)}`)
  return result.value
}

function input(given: unknown): RegisterPersonInput {
  return registerPersonInput.parse(given)
}

async function registered(actor: Actor, given: unknown = {}) {
  return valueOf(await registerPerson(actor, input(given)))
}

async function eventsSince(mark: bigint): Promise<{ type: string; subject: string | null; canonical: string }[]> {
  return owner`SELECT type, subject, canonical FROM audit_event WHERE id > ${String(mark)} ORDER BY id`
}

async function mark(): Promise<bigint> {
  const [row] = await owner<{ n: string }[]>`SELECT coalesce(max(id), 0)::text AS n FROM audit_event`
  return BigInt(row?.n ?? '0')
}

describe('registering a person', () => {
  it('needs nothing to be known, and leaves every answer as not asked', async () => {
    const person = await registered(house.caseworker)
    expect(person).toMatchObject({ version: 1, team: true, birthBand: null, cases: [] })
    expect(Object.values(person.profile ?? {}).map(({ state }) => state)).toEqual(Array(10).fill('not_asked'))
    expect(person.safeContact?.state).toBe('not_asked')
  })

  it('records one event, and takes the birth band from the birth date', async () => {
    const before = await mark()
    const person = await registered(house.caseworker, {
      identity: { names: ['Selam Haile'], birthDate: '1998-04' },
      profile: { gender: 'Feminine', languages: ['ti'], citizenships: ['Eritrea'], pregnancy: 'declined' },
    })
    expect(person.birthBand).toBe(1995)
    expect(person.profile).toMatchObject({
      birth: { state: 'stated', value: 1995 },
      gender: { state: 'stated', value: 'Feminine' },
      languages: { state: 'stated', values: ['tir'] },
      citizenships: { state: 'stated', values: ['ER'] },
      pregnancy: { state: 'declined' },
      dependants: { state: 'not_asked' },
    })
    expect((await eventsSince(before)).map(({ type }) => type)).toEqual(['person.registered'])
  })

  it('refuses a birth date ahead and leaves nothing behind', async () => {
    const [before] = await owner`SELECT count(*)::int AS n FROM person`
    const result = await registerPerson(house.caseworker, input({ identity: { birthYear: 2099 } }))
    expect(result).toMatchObject({
      ok: false,
      refusal: 'invalid',
      errors: { 'identity.birthYear': ['persons.errors.birth_ahead'] },
    })
    const [after] = await owner`SELECT count(*)::int AS n FROM person`
    expect(after?.['n']).toBe(before?.['n'])
  })

  it('is forbidden to roles without cases', async () => {
    expect(await registerPerson(house.admin, {})).toEqual({ ok: false, refusal: 'forbidden' })
  })

  it('T06: refuses the agency, owner or code that a sender chooses, wherever it stands', () => {
    for (const body of [
      { agencyId: house.agency.id },
      { holderAgencyId: house.agency.id },
      { code: 'AMP-00000000' },
      { version: 7 },
      { identity: { agencyId: house.agency.id } },
      { profile: { agencyId: house.agency.id } },
      { profile: { gender: { state: 'declined', agencyId: house.agency.id } } },
      { safeContact: { holderAgencyId: house.agency.id } },
      { identity: { names: [{ value: 'Selam', personId: 'x' }] } },
    ]) {
      expect(registerPersonInput.safeParse(body).success, JSON.stringify(body)).toBe(false)
    }
  })

  it('T06: writes the agency of the sign-in alone', async () => {
    const other = await office(owner)
    const person = await registered(other.caseworker)
    const [row] =
      await owner`SELECT holder_agency_id, agency_id, registered_by_id FROM person WHERE code = ${person.code}`
    expect(row).toEqual({
      holder_agency_id: other.agency.id,
      agency_id: other.agency.id,
      registered_by_id: other.caseworker.member,
    })
  })
})

describe('finding a person', () => {
  it.each([
    ['王小明', 'Wang Xiaoming'],
    ['王小明', 'xiao ming wang'],
    ['محمد حسين', 'Mohammed Hussein'],
    ['محمد حسين', 'Mohamed Hussain'],
    ['Наталья Иванова', 'Natalia Ivanova'],
    ['Þóra Ægisdóttir', 'Thora Aegisdottir'],
    ['Nguyễn Thị Hương', 'nguyen thi huong'],
    ['Wang Xiaoming', '王小明'],
    ['Mohammed Hussein', 'محمد حسين'],
  ])('finds %s by %s', async (name, typed) => {
    const agency = await office(owner)
    await registered(agency.caseworker, { identity: { names: ['Ana Pereira'] } })
    const { code } = await registered(agency.caseworker, { identity: { names: [name] } })
    const { hits } = valueOf(await searchPersons(agency.caseworker, { query: typed }))
    expect(hits.map((hit) => hit.code)).toContain(code)
    expect(hits).toHaveLength(1)
  })

  it('finds by phone, document, e-mail, alias and code, and ranks a birth year first', async () => {
    const agency = await office(owner)
    const older = await registered(agency.caseworker, { identity: { names: ['Li Na'], birthYear: 1970 } })
    const younger = await registered(agency.caseworker, {
      identity: {
        names: ['Li Na'],
        aliases: ['Rosa'],
        birthDate: '1998-02-03',
        phones: ['+43 660 1234567'],
        emails: ['Li.Na@example.org'],
        documents: [{ type: 'passport', number: 'E 1234567' }],
      },
    })
    const found = async (query: string) =>
      valueOf(await searchPersons(agency.caseworker, { query })).hits.map((hit) => hit.code)
    expect(await found('0660 1234567')).toEqual([younger.code])
    expect(await found('e1234567')).toEqual([younger.code])
    expect(await found('li.na@EXAMPLE.org')).toEqual([younger.code])
    expect(await found('Rosa')).toEqual([younger.code])
    expect(await found(older.code.toLowerCase().replace('-', ' '))).toEqual([older.code])
    expect((await found('Li Na 1998'))[0]).toBe(younger.code)
    expect((await found('Li Na 1970'))[0]).toBe(older.code)
    expect(await found('1998')).toEqual([])
  })

  it('stops at twenty and says so', async () => {
    const agency = await office(owner)
    for (let made = 0; made < 22; made += 1)
      await registered(agency.caseworker, { identity: { names: ['Maria Santos'] } })
    const { hits, more } = valueOf(await searchPersons(agency.caseworker, { query: 'Maria Santos' }))
    expect(hits).toHaveLength(20)
    expect(more).toBe(true)
  })

  it('shows a colleague off the team the line and nothing else', async () => {
    const agency = await office(owner)
    const { code } = await registered(agency.caseworker, { identity: { names: ['Tomas Novak'], birthYear: 1991 } })
    const { hits } = valueOf(await searchPersons(agency.colleague, { query: 'Tomáš Novák' }))
    expect(hits).toEqual([
      { code, strength: 'strong', birthBand: 1990, responsible: agency.caseworker.displayName, team: false },
    ])
  })

  it('does not find the persons of another agency', async () => {
    const [one, two] = [await office(owner), await office(owner)]
    await registered(one.caseworker, { identity: { names: ['Yusuf Demir'] } })
    expect(valueOf(await searchPersons(two.caseworker, { query: 'Yusuf Demir' }))).toEqual({
      hits: [],
      shared: [],
      more: false,
    })
  })

  it('writes one event a search, without the text (L06)', async () => {
    const before = await mark()
    await searchPersons(house.caseworker, { query: 'Zebrafinch Quillon 1998' })
    const events = await eventsSince(before)
    expect(events.map(({ type }) => type)).toEqual(['person.searched'])
    expect(events[0]?.canonical).not.toMatch(/zebra|quillon|1998/i)
  })

  it('trap T15: takes search text as data, whatever it looks like', async () => {
    const before = await owner`SELECT count(*)::int AS n FROM search_token`
    for (const query of [
      "'; DROP TABLE search_token; --",
      "x' OR '1'='1",
      '%',
      '\\x00',
      '{a,b}',
      '$1',
      'ᚠ'.repeat(200),
      '\u202e',
    ]) {
      const result = await searchPersons(house.caseworker, { query })
      expect(valueOf(result).hits, query).toEqual([])
    }
    expect(await owner`SELECT count(*)::int AS n FROM search_token`).toEqual(before)
  })

  it('keeps a search text sealed, for its member alone, and for a quarter of an hour', async () => {
    const handle = valueOf(await keepSearch(house.caseworker, { query: 'Quetzalli Montezuma' }))
    expect(valueOf(await searchByHandle(house.caseworker, handle)).query).toBe('Quetzalli Montezuma')
    expect(await searchByHandle(house.colleague, handle)).toEqual({ ok: false, refusal: 'not_found' })
    expect(await searchByHandle(house.caseworker, `${handle.slice(0, -1)}_`)).toMatchObject({ refusal: 'not_found' })
    await owner`UPDATE search_handle SET expires_at = now() - interval '1 second'`
    expect(await searchByHandle(house.caseworker, handle)).toEqual({ ok: false, refusal: 'not_found' })
    await keepSearch(house.caseworker, { query: 'another' })
    expect((await owner`SELECT count(*)::int AS n FROM search_handle`)[0]?.['n']).toBe(1)
  })
})

describe('looking at a person', () => {
  it('shows the team profile and safe contact, a colleague the skeleton', async () => {
    const { code } = await registered(house.caseworker, {
      profile: { gender: 'Masculine' },
      safeContact: { channels: { call: false, text: { safe: true, from: '10:00', until: '14:00' } }, codeWord: 'Mia' },
    })
    const team = valueOf(await viewPerson(house.caseworker, { person: code }))
    expect(team.profile?.gender).toEqual({ state: 'stated', value: 'Masculine' })
    expect(team.safeContact).toMatchObject({ state: 'rules', codeWord: 'Mia', channels: { call: { safe: false } } })
    expect(team.identity.access).toBe('press')
    const colleague = valueOf(await viewPerson(house.colleague, { person: code }))
    expect(colleague).toMatchObject({ profile: null, safeContact: null, team: false })
    expect(colleague.identity).toEqual({ access: 'held', last: null })
    expect(JSON.stringify(colleague)).not.toMatch(/Mia|Masculine/)
  })

  it('records each view once, and says who looked at the identity last', async () => {
    const { code } = await registered(house.caseworker, { identity: { names: ['Ada'] } })
    const before = await mark()
    await viewPerson(house.caseworker, { person: code })
    await readIdentity(house.caseworker, { person: code })
    const { identity } = valueOf(await viewPerson(house.caseworker, { person: code }))
    expect(identity.last).toMatchObject({ type: 'identity.read', who: house.caseworker.displayName })
    expect((await eventsSince(before)).map(({ type, subject }) => [type, subject])).toEqual([
      ['person.viewed', code],
      ['identity.read', code],
      ['person.viewed', code],
    ])
    const looks = valueOf(await listLooksAt(house.caseworker, { person: code }))
    expect(looks.items.map(({ type }) => type)).toEqual([
      'person.viewed',
      'identity.read',
      'person.viewed',
      'person.registered',
    ])
    expect(await listLooksAt(house.colleague, { person: code })).toEqual({ ok: false, refusal: 'forbidden' })
  })

  it('answers the same for an unknown code, a wrong check sign and another agency', async () => {
    const other = await office(owner)
    const { code } = await registered(other.caseworker)
    const wrong = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0')
    for (const person of [code, newCode('AMP'), wrong, 'nonsense', '']) {
      expect(await viewPerson(house.caseworker, { person })).toEqual({ ok: false, refusal: 'not_found' })
      expect(await readIdentity(house.caseworker, { person })).toEqual({ ok: false, refusal: 'not_found' })
      expect(await changePerson(house.caseworker, { person, version: 1 })).toEqual({ ok: false, refusal: 'not_found' })
    }
  })
})

describe('identity', () => {
  const known = {
    names: [{ value: '王小明', script: 'Hans' }, { value: 'Wang Xiaoming' }],
    birthDate: '1998-04-02',
    phones: ['+43 660 1234567'],
    addresses: ['Hidden Lane 5'],
    documents: [{ type: 'passport', number: 'P123', country: 'CN' }],
  }

  it('is read by the team, and forbidden to a colleague', async () => {
    const { code } = await registered(house.caseworker, { identity: known })
    expect(valueOf(await readIdentity(house.caseworker, { person: code, reason: 'Asked at the door' }))).toEqual({
      code,
      version: 1,
      identityVersion: 1,
      ...known,
      birthYear: 1998,
      aliases: [],
      emails: [],
    })
    expect(await readIdentity(house.colleague, { person: code })).toEqual({ ok: false, refusal: 'forbidden' })
    expect(valueOf(await readIdentity(house.supervisor, { person: code })).names).toHaveLength(2)
  })

  it('keeps a given reason sealed in the event', async () => {
    const { code } = await registered(house.caseworker, { identity: known })
    await readIdentity(house.caseworker, { person: code, reason: 'Purple umbrella' })
    const [event] =
      await owner`SELECT reason, canonical FROM audit_event WHERE type = 'identity.read' AND subject = ${code}`
    expect(event?.['reason']).toBeInstanceOf(Uint8Array)
    expect(Buffer.from(event?.['reason'] as Uint8Array).toString('latin1')).not.toContain('umbrella')
    expect(event?.['canonical']).not.toContain('umbrella')
  })

  it('is shown for the own rows of a list, one look each, others left out', async () => {
    const one = await registered(house.caseworker, { identity: { names: ['Ada'] } })
    const two = await registered(house.caseworker)
    const theirs = await registered(house.colleague, { identity: { names: ['Eve'] } })
    const before = await mark()
    const list = valueOf(
      await listIdentities(house.caseworker, { persons: [one.code, two.code, theirs.code, newCode('AMP')] }),
    )
    expect([...list].sort((a, b) => a.code.localeCompare(b.code))).toEqual(
      [
        { code: one.code, name: { value: 'Ada' } },
        { code: two.code, name: null },
      ].sort((a, b) => a.code.localeCompare(b.code)),
    )
    expect((await eventsSince(before)).map(({ type }) => type)).toEqual(['identity.listed', 'identity.listed'])
  })

  it('is changed in versions, and the search follows', async () => {
    const agency = await office(owner)
    const { code } = await registered(agency.caseworker, { identity: known })
    const changed = valueOf(
      await changePerson(agency.caseworker, {
        person: code,
        version: 1,
        ...input({ identity: { names: ['Fatima Zahra'], birthDate: null } }),
      }),
    )
    expect(changed).toMatchObject({ version: 2, birthBand: null })
    expect(changed.profile?.birth).toEqual({ state: 'unknown' })
    const identity = valueOf(await readIdentity(agency.caseworker, { person: code }))
    expect(identity).toMatchObject({
      version: 2,
      names: [{ value: 'Fatima Zahra' }],
      birthDate: null,
      phones: known.phones,
    })
    const found = async (query: string) =>
      valueOf(await searchPersons(agency.caseworker, { query })).hits.map((hit) => hit.code)
    expect(await found('فاطمة الزهراء')).toEqual([code])
    expect(await found('Wang Xiaoming')).toEqual([])
    expect(await found('+436601234567')).toEqual([code])
    const versions = await owner<
      { version: number }[]
    >`SELECT i.version FROM person_identity i JOIN person p ON p.id = i.person_id WHERE p.code = ${code} ORDER BY 1`
    expect(versions.map(({ version }) => version)).toEqual([1, 2])
  })

  it('R03: of two changes made from the same version one is stale, and nothing of it is written', async () => {
    const { code } = await registered(house.caseworker, { identity: known })
    const change = (name: string) =>
      changePerson(house.caseworker, { person: code, version: 1, ...input({ identity: { names: [name] } }) })
    const results = await Promise.all([change('First'), change('Second')])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results.filter(({ ok }) => !ok)).toEqual([{ ok: false, refusal: 'stale' }])
    expect(valueOf(await readIdentity(house.caseworker, { person: code })).version).toBe(2)
  })

  it('a known birth date stands before an answer about the year of birth', async () => {
    const { code } = await registered(house.caseworker, { identity: { birthDate: '1998' } })
    const changed = valueOf(
      await changePerson(house.caseworker, {
        person: code,
        version: 1,
        ...input({ profile: { birth: 1960, gender: 'declined' } }),
      }),
    )
    expect(changed.birthBand).toBe(1995)
    expect(changed.profile).toMatchObject({ birth: { state: 'stated', value: 1995 }, gender: { state: 'declined' } })
  })

  it('a colleague off the team changes nothing', async () => {
    const { code } = await registered(house.caseworker, { identity: known })
    expect(
      await changePerson(house.colleague, { person: code, version: 1, ...input({ profile: { gender: 'Feminine' } }) }),
    ).toEqual({
      ok: false,
      refusal: 'forbidden',
    })
  })
})
