/** The languages that the screens speak. English is the source, the others are complete. */
export const LOCALES = ['en', 'zh-Hans'] as const
export type Locale = (typeof LOCALES)[number]

export const DEFAULT_LOCALE: Locale = 'en'

/** How each language calls itself, for the language links; never translated. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', 'zh-Hans': '简体中文' }

/** The cookie that remembers the language of someone who isn't signed in. */
export const LOCALE_COOKIE = 'lang'

const RIGHT_TO_LEFT = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ps', 'prs', 'sd', 'ug', 'ur', 'yi'])

export function isLocale(text: string | null | undefined): text is Locale {
  return LOCALES.some((locale) => locale === text)
}

/** The direction in which a language is written, also for languages that the screens don't speak. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(language.split('-')[0]?.toLowerCase() ?? '') ? 'rtl' : 'ltr'
}

/** The language that fits an Accept-Language header best. Any Chinese gets Simplified Chinese until there is another. */
export function pickLocale(acceptLanguage: string | null | undefined): Locale {
  const wishes = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean)
      return { tag, quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter((wish) => wish.tag !== '' && wish.quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { tag } of wishes) {
    const language = tag.split('-')[0]
    if (language === 'zh') return 'zh-Hans'
    if (language === 'en') return 'en'
  }
  return DEFAULT_LOCALE
}
