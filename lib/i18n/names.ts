import { iso6393 } from 'iso-639-3'
import type { Locale } from './locale'

/**
 * Language names that `Intl` lacks, or gives for a wider language than the code means
 * (it calls both `kmr` and `kur` Kurdish), for languages that caseworkers meet often.
 */
const LANGUAGE_OVERRIDES: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  ase: { en: 'American Sign Language', 'zh-Hans': '美国手语' },
  apc: { en: 'Levantine Arabic', 'zh-Hans': '黎凡特阿拉伯语' },
  arb: { en: 'Standard Arabic', 'zh-Hans': '标准阿拉伯语' },
  bci: { en: 'Baoulé', 'zh-Hans': '鲍勒语' },
  ben: { en: 'Bengali', 'zh-Hans': '孟加拉语' },
  bin: { en: 'Edo (Bini)', 'zh-Hans': '埃多语' },
  ckb: { en: 'Kurdish, Sorani', 'zh-Hans': '中库尔德语（索拉尼语）' },
  cmn: { en: 'Mandarin Chinese', 'zh-Hans': '普通话' },
  fuc: { en: 'Pulaar', 'zh-Hans': '普拉尔语' },
  kmr: { en: 'Kurdish, Kurmanji', 'zh-Hans': '北库尔德语（库尔曼吉语）' },
  mnk: { en: 'Mandinka', 'zh-Hans': '曼丁卡语' },
  nan: { en: 'Hokkien (Min Nan)', 'zh-Hans': '闽南语' },
  pbt: { en: 'Southern Pashto', 'zh-Hans': '南普什图语' },
  pes: { en: 'Persian (Farsi)', 'zh-Hans': '波斯语（法尔西语）' },
  prs: { en: 'Dari', 'zh-Hans': '达里语' },
  rom: { en: 'Romani', 'zh-Hans': '罗姆语' },
  rmn: { en: 'Balkan Romani', 'zh-Hans': '巴尔干罗姆语' },
  syl: { en: 'Sylheti', 'zh-Hans': '锡尔赫特语' },
  tgl: { en: 'Tagalog', 'zh-Hans': '他加禄语' },
  wol: { en: 'Wolof', 'zh-Hans': '沃洛夫语' },
  yue: { en: 'Cantonese', 'zh-Hans': '粤语' },
}

const referenceNames = new Map(iso6393.map((language) => [language.iso6393, language.name]))
const displayNames = new Map<string, Intl.DisplayNames>()

function displayNamesFor(locale: string, type: 'language' | 'region'): Intl.DisplayNames {
  const key = `${type} ${locale}`
  let names = displayNames.get(key)
  if (names === undefined) {
    names = new Intl.DisplayNames(locale, { type, fallback: 'none' })
    displayNames.set(key, names)
  }
  return names
}

/** The name of an ISO 3166-1 alpha-2 code; a code without a name reads as the code. */
export function countryName(code: string, locale: Locale): string {
  if (!/^[A-Z]{2}$/.test(code)) return code
  return displayNamesFor(locale, 'region').of(code) ?? code
}

/** The name of an ISO 639-3 code; where the language of the screen has none, the standard's English name. */
export function languageName(code: string, locale: Locale): string {
  const own = LANGUAGE_OVERRIDES[code]?.[locale]
  if (own !== undefined) return own
  const general = intlLanguageName(code, locale)
  const narrow = lentNames().narrow.get(code)
  if (narrow !== undefined) return locale === 'en' || general === undefined ? narrow : `${general}（${narrow}）`
  return general ?? referenceNames.get(code) ?? code
}

/** Whether a code says nothing that another doesn't say by the same name: `swh` beside `swa`, both of them Swahili. */
export function isSecondCode(code: string): boolean {
  return lentNames().second.has(code)
}

type LentNames = { readonly narrow: ReadonlyMap<string, string>; readonly second: ReadonlySet<string> }
let lent: LentNames | undefined

/**
 * Codes to which `Intl` lends the name of a wider or another language, as it calls Akan, Fanti and Twi all Akan. In a list
 * they couldn't be told apart: they get the standard's own name, and none stays twice where that name is the same.
 */
function lentNames(): LentNames {
  if (lent !== undefined) return lent
  const byName = new Map<string, typeof iso6393>()
  for (const language of iso6393.filter(({ type, scope }) => type === 'living' && scope !== 'special')) {
    const name =
      LANGUAGE_OVERRIDES[language.iso6393] === undefined ? intlLanguageName(language.iso6393, 'en') : undefined
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), language])
  }
  const narrow = new Map<string, string>()
  const second = new Set<string>()
  for (const [shared, languages] of byName) {
    const keeper =
      languages.find(({ scope }) => scope === 'macrolanguage') ?? languages.find(({ name }) => name === shared)
    for (const { iso6393: code, name } of languages) {
      const plain = name.replace(/ \([^)]*\)$/, '')
      if (languages.length === 1 || code === keeper?.iso6393) continue
      if (plain === shared) second.add(code)
      else narrow.set(code, plain)
    }
  }
  lent = { narrow, second }
  return lent
}

/** What a language calls itself, where `Intl` knows it. */
export function ownLanguageName(code: string): string | undefined {
  return Intl.DisplayNames.supportedLocalesOf([code]).length > 0 ? intlLanguageName(code, code) : undefined
}

function intlLanguageName(code: string, locale: string): string | undefined {
  return /^[a-z]{3}$/.test(code) ? displayNamesFor(locale, 'language').of(code) : undefined
}
