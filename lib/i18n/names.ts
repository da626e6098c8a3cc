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
  return LANGUAGE_OVERRIDES[code]?.[locale] ?? intlLanguageName(code, locale) ?? referenceNames.get(code) ?? code
}

/** What a language calls itself, where `Intl` knows it. */
export function ownLanguageName(code: string): string | undefined {
  return Intl.DisplayNames.supportedLocalesOf([code]).length > 0 ? intlLanguageName(code, code) : undefined
}

function intlLanguageName(code: string, locale: string): string | undefined {
  return /^[a-z]{3}$/.test(code) ? displayNamesFor(locale, 'language').of(code) : undefined
}
