import { parseCode } from '@/lib/platform/ids'

import { documentTokens, emailTokens, phoneTokens } from './identity-tokens'
import { namePartsOf, tokensOfWord, type SearchToken } from './tokens'
import { nameWords } from './words'

/** A token to look for, what a match of it is worth, and which words of the query it answers. */
export type QueryToken = SearchToken & { readonly weight: number; readonly covers: readonly number[] }

/** A typed query, ready to be looked up. */
export type SearchQuery = {
  /** The record's code, when the query is nothing else. */
  readonly code: string | null
  readonly tokens: readonly QueryToken[]
  /** How many words of a name the query has. */
  readonly words: number
}

export type MatchStrength = 'strong' | 'likely' | 'possible'
export type Match = { readonly strength: MatchStrength; readonly score: number }

const NUMBERISH = /^[+(]?[\p{N}\p{P}\s+]+$/u

/**
 * What to look for when a member types this: a record's code, a phone number, a document's number, an e-mail address,
 * names in any script and order, a birth year beside them. `country` is where numbers without a + belong.
 */
export function queryTokens(text: string, country?: string): SearchQuery {
  const plain = text.normalize('NFKC').trim().slice(0, 200)
  const code = parseCode(plain)
  if (code !== null) return { code, tokens: [], words: 0 }
  if (plain.includes('@')) return { code: null, tokens: emailTokens(plain).map(whole), words: 0 }

  const digits = plain.replace(/\P{N}/gu, '')
  if (NUMBERISH.test(plain) && digits.length >= 6) {
    return { code: null, tokens: [...phoneTokens(plain, country), ...documentTokens(plain)].map(whole), words: 0 }
  }
  const letters = plain.replace(/\P{L}/gu, '')
  if (digits.length >= 4 && (letters.length <= 4 || !/\s/.test(plain)) && !isNameAndYear(plain))
    return { code: null, tokens: documentTokens(plain).map(whole), words: 0 }
  return nameQuery(plain)
}

/** A short name and a birth year, such as Li 1998, is no document. */
function isNameAndYear(plain: string): boolean {
  return /^\p{L}[\p{L}\p{M}\s]*\s(?:19|20)\d\d$/u.test(plain)
}

function nameQuery(plain: string): SearchQuery {
  const years = [...plain.matchAll(/(?<!\d)(?:19|20)\d\d(?!\d)/g)].map(([year]) => year)
  const parts = namePartsOf(nameWords(plain.replace(/\d+/g, ' ')))
  const best = new Map<string, QueryToken>()
  for (const { word, covers } of parts) {
    for (const token of tokensOfWord(word)) {
      const key = `${token.kind}:${token.value}:${covers.join()}`
      if (!best.has(key)) best.set(key, { ...token, covers })
    }
  }
  const yearTokens = years.map((value) => ({ kind: 'birth_year', value, weight: 0, covers: [] }) as const)
  return {
    code: null,
    tokens: [...best.values(), ...yearTokens],
    words: new Set(parts.flatMap(({ covers }) => covers)).size,
  }
}

function whole(token: SearchToken): QueryToken {
  return { ...token, weight: token.kind === 'phone_tail' && token.value.length < 9 ? 0.7 : 1, covers: [] }
}

/**
 * How well a person fits a query, from which of its tokens the person has (by their place in `query.tokens`); null when
 * too little fits to show. Tokens only propose: a human decides, with birth year and sex.
 */
export function scoreMatches(query: SearchQuery, matched: ReadonlySet<number>): Match | null {
  const hits = query.tokens.filter((_, at) => matched.has(at))
  if (query.words === 0) return scoreNumbers(hits)

  const worth = Array.from({ length: query.words }, (_, place) =>
    Math.max(0, ...hits.filter(({ covers }) => covers.includes(place)).map(({ weight }) => weight)),
  )
  const average = worth.reduce((sum, weight) => sum + weight, 0) / query.words
  const covered = worth.filter((weight) => weight > 0).length
  const sameYear = hits.some(({ kind }) => kind === 'birth_year')
  const strength = nameStrength(query.words, covered, average, sameYear)
  return strength === null ? null : { strength, score: average + (sameYear ? 0.2 : 0) }
}

function nameStrength(words: number, covered: number, average: number, sameYear: boolean): MatchStrength | null {
  const all = covered === words
  if (words === 1) {
    // One word fits many people: never strong by itself.
    if (average >= 0.9) return sameYear ? 'strong' : 'likely'
    return average >= 0.5 ? 'possible' : null
  }
  if (all && average >= 0.93) return 'strong'
  if (all && average >= 0.59) return sameYear && average >= 0.7 ? 'strong' : 'likely'
  if (words >= 3 && covered >= words - 1 && average >= 0.6) return 'likely'
  return covered * 2 >= words && average >= 0.42 ? 'possible' : null
}

function scoreNumbers(hits: readonly QueryToken[]): Match | null {
  const score = Math.max(0, ...hits.map(({ weight }) => weight))
  if (score === 0) return null
  return { strength: score >= 1 ? 'strong' : 'likely', score }
}
