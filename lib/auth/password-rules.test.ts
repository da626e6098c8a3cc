import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { contextWords, findPasswordFault, LONGEST_PASSWORD, type PasswordContext } from './password-rules'

const alone: PasswordContext = {
  hasSecondFactor: false,
  words: ['rosalind.okonkwo@harbour.example', 'Rosalind Okonkwo', 'Harbour House', 'Amparo'],
}
const withSecond: PasswordContext = { ...alone, hasSecondFactor: true }

describe('a new password', () => {
  it.each([
    ['velvet otter drinks rain', 'four words'],
    ['correcthorsebatterystaple', 'without spaces'],
    ['tinta verde en la mesa larga', 'Spanish'],
    ['我家门前有一条安静的小河流过田野', 'Chinese, counted by signs'],
    ['كتاب قديم على الرف الأخير', 'Arabic'],
    ['Тихая река у старого моста', 'Russian'],
    ['gT7#kQ9v!xLm2Zp', 'random signs'],
    ['🦦🌧️📚 otter rain books', 'with emoji'],
    ['  two spaces in front, kept', 'spaces at the start'],
    ['plum tango 1978 whistle', 'with a year among words'],
    ['x9'.padEnd(128, 'kq7vmz2wp4tcy'), '128 signs'],
  ])('A02 is taken: %s (%s)', (password) => {
    expect(findPasswordFault(password, alone)).toBeNull()
  })

  it('A02 needs 15 signs without a second factor and 12 with one, and may have 256', () => {
    expect(findPasswordFault('tq7 vmz 2wp4 c', alone)).toBe('auth.password.too_short')
    expect(findPasswordFault('tq7 vmz 2wp4 cx', alone)).toBeNull()
    expect(findPasswordFault('tq7vmz2wp4c', withSecond)).toBe('auth.password.too_short_with_second_factor')
    expect(findPasswordFault('tq7vmz2wp4cx', withSecond)).toBeNull()

    const long = 'kq7vmz2wp4tcyxr8'.repeat(20)
    expect(findPasswordFault(long.slice(0, LONGEST_PASSWORD), alone)).toBeNull()
    expect(findPasswordFault(long.slice(0, LONGEST_PASSWORD + 1), alone)).toBe('auth.password.too_long')
    expect(findPasswordFault('é'.normalize('NFD').repeat(14), alone)).toBe('auth.password.too_short')
  })

  it.each([
    'passwordpassword',
    'PasswordPassword',
    'qwertyuiopasdfgh',
    'P@ssw0rdP@ssw0rd1',
    'password12345678',
    'letmeinletmein1234',
    'iloveyou iloveyou',
    'welcome to amparo',
    'Administrator2026!',
    'trustno1trustno1',
  ])('A02 is refused as common or repetitive: %s', (password) => {
    expect(findPasswordFault(password, alone)).toMatch(/common|repetitive/)
  })

  it.each([
    'aaaaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    '123456789012345678',
    'abcdefghijklmnopqr',
    '1qaz2wsx3edc4rfv',
    '2026-11-24 2026-11-24',
    'йцукенйцукенйцукен',
    'zyxwvutsrqponmlk',
    '1111 2222 3333 4444',
    'hahahahahahahahaha',
    '!!!!!!!!!!!!!!!!!!!!',
  ])('A02 is refused as repetitive: %s', (password) => {
    expect(findPasswordFault(password, alone)).toMatch(/common|repetitive/)
  })

  it.each([
    'Harbour House 2026!',
    'rosalind.okonkwo123',
    'RosalindOkonkwo99',
    'harbourharbour2025',
    'r0s4lind ok0nkw0 1',
    'HarbourAmparo#1234',
  ])('A02 is refused as made of what is known about the member: %s', (password) => {
    expect(findPasswordFault(password, alone)).toBe('auth.password.about_you')
  })

  it('A02 may mention the agency when enough of it is the member’s own', () => {
    expect(findPasswordFault('harbour kettle whistles at noon', alone)).toBeNull()
  })

  it('A02 is never refused for want of digits, capitals or signs', () => {
    const word = fc.constantFrom(
      'otter',
      'violin',
      'maple',
      'copper',
      'lantern',
      'gravel',
      'cobalt',
      'willow',
      'pepper',
      'zigzag',
    )
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 4, maxLength: 8 }),
        (words) => findPasswordFault(words.join(' '), alone) === null,
      ),
    )
  })

  it('A02 gets an answer whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.boolean(), (password, hasSecondFactor) => {
        const fault = findPasswordFault(password, { hasSecondFactor, words: [password.slice(0, 10)] })
        return fault === null || fault.startsWith('auth.password.')
      }),
    )
  })
})

describe('the list of common passwords', () => {
  it('holds common ones as a whole, in any case and with signs around them', () => {
    for (const password of [
      'zaqwsxcderfv1234',
      'ZAQWSXCDERFV1234',
      '1234567890qwertyuiop',
      'masterofpuppets',
      '!masterofpuppets!',
    ]) {
      expect([findPasswordFault(password, alone), password]).not.toContain(null)
    }
  })
})

describe('context words', () => {
  it('are the parts of an address, a name or an agency, and the whole without signs', () => {
    expect(contextWords(['ana.li@harbour.example'])).toEqual(['analiharbourexample', 'harbour', 'example'])
    expect(contextWords(['王小明'])).toEqual(['王小明'])
  })
})
