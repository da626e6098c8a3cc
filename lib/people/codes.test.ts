import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import english from '@/lib/i18n/messages/en/people.json'
import chinese from '@/lib/i18n/messages/zh-Hans/people.json'

import { CODE_LISTS, codeOf, codesOf } from './codes'
import { alpha3Of, COUNTRY_CODES, isCountry, readCountry } from './countries'
import { isLanguage, readLanguage } from './languages'

describe('code lists', () => {
  it('have a label for each code in both languages, and no label without a code', () => {
    for (const messages of [english, chinese]) {
      for (const [list, codes] of Object.entries(CODE_LISTS)) {
        const labels: Readonly<Record<string, string>> = messages.codes[list as keyof typeof CODE_LISTS]
        expect([list, Object.keys(labels).sort()]).toEqual([list, [...codes].sort()])
      }
    }
  })

  it('call nobody a victim, illegal or a prostitute on screen', () => {
    const shown = JSON.stringify(english.codes)
    expect(shown.replace(/"\w+":/g, '')).not.toMatch(/victim|illegal|prostitut|pornograph|abscond/i)
  })

  it('accept their own codes, each once', () => {
    expect(codeOf('gender').safeParse('Feminine').success).toBe(true)
    expect(codeOf('gender').safeParse('Female').success).toBe(false)
    expect(codesOf('means').parse(['DebtBondage', 'Other', 'DebtBondage'])).toEqual(['DebtBondage', 'Other'])
  })
})

describe('countries', () => {
  it.each([
    ['TR', 'TR'],
    ['tr', 'TR'],
    ['TUR', 'TR'],
    ['Turkey', 'TR'],
    ['Türkiye', 'TR'],
    ['TURKIYE', 'TR'],
    ['ZR', 'CD'],
    ['XK', 'XK'],
    ['Kosovo', 'XK'],
    ['Congo, Democratic Republic of the', 'CD'],
    ['Congo', 'CG'],
    ['Bolivia (Plurinational State of)', 'BO'],
    ['Côte d’Ivoire', 'CI'],
    ["Cote d'Ivoire", 'CI'],
    ['España', 'ES'],
    ['中国', 'CN'],
    ['Royaume-Uni', 'GB'],
    ['Viet Nam', 'VN'],
    ['Niger', 'NE'],
    ['Nigeria', 'NG'],
    ['NA', 'NA'],
    ['Korea, Republic of', 'KR'],
  ])('%s is %s', (text, code) => {
    expect(readCountry(text)).toEqual({ kind: 'country', code })
  })

  it('are told from stated absence, from countries that came apart, and from nonsense', () => {
    for (const text of ['', ' ', '00', '-99', 'unknown']) expect(readCountry(text)).toEqual({ kind: 'unknown' })
    for (const text of ['AN', 'YU', 'SCG', 'su']) expect(readCountry(text)).toEqual({ kind: 'dissolved' })
    for (const text of ['QQ', 'Atlantis', '12', 'ABC']) expect(readCountry(text)).toEqual({ kind: 'unrecognised' })
  })

  it('each have an alpha-3 code, and are read back from either code', () => {
    for (const code of COUNTRY_CODES) {
      expect(isCountry(code)).toBe(true)
      const alpha3 = alpha3Of(code)
      expect(readCountry(alpha3 ?? '')).toEqual({ kind: 'country', code })
    }
    expect(COUNTRY_CODES).toHaveLength(250)
  })
})

describe('languages', () => {
  it.each([
    ['en', 'eng'],
    ['ENG', 'eng'],
    ['fre', 'fra'],
    ['fra', 'fra'],
    ['fr', 'fra'],
    ['chi', 'zho'],
    ['prs', 'prs'],
    ['Dari', 'prs'],
    ['ckb', 'ckb'],
    ['kmr', 'kmr'],
    ['Tigrinya', 'tir'],
    ['Tigrigna', 'tir'],
    ['English', 'eng'],
    ['Spanish', 'spa'],
    ['Modern Greek', 'ell'],
    ['Greek', 'ell'],
    ['en-GB', 'eng'],
    ['zh_Hans', 'zho'],
    ['Wolof', 'wol'],
    ['中文', 'zho'],
    ['bg', 'bul'],
  ])('%s is %s', (text, code) => {
    expect(readLanguage(text)).toBe(code)
    expect(isLanguage(code)).toBe(true)
  })

  it('are null for nonsense, and always a code of the standard otherwise', () => {
    for (const text of ['', 'xx', 'Klingonese', '12']) expect(readLanguage(text)).toBeNull()
    fc.assert(
      fc.property(fc.string({ maxLength: 4 }), (text) => {
        const code = readLanguage(text)
        return code === null || isLanguage(code)
      }),
    )
    expect(isLanguage('en')).toBe(false)
  })
})
