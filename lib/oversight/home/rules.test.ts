import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { daysBetween, directionOf, lookFirst } from './rules'
import type { LookItem } from './schema'

const item = fc.record({
  grade: fc.constantFrom('breach', 'concern', 'watch'),
  kind: fc.constant('rule'),
  key: fc.string({ maxLength: 3 }),
  title: fc.constant('A rule'),
  n: fc.nat(9),
  agencies: fc.nat(3),
  fresh: fc.nat(2),
}) as fc.Arbitrary<LookItem>

describe('where to look first', () => {
  it('is what is worst, then what is new, then what is many; nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 12 }), (items) => {
        const sorted = lookFirst(items)
        expect(new Set(sorted)).toEqual(new Set(items))
        expect(sorted).toHaveLength(items.length)
        const rank = (one: LookItem) => {
          const grade = ['breach', 'concern', 'watch'].indexOf(one.grade)
          return grade * 100 + (one.fresh > 0 ? 0 : 50) - (one.kind === 'run' ? one.worse : one.n)
        }
        const ranks = sorted.map(rank)
        expect(ranks).toEqual([...ranks].sort((one, other) => one - other))
      }),
      { numRuns: 100 },
    )
  })

  it('says which way a rule goes, and for how long something waits', () => {
    const trend = (...all: number[]) => all.map((n, at) => ({ month: `2026-0${String(at + 1)}`, n }))
    expect([directionOf(trend(1, 2)), directionOf(trend(2, 1)), directionOf(trend(5, 1, 1)), directionOf([])]).toEqual([
      ...['up', 'down', 'level', 'level'],
    ])
    const at = new Date('2026-11-20T10:00:00Z')
    expect(daysBetween(at, new Date('2026-11-27T09:59:00Z'))).toBe(6)
    expect(daysBetween(at, new Date('2026-11-19T09:59:00Z'))).toBe(0)
  })
})
