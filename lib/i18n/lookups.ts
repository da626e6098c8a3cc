import 'server-only'
import countries from 'i18n-iso-countries'
import { iso6393 } from 'iso-639-3'
import type { Locale } from './locale'
import { countryName, isSecondCode, languageName, ownLanguageName } from './names'

/** Long lists that a combobox asks the server for. */
export const LOOKUPS = ['countries', 'languages'] as const
export type Lookup = (typeof LOOKUPS)[number]

export type LookupOption = { readonly value: string; readonly label: string }
export type LookupAnswer = { readonly options: readonly LookupOption[]; readonly total: number }

/** How many hits one answer carries. */
export const LOOKUP_LIMIT = 20

type Entry = LookupOption & { readonly words: readonly string[] }

const lists = new Map<string, readonly Entry[]>()

export function isLookup(text: string): text is Lookup {
  return LOOKUPS.some((lookup) => lookup === text)
}

/**
 * The entries of a list that match what was typed: by code, by the name in the screen's language,
 * in English, and by the entry's own name. Whatever starts with the text comes first. No text gives the start of the list.
 */
export function lookUp(lookup: Lookup, text: string, locale: Locale): LookupAnswer {
  const wanted = fold(text)
  const ranked = listOf(lookup, locale)
    .map((entry) => ({ entry, rank: wanted === '' ? 1 : rankOf(entry, wanted) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
  return { options: ranked.slice(0, LOOKUP_LIMIT).map(({ entry }) => optionOf(entry)), total: ranked.length }
}

/** The one entry that a text names exactly, by code or by any of its names; null when none or several do. */
export function resolveLookup(lookup: Lookup, text: string, locale: Locale): LookupOption | null {
  const wanted = fold(text)
  const list = listOf(lookup, locale)
  const byCode = list.find((entry) => entry.value.toLowerCase() === wanted)
  const found = byCode === undefined ? list.filter((entry) => entry.words.includes(wanted)) : [byCode]
  const [only] = found
  return found.length === 1 && only !== undefined ? optionOf(only) : null
}

/** The name of a value of a list, for chips and pages. */
export function lookupLabel(lookup: Lookup, value: string, locale: Locale): string {
  return lookup === 'countries' ? countryName(value, locale) : languageName(value, locale)
}

function listOf(lookup: Lookup, locale: Locale): readonly Entry[] {
  const key = `${lookup} ${locale}`
  let list = lists.get(key)
  if (list === undefined) {
    const codes = lookup === 'countries' ? Object.keys(countries.getAlpha2Codes()) : livingLanguages()
    const collator = new Intl.Collator(locale)
    list = codes.map((value) => entryOf(lookup, value, locale)).sort((a, b) => collator.compare(a.label, b.label))
    lists.set(key, list)
  }
  return list
}

function livingLanguages(): string[] {
  return iso6393
    .filter(({ iso6393: code, type, scope }) => type === 'living' && scope !== 'special' && !isSecondCode(code))
    .map(({ iso6393: code }) => code)
}

function entryOf(lookup: Lookup, value: string, locale: Locale): Entry {
  const label = lookupLabel(lookup, value, locale)
  const names = [
    value,
    label,
    lookupLabel(lookup, value, 'en'),
    lookup === 'languages' ? ownLanguageName(value) : undefined,
  ]
  return { value, label, words: [...new Set(names.filter((name) => name !== undefined).map(fold))] }
}

function rankOf(entry: Entry, wanted: string): number {
  if (entry.words.includes(wanted)) return 4
  if (fold(entry.label).startsWith(wanted)) return 3
  if (entry.words.some((word) => word.startsWith(wanted))) return 2
  return entry.words.some((word) => word.split(/[\s,(-]+/).some((part) => part.startsWith(wanted))) ? 1 : 0
}

/** Spelling without case and accents, so that "turkiye" finds Türkiye. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase()
}

function optionOf({ value, label }: Entry): LookupOption {
  return { value, label }
}
