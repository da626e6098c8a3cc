import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { waiting, type Waited } from './waiting'

/** Remission of leukaemia in weeks (Freireich and others 1963). */
const TREATED = { came: [6, 6, 6, 7, 10, 13, 16, 22, 23], lost: [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35] }
const PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
const seen = (group: string, times: readonly number[], event: boolean, strata: readonly string[] = []): Waited[] =>
  times.map((time) => ({ group, time, event, n: 1, strata }))
const leukaemia = [
  ...seen('6-MP', TREATED.came, true),
  ...seen('6-MP', TREATED.lost, false),
  ...seen('placebo', PLACEBO, true),
]

describe('waiting of groups', () => {
  it('has the published figures of the leukaemia trial', () => {
    const found = waiting(leukaemia)
    expect(found.logRank?.statistic).toBeCloseTo(16.792941, 6)
    expect(found.logRank?.p).toBeCloseTo(4.168809e-5, 10)
    expect(found.logRank?.df).toBe(1)
    expect(found.stratifiedLogRank).toBeNull()
    const [treated, placebo] = found.groups
    expect(treated?.curve.map(({ time }) => time)).toEqual([6, 7, 10, 13, 16, 22, 23])
    const published = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    published.forEach((one, at) => {
      expect(treated?.curve[at]?.survival).toBeCloseTo(one, 4)
    })
    expect([treated?.n, treated?.events, treated?.median]).toEqual([21, 9, 23])
    expect([placebo?.n, placebo?.events, placebo?.median]).toEqual([21, 21, 8])
  })

  it('says that half was not reached, and takes the middle where the curve lies at one half', () => {
    expect(waiting([...seen('a', [1, 2], true), ...seen('a', [3, 4, 5], false)]).groups[0]?.median).toBeNull()
    expect(waiting(seen('a', [1, 2, 4, 5], true)).groups[0]?.median).toBe(3)
  })

  it('compares within strata, so that a difference between strata counts for nothing', () => {
    const slow = PLACEBO.map((time) => time * 10)
    const strata = [
      ...seen('a', PLACEBO, true, ['quick']),
      ...seen('b', PLACEBO.slice(0, 4), true, ['quick']),
      ...seen('a', slow.slice(0, 4), true, ['slow']),
      ...seen('b', slow, true, ['slow']),
    ]
    const found = waiting(strata)
    expect(found.logRank?.p).toBeLessThan(0.001)
    expect(found.stratifiedLogRank?.p).toBeGreaterThan(0.001)
    expect(found.stratifiedLogRank?.df).toBe(1)
  })

  it('has nothing to say of one group, or where nothing happened', () => {
    expect(waiting(seen('a', [1, 2], true)).logRank).toBeNull()
    expect(waiting([...seen('a', [1, 2], false), ...seen('b', [1, 2], false)]).logRank).toBeNull()
  })
})

const rows = fc.array(
  fc.record({
    group: fc.constantFrom('a', 'b', 'c'),
    time: fc.integer({ min: 0, max: 12 }),
    event: fc.boolean(),
    n: fc.integer({ min: 1, max: 3 }),
    strata: fc.constantFrom(['x'], ['y']),
  }),
  { minLength: 2, maxLength: 40 },
)

describe('properties of waiting', () => {
  it('never rises, stays within 0 and 1, and does not depend on names, order or unit of time', () => {
    fc.assert(
      fc.property(rows, (some) => {
        const found = waiting(some)
        for (const { curve } of found.groups)
          curve.forEach(({ survival }, at) => {
            expect(survival).toBeGreaterThanOrEqual(0)
            expect(survival).toBeLessThanOrEqual(curve[at - 1]?.survival ?? 1)
          })
        const names: Readonly<Record<string, string>> = { a: 'z', b: 'm', c: 'k' }
        const other = waiting(
          [...some].reverse().map((one) => ({ ...one, group: names[one.group] ?? '', time: one.time * 24 })),
        )
        expect(other.logRank?.df).toBe(found.logRank?.df)
        expect(other.logRank?.statistic ?? 0).toBeCloseTo(found.logRank?.statistic ?? 0, 6)
        expect(other.stratifiedLogRank?.statistic ?? 0).toBeCloseTo(found.stratifiedLogRank?.statistic ?? 0, 6)
      }),
    )
  })
})
