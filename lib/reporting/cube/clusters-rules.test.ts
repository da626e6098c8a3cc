import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { clusterings, designEffect } from './clusters-rules'
import type { Persons } from './schema'

/** People with one to three needs, by how many of these were met; in the order of the vectors that R was given. */
const PATTERNS = [
  [1, 1, 60],
  [1, 0, 50],
  [2, 2, 40],
  [2, 1, 15],
  [2, 0, 30],
  [3, 3, 12],
  [3, 2, 3],
  [3, 1, 4],
  [3, 0, 9],
] as const

function personsOf(patterns: readonly (readonly [needs: number, met: number, n: number])[]): Persons[] {
  return patterns.map(([needs, met, n]) => ({
    family: 'met',
    classes: Array.from({ length: needs }, (_, at) => (at < met ? 'yes' : 'no')),
    n,
  }))
}

const factorOf = (persons: readonly Persons[]) => clusterings(persons).find(({ split }) => split === 'need_met')?.factor

describe('how alike needs of one person fare', () => {
  it('is, before it is rounded up, the ratio of the sandwich with persons as clusters to the plain variance, as R has it', () => {
    const people = PATTERNS.map(([needs, events, n]) => ({ needs, events, n }))
    const needs = people.reduce((sum, one) => sum + one.needs * one.n, 0)
    const events = people.reduce((sum, one) => sum + one.events * one.n, 0)
    expect(needs).toBe(364)
    const effect = designEffect({ people, needs, rate: events / needs })
    expect(effect).toBeCloseTo(1.605964481, 8)
    // glm(y ~ 1, binomial): its error is 0.105404429, with persons as clusters 0.133575506.
    const plain = 1 / Math.sqrt(needs * (events / needs) * (1 - events / needs))
    expect(plain).toBeCloseTo(0.105404429, 8)
    expect(plain * Math.sqrt(effect)).toBeCloseTo(0.133575506, 8)
  })

  it('is told upwards, in steps of eleven people, with the correction for few people', () => {
    const factor = factorOf(personsOf(PATTERNS)) ?? 0
    // With G / (G - 1) of the 223 people, R's error is 0.133876014: the variance is at least as large here.
    expect(factor).toBeGreaterThanOrEqual((0.133876014 / 0.105404429) ** 2)
    const [needs, rate] = [364, 201 / 364]
    const step = (11 * 2 * rate ** 2) / (needs * rate * (1 - rate))
    const steps = Math.ceil((1.605964481 - 1) / step)
    expect(factor).toBe(Math.ceil(((1 + steps * step) * 100 * 61) / 60) / 100)
  })

  it('is one where needs of a person have nothing in common, or fare differently', () => {
    expect(factorOf(personsOf([[1, 1, 40], [1, 0, 60]]))).toBe(1) // prettier-ignore
    expect(factorOf(personsOf([[2, 1, 100], [1, 1, 20], [1, 0, 20]]))).toBe(1) // prettier-ignore
  })

  it('P04: is not told of an outcome that 1 to 10 people had, or had not', () => {
    expect(factorOf(personsOf([[1, 1, 10], [2, 0, 60]]))).toBeUndefined() // prettier-ignore
    expect(factorOf(personsOf([[2, 2, 60], [1, 0, 10]]))).toBeUndefined() // prettier-ignore
    expect(factorOf(personsOf([[1, 1, 11], [2, 0, 60]]))).toBeDefined() // prettier-ignore
  })

  it('invariant 6: lets no number of 1 to 10 people with two needs follow, beside all totals that are told', () => {
    const count = fc.integer({ min: 0, max: 40 })
    fc.assert(
      fc.property(
        count,
        count,
        count,
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 0, max: 90 }),
        (a, b, c, d, e) => {
          const told = toldOf([a, b, c, d, e])
          if (told.factor === undefined) return
          // Everybody who tells needs, met needs and people apart knows d and e from a, b and c, and how many these are together.
          const fitting = fittingOf(told)
          expect(fitting).toContainEqual([a, b, c])
          const groups = [0, 1, 2, 3, 4, 5].map((at) => new Set(fitting.map((one) => GROUPS[at]?.(one))))
          // People with two needs of whom none, one, or both were met, or two of these: each has several answers, or a safe one.
          for (const [n, ...others] of groups.map((values) => [...values]))
            if (others.length === 0) expect(n === 0 || (n ?? 0) > 10 || a + b + c <= 10).toBe(true)
        },
      ),
      { numRuns: 40, seed: 58_137 },
    )
  })
})

type Five = readonly [both: number, one: number, none: number, met: number, unmet: number]

const GROUPS = [
  ([a]: readonly number[]) => a ?? 0,
  ([, b]: readonly number[]) => b ?? 0,
  ([, , c]: readonly number[]) => c ?? 0,
  ([a = 0, b = 0]: readonly number[]) => a + b,
  ([a = 0, , c = 0]: readonly number[]) => a + c,
  ([, b = 0, c = 0]: readonly number[]) => b + c,
]

function toldOf([a, b, c, d, e]: Five) {
  const patterns = [[2, 2, a], [2, 1, b], [2, 0, c], [1, 1, d], [1, 0, e]] as const // prettier-ignore
  return {
    needs: 2 * (a + b + c) + d + e,
    met: 2 * a + b + d,
    people: a + b + c + d + e,
    factor: factorOf(personsOf(patterns.filter(([, , n]) => n > 0))),
  }
}

/** All ways in which people with two needs may have fared that tell the same totals and the same factor. */
function fittingOf(told: ReturnType<typeof toldOf>): number[][] {
  const twice = told.needs - told.people
  const found: number[][] = []
  for (let a = 0; a <= twice; a += 1)
    for (let b = 0; a + b <= twice; b += 1) {
      const c = twice - a - b
      const d = told.met - 2 * a - b
      const e = told.people - twice - d
      if (d < 0 || e < 0) continue
      if (toldOf([a, b, c, d, e]).factor === told.factor) found.push([a, b, c])
    }
  return found
}
