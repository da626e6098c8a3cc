import { describe, expect, it } from 'vitest'

import {
  changedParts,
  EMPTY_IDENTITY,
  glyphLanguage,
  isBlankIdentity,
  isBornLater,
  withIdentity,
} from './identity-rules'
import { identityInput } from './identity-schema'

const read = (given: unknown) => withIdentity(EMPTY_IDENTITY, identityInput.parse(given))

describe('an identity', () => {
  it('takes names, numbers and documents as text or as objects', () => {
    const short = read({ names: ['Ada'], phones: ['+43 1 2345'], documents: ['P 123'], emails: ['a@b.example'] })
    const long = read({
      names: [{ value: 'Ada' }],
      phones: [{ value: '+43 1 2345' }],
      documents: [{ number: 'P 123' }],
      emails: [{ value: 'a@b.example' }],
    })
    expect(short).toEqual(long)
    expect(short).toMatchObject({ names: [{ value: 'Ada' }], documents: [{ number: 'P 123' }], birthDate: null })
  })

  it('keeps what is known of a birth date', () => {
    expect(['1998', '1998-04', '1998-04-02'].map((birthDate) => read({ birthDate }).birthDate)).toEqual([
      '1998',
      '1998-04',
      '1998-04-02',
    ])
    expect(read({ birthYear: '1987' }).birthDate).toBe('1987')
  })

  it.each([
    [{ birthDate: '1998-13' }, 'birthDate'],
    [{ birthDate: '2023-02-29' }, 'birthDate'],
    [{ birthDate: '1899' }, 'birthDate'],
    [{ birthDate: '1998', birthYear: 1999 }, 'birthYear'],
    [{ phones: ['none'] }, 'phones.0.value'],
    [{ emails: ['nobody'] }, 'emails.0.value'],
    [{ names: ['a\u0000b'] }, 'names.0.value'],
    [{ names: ['x'.repeat(201)] }, 'names.0.value'],
    [{ names: Array(11).fill('Ada') }, 'names'],
    [{ photo: 'x' }, ''],
  ])('refuses %j', (given, path) => {
    expect(identityInput.safeParse(given).error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })

  it('changes in the parts that are given, and says which differ', () => {
    const before = read({ names: ['Ada'], birthDate: '1998', phones: ['123'] })
    const after = withIdentity(before, identityInput.parse({ phones: [], birthDate: null, names: ['Ada'] }))
    expect(after).toEqual({ ...before, phones: [], birthDate: null })
    expect(changedParts(before, after)).toEqual(['birthDate', 'phones'])
    expect(withIdentity(before, {})).toEqual(before)
  })

  it('is blank only when nothing at all is known', () => {
    expect(isBlankIdentity(EMPTY_IDENTITY)).toBe(true)
    expect(isBlankIdentity(read({ addresses: ['somewhere'] }))).toBe(false)
  })

  it('knows a birth date ahead by the parts that are known', () => {
    const ahead = (birthDate: string) => isBornLater({ birthDate }, '2026-11-24')
    expect(['2026', '2026-11', '2026-11-24'].map(ahead)).toEqual([false, false, false])
    expect(['2027', '2026-12', '2026-11-25'].map(ahead)).toEqual([true, true, true])
    expect(isBornLater({ birthDate: null }, '2026-11-24')).toBe(false)
  })

  it('gives each script its glyphs', () => {
    expect(['王小明', 'محمد', 'さくら', '김', 'Ада', 'Ada'].map(glyphLanguage)).toEqual([
      'zh',
      'ar',
      'ja',
      'ko',
      'ru',
      undefined,
    ])
  })
})
