import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { clusteredP, clusteredPValueOf, clusteredTerms } from './clustered'
import { disparity, type Disparity } from './disparity'
import type { Pattern } from './logistic'
import { benjaminiHochberg } from './multiplicity'
import { riskDifference, riskRatio, wilson } from './proportions'
import { fisherExact, pValueOf } from './tables'

/** Admissions to Berkeley in 1973 (Bickel, Hammel, O'Connell 1975): admitted and rejected, men then women. */
const BERKELEY = {
  A: [512, 313, 89, 19],
  B: [353, 207, 17, 8],
  C: [120, 205, 202, 391],
  D: [138, 279, 131, 244],
  E: [53, 138, 94, 299],
  F: [22, 351, 24, 317],
} as const

const berkeley: readonly Pattern[] = Object.entries(BERKELEY).flatMap(
  ([department, [men, notMen, women, notWomen]]) => [
    { levels: ['M', department], n: men + notMen, events: men },
    { levels: ['F', department], n: women + notWomen, events: women },
  ],
)
const COLUMNS = { group: 'gender', strata: ['department'] }
const only = (found: Disparity) => found.comparisons[0] ?? expect.fail('no comparison')

/** The same to six digits after the point. */
function near(found: readonly (number | null | undefined)[] | null | undefined, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length)
  expected.forEach((one, at) => {
    expect(found?.[at]).toBeCloseTo(one, 6)
  })
}

describe('disparity between groups', () => {
  it('undoes Simpson’s paradox of the Berkeley admissions', () => {
    const found = disparity(COLUMNS, berkeley)
    near(
      found.groups.map(({ rate }) => rate),
      [0.303542, 0.445188],
    )
    const women = only(found)
    expect([women.group, women.reference]).toEqual(['F', 'M'])
    expect(women.riskRatio?.estimate).toBeCloseTo(0.68183, 6)
    near([women.fourFifths?.ratio], [0.68183])
    expect(women.fourFifths?.passes).toBe(false)
    expect(women.mantelHaenszel?.cmh?.statistic).toBeCloseTo(1.524607, 6)

    const men = only(disparity(COLUMNS, berkeley, 'F'))
    expect(men.oddsRatio?.estimate).toBeCloseTo(1.84108, 6)
    const within = men.mantelHaenszel
    expect(within?.oddsRatio?.estimate).toBeCloseTo(0.904697, 6)
    expect(within?.oddsRatio?.ci[0]).toBeCloseTo(0.771907, 6)
    expect(within?.oddsRatio?.ci[1]).toBeCloseTo(1.06033, 5)
    expect(within?.riskRatio?.estimate).toBeCloseTo(0.944905, 6)
  })

  it('estimates what R’s glm does, by levels in alphabetical order', () => {
    const terms = disparity(COLUMNS, berkeley).logistic?.terms ?? []
    expect(terms.map(({ term }) => term)).toEqual([
      '(Intercept)',
      'gender=M',
      ...['B', 'C', 'D', 'E', 'F'].map((one) => `department=${one}`),
    ])
    near(
      terms.map(({ estimate }) => estimate),
      [0.681921, -0.09987, -0.043398, -1.262598, -1.294606, -1.739306, -3.30648],
    )
    expect(terms[1]?.se).toBeCloseTo(0.0808465, 6)
    expect(terms[1]?.p).toBeCloseTo(0.216717, 6)
  })

  it('has the errors of R’s glm with a variance that is larger by a factor, and tests that allow for it', () => {
    const terms = clusteredTerms(disparity(COLUMNS, berkeley).logistic?.terms ?? [], 1.37)
    const men = terms.find(({ term }) => term === 'gender=M')
    near([men?.se, men?.p, men?.oddsRatio?.estimate], [0.09462836, 0.29124573, 0.90495498])
    near(men?.oddsRatio?.ci, [0.75175992, 1.08936841])
    near(
      [clusteredP({ statistic: 7.5, df: 1 }, 1.37), clusteredP({ statistic: 12, df: 3 }, 1.6)],
      [0.0192964, 0.05755845],
    )
    const [one, other] = [
      { n: 40, events: 3 },
      { n: 60, events: 4 },
    ]
    // Fisher's test, which nothing makes smaller; without clusters the same as ever.
    expect(clusteredPValueOf(one, other, 1.2)).toBe(fisherExact(one, other))
    const many = [{ n: 400, events: 130 }, { n: 600, events: 240 }] as const // prettier-ignore
    expect(clusteredPValueOf(...many, 1)).toBe(pValueOf(...many))
    expect(clusteredPValueOf(...many, 1.5)).toBeGreaterThan(pValueOf(...many))
  })

  it('leaves a term without estimate that others add up to, and the model where outcomes follow without exception', () => {
    const twice = berkeley.map((one) => ({ ...one, levels: [...one.levels, one.levels[0] ?? ''] }))
    const found = disparity({ group: 'gender', strata: ['department', 'sex'] }, twice)
    expect(found.logistic?.terms.at(-1)).toEqual({ term: 'sex=M', estimate: null, se: null, p: null })
    const certain = [
      { levels: ['a'], n: 20, events: 20 },
      { levels: ['b'], n: 20, events: 9 },
    ]
    expect(disparity({ group: 'group', strata: [] }, certain).logistic).toBeNull()
  })

  it('has the published figures of single methods', () => {
    const difference = riskDifference({ n: 70, events: 56 }, { n: 80, events: 48 })
    expect(difference?.estimate).toBeCloseTo(0.2, 10)
    near(difference?.ci, [0.052431, 0.333873])
    const ratio = riskRatio({ n: 70, events: 56 }, { n: 80, events: 48 })
    near([ratio?.estimate, ...(ratio?.ci ?? [])], [1.333333, 1.076626, 1.651249])
    near(wilson({ n: 263, events: 81 }), [0.255289, 0.36621])
    expect(fisherExact({ n: 4, events: 3 }, { n: 4, events: 1 })).toBeCloseTo(0.485714, 6)
    expect(fisherExact({ n: 12, events: 10 }, { n: 18, events: 3 })).toBeCloseTo(0.000536724, 9)
    near(benjaminiHochberg([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.05, 0.05, 0.05, 0.05])
  })

  it('says of forced labour by gender both that it passes the screen and that the difference is sure', () => {
    const found = disparity(
      { group: 'gender', strata: [] },
      [
        { levels: ['F'], n: 9589, events: 5554 },
        { levels: ['M'], n: 7995, events: 5652 },
      ],
      'M',
    )
    const women = only(found)
    near([women.fourFifths?.ratio], [0.819311])
    expect(women.fourFifths?.passes).toBe(true)
    near(women.riskRatio?.ci, [0.80137, 0.837654])
    expect(women.mantelHaenszel).toBeNull()
  })
})

const count = fc
  .integer({ min: 1, max: 40 })
  .chain((n) => fc.record({ n: fc.constant(n), events: fc.integer({ min: 0, max: n }) }))
const table = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y'), count), {
  minLength: 4,
  maxLength: 12,
})
const asPatterns = (rows: readonly (readonly [string, string, { n: number; events: number }])[]): Pattern[] =>
  rows.map(([group, stratum, counted]) => ({ levels: [group, stratum], ...counted }))
