import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js'

import { readCountry } from '@/lib/people/countries'
import { readLanguage } from '@/lib/people/languages'

import { readDate } from './dates'
import { asciiDigits } from './digits'
import { keyOf, type HtcdsField } from './fields'
import { fault, stated, type Reading, type ReadingContext } from './reading'

const LONGEST_TEXT = 500
const LONGEST_LONG_TEXT = 10_000

/** How files write that nothing is known; the last is CTDC's. */
const UNKNOWN = new Set(['unknown', 'notknown', 'na', 'null', 'none', 'nan', '-99', '99999', 'missing'])
/** In texts less counts as absent: Null, None and Na are names of people. */
const UNKNOWN_TEXT = /^(?:-99|n\/a|unknown|not known)$/i
const DECLINED = new Set(['declined', 'refused', 'prefernottosay', 'notwilling', 'declinedtoanswer', 'refusedtoanswer'])
const YES = new Set(['true', 'yes', 'y', '1', 'x', 'si', 'sí', 'oui', 'ja', 'да', '是'])
const NO = new Set(['false', 'no', 'n', '0', 'non', 'nein', 'нет', '否'])

/** Reads one cell by the kind of its field. */
export function readValue(field: HtcdsField, raw: string, context: ReadingContext): Reading {
  if (raw.includes('\uFFFD') || raw.includes('\0')) return fault('bad_encoding')
  const text = raw
    .normalize('NFC')
    .replace(/[\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]/g, '')
    .trim()
  if (text === '') return { state: 'empty' }
  if (field.deprecated === true) return { state: 'stated', values: [], notice: 'deprecated_left_out' }
  if (field.kind === 'text' || field.kind === 'long_text') {
    return UNKNOWN_TEXT.test(text) ? { state: 'unknown' } : readText(text, field.kind)
  }
  // Two letters NA are Namibia where a country stands.
  const absent = text === '-99' ? text : keyOf(text)
  if (UNKNOWN.has(absent) && !(absent === 'na' && field.kind.startsWith('countr'))) return { state: 'unknown' }
  if (DECLINED.has(absent)) return { state: 'declined' }
  return readByKind(field, text, context)
}

function readByKind(field: HtcdsField, text: string, context: ReadingContext): Reading {
  switch (field.kind) {
    case 'date':
    case 'birth_date':
      return readDate(text, field.kind, context.today)
    case 'code':
    case 'codes':
      return readCodes(field, text)
    case 'country':
    case 'countries':
      return readCountries(text, field.kind === 'countries')
    case 'language': {
      const code = readLanguage(text)
      return code === null ? fault('language_unknown') : stated(code)
    }
    case 'phone':
      return readPhone(text, context.country)
    case 'email':
      return /^[^\s@;,]{1,64}@[^\s@;,]+\.[^\s@;,.]{2,}$/.test(text) && text.length <= 254
        ? stated(text)
        : fault('email_invalid')
    case 'number':
      return /^\d{1,3}(?:\.0+)?$/.test(asciiDigits(text))
        ? stated(String(Number.parseInt(asciiDigits(text), 10)))
        : fault('number_invalid')
    case 'coordinate':
      return /^-?\d{1,3}(?:\.\d+)?$/.test(text) && Math.abs(Number(text)) <= 180
        ? stated(text)
        : fault('coordinate_invalid')
    case 'checkbox': {
      const plain = text.toLowerCase()
      return YES.has(plain) ? stated('true') : NO.has(plain) ? stated('false') : fault('checkbox_invalid')
    }
    case 'text':
    case 'long_text':
      return readText(text, field.kind)
  }
}

function readText(text: string, kind: 'text' | 'long_text'): Reading {
  if (text.length > (kind === 'text' ? LONGEST_TEXT : LONGEST_LONG_TEXT)) return fault('too_long')
  return stated(kind === 'text' ? text.replace(/\s+/g, ' ') : text.replace(/\r\n?/g, '\n'))
}

