import countries from 'i18n-iso-countries'
import chinese from 'i18n-iso-countries/langs/zh.json'
import english from 'i18n-iso-countries/langs/en.json'
import french from 'i18n-iso-countries/langs/fr.json'
import spanish from 'i18n-iso-countries/langs/es.json'

/** Names that older files use and the lists don't, with the country that took their place. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  turkey: 'TR',
  türkiye: 'TR',
  'czech republic': 'CZ',
  swaziland: 'SZ',
  macedonia: 'MK',
  burma: 'MM',
  'ivory coast': 'CI',
  'cape verde': 'CV',
  'east timor': 'TL',
  zaire: 'CD',
  zr: 'CD',
  zar: 'CD',
  drc: 'CD',
  'dr congo': 'CD',
  'congo democratic republic of the': 'CD',
  kosovo: 'XK',
  rks: 'XK',
  xkx: 'XK',
  uk: 'GB',
  'great britain': 'GB',
  'united kingdom': 'GB',
  usa: 'US',
  'united states': 'US',
  'united states of america': 'US',
  russia: 'RU',
  'south korea': 'KR',
  'north korea': 'KP',
  'hong kong': 'HK',
  macau: 'MO',
  palestine: 'PS',
  'holy see': 'VA',
  laos: 'LA',
  syria: 'SY',
  iran: 'IR',
  'viet nam': 'VN',
  bolivia: 'BO',
  venezuela: 'VE',
  tanzania: 'TZ',
  moldova: 'MD',
  brunei: 'BN',
  congo: 'CG',
  gambia: 'GM',
  bahamas: 'BS',
}

/** Codes of countries that came apart: what they mean now is not one country. */
const DISSOLVED = new Set(['AN', 'ANT', 'YU', 'YUG', 'SU', 'SUN', 'CS', 'SCG', 'CSK', 'DD', 'DDR'])
const UNKNOWN = new Set(['00', '-99', 'ZZ', 'XXX', 'UNKNOWN', 'NULL', 'N/A'])

/** What a country's code or name in a file means; `unknown` is a stated absence, `dissolved` needs a person to decide. */
export type CountryReading =
  { readonly kind: 'country'; readonly code: string } | { readonly kind: 'unknown' | 'dissolved' | 'unrecognised' }

type Names = { readonly full: ReadonlyMap<string, string>; readonly loose: ReadonlyMap<string, string | null> }

let names: Names | undefined

/** Reads an ISO 3166-1 code (alpha-2, alpha-3) or a name in English, Spanish, French or Chinese as an alpha-2 code. */
export function readCountry(text: string): CountryReading {
  const plain = text.normalize('NFKC').trim()
  const upper = plain.toUpperCase()
  if (plain === '' || UNKNOWN.has(upper)) return { kind: 'unknown' }
  if (DISSOLVED.has(upper)) return { kind: 'dissolved' }
  names ??= namesToCodes()
  const code =
    (/^[A-Z]{2}$/.test(upper) && isCountry(upper) ? upper : undefined) ??
    (/^[A-Z]{3}$/.test(upper) ? countries.alpha3ToAlpha2(upper) : undefined) ??
    names.full.get(foldName(plain)) ??
    names.loose.get(foldName(plain.replace(BRACKETS, ' '))) ??
    undefined
  return code === undefined ? { kind: 'unrecognised' } : { kind: 'country', code }
}

/** Whether this is an ISO 3166-1 alpha-2 code in use (with XK for Kosovo). */
export function isCountry(code: string): boolean {
  return Object.hasOwn(countries.getAlpha2Codes(), code)
}

/** All alpha-2 codes. */
export const COUNTRY_CODES: readonly string[] = Object.keys(countries.getAlpha2Codes()).sort()

/** The alpha-3 code, as CTDC has asked for since 2024; null for a code that isn't in use. */
export function alpha3Of(code: string): string | null {
  return countries.alpha2ToAlpha3(code) ?? null
}

const BRACKETS = /\(.*?\)/g

/** A name without what its brackets say counts only where it then means one country: Corée (du Nord) is not Corée. */
function namesToCodes(): Names {
  const full = new Map<string, string>()
  const loose = new Map<string, string | null>()
  for (const language of [french, spanish, chinese, english]) {
    for (const [code, entry] of Object.entries(language.countries)) {
      for (const name of Array.isArray(entry) ? entry : [entry]) {
        full.set(foldName(name), code)
        const short = foldName(name.replace(BRACKETS, ' '))
        loose.set(short, (loose.get(short) ?? code) === code ? code : null)
      }
    }
  }
  for (const [name, code] of Object.entries(OTHER_NAMES)) full.set(foldName(name), code)
  return { full, loose }
}

/** Names without case, marks, articles and punctuation. */
function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\b(?:the|and)\b/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}
