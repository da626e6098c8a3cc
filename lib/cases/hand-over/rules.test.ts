import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { shareOut } from './rules'

describe('sharing out cases', () => {
  it('gives to whoever has the fewest, and the first named among equals', () => {
    const shared = shareOut(
      ['a', 'b', 'c', 'd'],
      [
        { member: 'busy', load: 3 },
        { member: 'free', load: 1 },
        { member: 'idle', load: 1 },
      ],
    )
    expect(shared.map(({ member }) => member)).toEqual(['free', 'idle', 'free', 'idle'])
  })

  it('gives every case once, and leaves nobody with two more than another who got any', () => {
    const receivers = fc.uniqueArray(fc.record({ member: fc.string(), load: fc.nat(50) }), {
      minLength: 1,
      maxLength: 8,
      selector: ({ member }) => member,
    })
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), receivers, (cases, given) => {
        const shared = shareOut(cases, given)
        expect(shared.map((pair) => pair.case)).toEqual(cases)
        const after = given.map(({ member, load }) => {
          const got = shared.filter((pair) => pair.member === member).length
          return { got, load: load + got }
        })
        const highest = Math.max(0, ...after.filter(({ got }) => got > 0).map(({ load }) => load))
        for (const { load } of after) expect(highest - load).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('gives nothing to nobody', () => {
    expect(shareOut(['a'], [])).toEqual([])
  })
})
