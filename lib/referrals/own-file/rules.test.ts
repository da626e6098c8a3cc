import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { FieldKey } from '@/lib/consent/fields'
import { EMPTY_IDENTITY } from '@/lib/people/identity-rules'
import { BLANK_PROFILE, profileView } from '@/lib/people/profile-rules'
import { NOT_ASKED } from '@/lib/people/safe-contact-rules'
import { registerPersonInput } from '@/lib/people/schema'

import { copyOf, gapsOf } from './rules'

/** A fact of each field, with a sign in it that stands nowhere else. */
const FACTS: Readonly<Partial<Record<FieldKey, { readonly value: unknown; readonly sign: string }>>> = {
  'profile.birth_band': { value: { state: 'stated', value: 1995 }, sign: '1995' },
  'profile.gender': { value: { state: 'stated', value: 'Feminine' }, sign: 'Feminine' },
  'profile.languages': {
    value: { languages: { state: 'stated', values: ['tir'] }, interpreter: { state: 'declined' } },
    sign: 'tir',
  },
  'profile.citizenship': { value: { state: 'stated', values: ['ER'] }, sign: '"ER"' },
  'profile.dependants': {
    value: { dependants: { state: 'stated', value: 3 }, pregnancy: { state: 'not_asked' } },
    sign: '"dependants"',
  },
  'case.stage': { value: 'support_plan', sign: 'support_plan' },
  'case.risk': { value: 'high', sign: 'high' },
  'contact.name': { value: { value: 'Quillon' }, sign: 'Quillon' },
  'contact.channels': { value: { phones: ['+15550177'], emails: ['q@example.org'] }, sign: '+15550177' },
  'contact.rules': {
    value: { ...NOT_ASKED, codeWord: 'heron', state: 'rules', askedAt: null, version: 2 },
    sign: 'heron',
  },
  'identity.names': { value: { names: [{ value: 'Marrow Quill' }], aliases: [{ value: 'Wren' }] }, sign: 'Wren' },
  'identity.birth_date': { value: '1996-04-02', sign: '1996-04-02' },
  'identity.addresses': { value: ['Markerlane 4'], sign: 'Markerlane' },
  'identity.documents': { value: [{ number: 'X77' }], sign: 'X77' },
  'case.experience': { value: { acts: ['Recruitment'], means: [], purposes: [], sectors: [] }, sign: 'Recruitment' },
  'case.identification': { value: { status: 'actual', by: 'Police', on: '2026-01-05' }, sign: 'Police' },
  'need.legal': { value: [{ type: 'civil_documents', urgency: 'urgent' }], sign: 'civil_documents' },
  'service.legal': {
    value: [{ type: 'compensation_remedy', deliveredOn: '2026-01-07', status: 'delivered' }],
    sign: 'compensation_remedy',
  },
}
const FIELDS = Object.keys(FACTS) as FieldKey[]
const factsOf = (fields: readonly FieldKey[]) => new Map(fields.map((field) => [field, FACTS[field]?.value]))

describe('a copy into a file of one’s own', () => {
  it('says what the chosen facts say and nothing of the others, and is a registration like any', () => {
    fc.assert(
      fc.property(fc.subarray(FIELDS), (chosen) => {
        const copy = copyOf(factsOf(chosen))
        const text = JSON.stringify(copy)
        for (const field of FIELDS) {
          // The full names take the place of the one to call them by; help of others is never copied.
          const isTold =
            chosen.includes(field) &&
            !field.startsWith('service.') &&
            !(field === 'contact.name' && chosen.includes('identity.names'))
          expect(text.includes(FACTS[field]?.sign ?? ''), field).toBe(isTold)
        }
        expect(registerPersonInput.safeParse(copy.person).success).toBe(true)
      }),
    )
  })

  it('fills what a known record doesn’t say, and writes nothing over', () => {
    const copy = copyOf(factsOf(FIELDS)).person
    const blank = profileView(BLANK_PROFILE, null)
    const nothing = { identity: EMPTY_IDENTITY, profile: blank, safeContact: { state: 'not_asked' } } as const
    expect(gapsOf(copy, nothing)).toEqual(copy)
    const full = gapsOf(copy, {
      identity: { ...EMPTY_IDENTITY, names: [{ value: 'Ana' }], phones: ['1'], birthDate: '1990' },
      profile: { ...blank, gender: { state: 'declined' } },
      safeContact: { state: 'none' },
    })
    expect(full.safeContact).toBeUndefined()
    expect(full.profile?.gender).toBeUndefined()
    expect(Object.keys(full.identity ?? {}).sort()).toEqual(['addresses', 'aliases', 'documents', 'emails'])
  })
})
