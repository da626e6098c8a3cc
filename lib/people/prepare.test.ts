import { describe, expect, it } from 'vitest'

import { open } from '@/lib/platform/crypto/envelope'
import { newKey, unwrapPersonKey } from '@/lib/platform/crypto/key-tree'
import { newId, parseCode } from '@/lib/platform/ids'
import { placeOfVersion, preparePerson } from './prepare-service'
import { registerPersonInput } from './schema'

const agency = newId()
const keys = { data: newKey(agency), index: newKey(agency) }
const who = { agency, country: 'AT', member: newId(), at: new Date('2026-01-05T10:00:00Z') }
const known = registerPersonInput.parse({
  identity: { names: [{ value: '王小明' }], birthYear: 1998, phones: ['0660 1234567'] },
  profile: { gender: 'Masculine' },
  safeContact: { channels: { call: false } },
})

describe('preparing a person for writing', () => {
  it('seals every part under the person’s own key, which only the agency’s key opens', () => {
    const rows = preparePerson(keys, known, who)
    const { id } = rows.person
    expect(parseCode(rows.person.code, 'AMP')).toBe(rows.person.code)
    expect(rows.person).toMatchObject({ holderAgencyId: agency, agencyId: agency, birthBand: 1995, createdAt: who.at })
    const key = unwrapPersonKey(keys.data, id, 1, rows.personKey.wrapped)
    const read = (table: 'person_identity' | 'safe_contact', sealed: Uint8Array) =>
      JSON.parse(open(key, placeOfVersion(table, agency, id, 1), sealed).toString('utf8')) as Record<string, unknown>
    expect(read('person_identity', rows.identity.sealed)).toMatchObject({
      names: [{ value: '王小明' }],
      birthDate: '1998',
    })
    expect(read('safe_contact', rows.safeContact?.sealed ?? new Uint8Array())).toMatchObject({
      channels: { call: { safe: false } },
    })
    expect(() => unwrapPersonKey(newKey(agency), id, 1, rows.personKey.wrapped)).toThrow(/did not open/)
    expect(() => read('safe_contact', rows.identity.sealed)).toThrow(/did not open/)
  })

  it('makes each token once, and none for someone of whom nothing is known', () => {
    const { tokens } = preparePerson(keys, known, who)
    const texts = tokens.map(({ token }) => Buffer.from(token).toString('hex'))
    expect(new Set(texts).size).toBe(texts.length)
    expect(texts.length).toBeGreaterThan(4)
    const nobody = preparePerson(keys, {}, who)
    expect(nobody.tokens).toEqual([])
    expect(nobody.safeContact).toBeNull()
    expect(nobody.profile.birthState).toBe('not_asked')
  })

  it('takes the ids of an importer or of demonstration data', () => {
    const [id, code] = [newId(), 'AMP-000000000']
    expect(preparePerson(keys, known, { ...who, id, code }).person).toMatchObject({ id, code })
  })
})