const WITH = { group: 'g', strata: ['s'] }

describe('properties of disparity', () => {
  it('does not depend on the order of the rows, or on how alike ones are told apart', () => {
    fc.assert(
      fc.property(table, fc.integer(), (rows, seed) => {
        const shuffled = [...rows].map((row, at) => ({ row, at: Math.sin(seed + at) })).sort((a, b) => a.at - b.at)
        const apart = shuffled.flatMap(({ row: [group, stratum, { n, events }] }) => [
          [group, stratum, { n: events, events }] as const,
          [group, stratum, { n: n - events, events: 0 }] as const,
        ])
        const [one, other] = [disparity(WITH, asPatterns(rows)), disparity(WITH, asPatterns(apart))]
        expect(other.groups).toEqual(one.groups)
        expect(other.comparisons).toEqual(one.comparisons)
      }),
    )
  })

  it('turns every ratio over when group and reference change places', () => {
    fc.assert(
      fc.property(count, count, (one, two) => {
        const patterns = [
          { levels: ['a'], ...one },
          { levels: ['b'], ...two },
        ]
        const columns = { group: 'g', strata: [] }
        const [ab, ba] = [only(disparity(columns, patterns, 'b')), only(disparity(columns, patterns, 'a'))]
        expect(ab.fisherP).toBeCloseTo(ba.fisherP, 10)
        expect(ab.chiSquare?.p ?? 1).toBeCloseTo(ba.chiSquare?.p ?? 1, 10)
        expect(ab.riskDifference?.estimate).toBeCloseTo(-(ba.riskDifference?.estimate ?? 0), 10)
        if (ab.riskRatio !== null) expect(ab.riskRatio.estimate * (ba.riskRatio?.estimate ?? 0)).toBeCloseTo(1, 10)
        if (ab.oddsRatio !== null) expect(ab.oddsRatio.estimate * (ba.oddsRatio?.estimate ?? 0)).toBeCloseTo(1, 10)
      }),
    )
  })

  it('keeps rates and ratios when all counts grow alike, and makes their intervals narrower', () => {
    fc.assert(
      fc.property(count, count, fc.integer({ min: 2, max: 50 }), (one, two, times) => {
        const grown = (counted: typeof one) => ({ n: counted.n * times, events: counted.events * times })
        const [few, many] = [riskRatio(one, two), riskRatio(grown(one), grown(two))]
        expect(many?.estimate ?? 0).toBeCloseTo(few?.estimate ?? 0, 10)
        if (few !== null && many !== null && few.ci[1] > few.ci[0]) expect(many.ci[1]).toBeLessThan(few.ci[1])
        const [less, more] = [wilson(one) ?? [0, 1], wilson(grown(one)) ?? [0, 1]]
        expect(more[1] - more[0]).toBeLessThan(less[1] - less[0])
      }),
    )
  })

  it('has one stratum alone say the same as no stratum, and every p-value between 0 and 1', () => {
    fc.assert(
      fc.property(count, count, (one, two) => {
        const found = only(
          disparity(
            WITH,
            [
              { levels: ['a', 'x'], ...one },
              { levels: ['b', 'x'], ...two },
            ],
            'b',
          ),
        )
        if (found.oddsRatio !== null)
          expect(found.mantelHaenszel?.oddsRatio?.estimate).toBeCloseTo(found.oddsRatio.estimate, 8)
        if (found.riskRatio !== null)
          expect(found.mantelHaenszel?.riskRatio?.estimate).toBeCloseTo(found.riskRatio.estimate, 8)
        for (const p of [found.fisherP, found.adjustedP, found.chiSquare?.p ?? 1]) {
          expect(p).toBeGreaterThanOrEqual(0)
          expect(p).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
