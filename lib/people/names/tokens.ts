import { doubleMetaphone } from 'double-metaphone'

import { joinWords, nameWords, type NameWord } from './words'

/**
 * What a person may be found by. A `name` is a spelling or the name in its own script, a `sound` its double metaphone,
 * `bones` its consonant skeleton; `phone_tail` the last digits, for numbers told without their country.
 */
export const TOKEN_KINDS = ['name', 'sound', 'bones', 'phone', 'phone_tail', 'document', 'email', 'birth_year'] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

/** A token in the clear. Only its keyed digest is ever stored (lib/platform/crypto/tokens). */
export type SearchToken = { readonly kind: TokenKind; readonly value: string }

/** A word or some neighbouring words, with the places that they cover. */
export type NamePart = { readonly word: NameWord; readonly covers: readonly number[] }

/** Neighbours joined at most; longer joins are as good as the whole name. */
const LONGEST_JOIN = 4

/** All tokens of one name: each word, and neighbours written together. */
export function nameTokens(name: string): SearchToken[] {
  return uniqueTokens(namePartsOf(nameWords(name)).flatMap(({ word }) => tokensOfWord(word)))
}

/** Words and joins of neighbours; `covers` counts only words that carry the name, not its particles. */
export function namePartsOf(words: readonly NameWord[]): NamePart[] {
  const bearing = withoutParticles(words)
  const place = new Map(bearing.map((word, at) => [word, at]))
  const parts: NamePart[] = bearing.map((word, at) => ({ word, covers: [at] }))
  for (const row of bearing.length === words.length ? [words] : [words, bearing]) {
    for (let start = 0; start < row.length; start += 1) {
      for (let length = 2; length <= LONGEST_JOIN && start + length <= row.length; length += 1) {
        const joined = row.slice(start, start + length)
        const covers = joined.flatMap((word) => place.get(word) ?? [])
        if (covers.length > 0) parts.push({ word: joinWords(joined), covers })
      }
    }
  }
  return parts
}

/** The tokens of one word, with how much a match of each is worth (1 is the name itself). */
export function tokensOfWord(word: NameWord): (SearchToken & { readonly weight: number })[] {
  const original = word.original === null ? [] : [{ kind: 'name', value: word.original, weight: 1 } as const]
  // Two Chinese names that sound alike are written alike in Latin letters, so the spelling proves less.
  const spelled = word.original === null ? 1 : 0.85
  return [
    ...original,
    ...word.spellings.map((value) => ({ kind: 'name', value, weight: spelled }) as const),
    ...soundsOf(word).map((value) => ({ kind: 'sound', value, weight: 0.75 }) as const),
    ...word.skeletons.map((value) => ({ kind: 'bones', value, weight: value.length > 2 ? 0.65 : 0.55 }) as const),
  ]
}

function soundsOf(word: NameWord): string[] {
  if (word.skeletons.length === 0 || word.syllable) return []
  const codes = word.spellings.slice(0, 2).flatMap((spelling) => doubleMetaphone(spelling))
  return [...new Set(codes)].filter((code) => code.length >= 2)
}

/** Particles count as words only where hardly anything else is there: a member may search for Ben. */
function withoutParticles(words: readonly NameWord[]): readonly NameWord[] {
  const bearing = words.filter(({ particle }) => !particle)
  return bearing.length >= 2 || bearing.length === words.length - 1 ? nonEmpty(bearing, words) : words
}

function nonEmpty(some: readonly NameWord[], all: readonly NameWord[]): readonly NameWord[] {
  return some.length > 0 ? some : all
}

export function uniqueTokens(tokens: readonly SearchToken[]): SearchToken[] {
  return [...new Map(tokens.map(({ kind, value }) => [`${kind}:${value}`, { kind, value }])).values()]
}
