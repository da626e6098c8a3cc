import { allFakers } from '@faker-js/faker'
import { describe, expect, it } from 'vitest'

import { queryTokens, scoreMatches } from './query'
import { nameTokens } from './tokens'

const LOCALES = ['en', 'es', 'fr', 'tr', 'ar', 'zh_CN', 'ru', 'ko', 'vi', 'en_NG', 'fa', 'uk'] as const

/** Invented names of many places, each once. */
function inventedNames(perLocale: number): string[] {
  const names = LOCALES.flatMap((locale) => {
    const faker = allFakers[locale]
    faker.seed(58137)
    return Array.from({ length: perLocale }, () => {
      const [first, last] = [faker.person.firstName(), faker.person.lastName()]
      return locale === 'zh_CN' || locale === 'ko' ? last + first : `${first} ${last}`
    })
  })
  return [...new Set(names)]
}

describe('precision over some hundred names', () => {
  const people = inventedNames(60).map((name) => ({
    name,
    tokens: new Set(nameTokens(name).map(({ kind, value }) => `${kind}:${value}`)),
  }))

  it('finds everyone under their own name first, and proposes few others strongly', () => {
    let wrong = 0
    let proposed = 0
    for (const { name } of people) {
      const query = queryTokens(name)
      const keys = query.tokens.map(({ kind, value }) => `${kind}:${value}`)
      for (const other of people) {
        const matched = new Set(keys.flatMap((key, at) => (other.tokens.has(key) ? [at] : [])))
        const strength = scoreMatches(query, matched)?.strength
        if (other.name === name) expect([name, strength]).toEqual([name, 'strong'])
        else if (strength === 'strong') wrong += 1
        else if (strength !== undefined) proposed += 1
      }
    }
    const pairs = people.length * (people.length - 1)
    // One strong wrong proposal in some 20,000 comparisons, and one worth a look in some hundred, is what a member
    // can sort by birth year and sex.
    expect(wrong / pairs).toBeLessThan(1 / 20_000)
    expect(proposed / pairs).toBeLessThan(1 / 100)
  })
})