/** Several values stand with ; or | between them; survey tools put spaces between codes. */
function readCodes(field: HtcdsField, text: string): Reading {
  const whole = findCode(field, text)
  if (whole !== undefined) return stated(whole)
  const parts = splitValues(text)
  const spaced = parts.length === 1 ? text.split(/\s+/) : []
  const chosen = spaced.length > 1 && spaced.every((part) => findCode(field, part) !== undefined) ? spaced : parts
  const codes = chosen.map((part) => findCode(field, part))
  if (field.kind === 'code' && codes.length > 1) return fault('code_unknown')
  return codes.includes(undefined) ? fault('code_unknown') : stated(...codes.filter((code) => code !== undefined))
}

/** The code of a list that a value means: the code itself in any spelling, its label, or the letter of an ISIC section. */
function findCode(field: HtcdsField, value: string): string | undefined {
  const key = keyOf(value)
  if (key === '') return undefined
  const known = codesByKey(field)
  return known.get(key) ?? known.get(OTHER_LABELS[key] ?? '') ?? sectionOf(field, key)
}

const KEYED = new WeakMap<HtcdsField, ReadonlyMap<string, string>>()

/** The codes of a field by their keys, made once: a file asks for them in every row. */
function codesByKey(field: HtcdsField): ReadonlyMap<string, string> {
  let keyed = KEYED.get(field)
  if (keyed === undefined) {
    const codes = field.codes ?? []
    const letters = codes.flatMap((code) => (SECTION.test(code) ? [[code.charAt(0).toLowerCase(), code] as const] : []))
    keyed = new Map([...letters, ...codes.map((code) => [keyOf(code), code] as const)])
    KEYED.set(field, keyed)
  }
  return keyed
}

const SECTION = /^[A-U]_/

/** Labels of ISIC sections go on where the code stops. */
function sectionOf(field: HtcdsField, key: string): string | undefined {
  return field.codes?.find((code) => SECTION.test(code) && key.startsWith(keyOf(code.slice(2))))
}

/** Labels of the standard that differ from their code in more than spelling, and the spelling mended. */
const OTHER_LABELS: Readonly<Record<string, string>> = {
  notspecifiedunknown: 'nonspecifiedunknown',
  threatsoflawenforcement: 'threatslawenforcement',
  unacquainted: 'unaquainted',
}

function readCountries(text: string, several: boolean): Reading {
  // Some names have a comma, so commas part nothing.
  const parts = several ? splitValues(text) : [text]
  const readings = parts.map(readCountry)
  if (readings.some(({ kind }) => kind === 'unrecognised')) return fault('country_unknown')
  if (readings.some(({ kind }) => kind === 'dissolved')) return fault('country_dissolved')
  const codes = readings.flatMap((reading) => (reading.kind === 'country' ? [reading.code] : []))
  if (codes.length === 0) return { state: 'unknown' }
  const notice = codes.length < parts.length ? ({ notice: 'country_left_out' } as const) : {}
  return { state: 'stated', values: [...new Set(codes)], ...notice }
}

function readPhone(text: string, country?: string): Reading {
  // A spreadsheet has rounded this one: its last digits are lost.
  if (/\d[eE]\+?\d/.test(text)) return fault('phone_invalid')
  const plain = asciiDigits(text.normalize('NFKC')).replace(/^00(?=[1-9])/, '+')
  if (!/^\+?[\d\s().\-/]+$/.test(plain)) return fault('phone_invalid')
  const digits = plain.replace(/\D/g, '')
  if (digits.length < 5 || digits.length > 15) return fault('phone_invalid')
  const parsed = parsePhoneNumberFromString(plain, country as CountryCode | undefined)
  if (parsed?.isPossible() === true) return stated(parsed.number)
  if (plain.startsWith('+')) return fault('phone_invalid')
  return { state: 'stated', values: [digits], notice: 'phone_without_country' }
}

function splitValues(text: string): string[] {
  return text
    .split(/[;|]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
