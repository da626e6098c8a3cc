import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { competing, type Leaving } from './competing'
import { kaplanMeier, type Seen } from './survival'

const leavings = fc
  .array(fc.record({ came: fc.nat(30), gone: fc.nat(10), lost: fc.nat(10) }), { minLength: 1, maxLength: 8 })
  .map((some) => some.map((one, at): Leaving => ({ time: at + 1, ...one })))

describe('waiting that people may leave', () => {
  it('has the figures worked out by hand, with their interval', () => {
    const [first, second] = competing([
      { time: 1, came: 20, gone: 10, lost: 0 },
      { time: 2, came: 35, gone: 14, lost: 21 },
    ])
    expect(first).toMatchObject({ time: 1, atRisk: 100, waiting: 0.8, came: 0.2, gone: 0.1 })
    expect(second?.waiting).toBeCloseTo(0.4, 12)
    expect(second?.came).toBeCloseTo(0.2 + 0.7 * 0.5, 12)
    expect(second?.gone).toBeCloseTo(0.1 + 0.7 * 0.2, 12)
    // 0.8 ^ exp(±1.959964 √(20 / (100 · 80)) / |log 0.8|)
    expect(first?.ci?.[0]).toBeCloseTo(0.707378, 6)
    expect(first?.ci?.[1]).toBeCloseTo(0.866033, 6)
  })

  it('is the curve of Kaplan and Meier when nobody leaves, and what came is its complement', () => {
    fc.assert(
      fc.property(leavings, (some) => {
        const steps = competing(some.map((one) => ({ ...one, gone: 0 })))
        const seen = some.flatMap(({ time, came, lost }): Seen[] => [
          { time, event: true, n: came },
          { time, event: false, n: lost },
        ])
        for (const { time, survival } of kaplanMeier(seen).curve) {
          const step = steps.find((one) => one.time === time)
          expect(step?.waiting).toBeCloseTo(survival, 10)
          expect(1 - (step?.came ?? 0)).toBeCloseTo(survival, 10)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('never says that more came, left and wait than all; leaving only makes fewer to whom it came', () => {
    fc.assert(
      fc.property(leavings, (some) => {
        for (const { came, gone, waiting, ci } of competing(some)) {
          expect(came + gone).toBeLessThanOrEqual(1 + 1e-12)
          expect(came).toBeLessThanOrEqual(1 - waiting + 1e-12)
          if (ci !== null) expect([ci[0] <= waiting, waiting <= ci[1]]).toEqual([true, true])
        }
      }),
      { numRuns: 50 },
    )
  })
})
