import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { tellable } from './rules'

describe('what a report tells of complaints', () => {
  it('hides every count of 1 to 10, and lets none follow from the total', () => {
    const counts = fc
      .array(fc.nat(30), { minLength: 1, maxLength: 7 })
      .map((all) => all.map((n, at) => ({ key: String(at), n })))
    fc.assert(
      fc.property(counts, (all) => {
        const told = tellable(all)
        expect(told.map(({ key }) => key)).toEqual(all.map(({ key }) => key))
        for (const [at, { n }] of told.entries()) if (n !== null) expect(n === 0 || n >= 11).toBe(n === all[at]?.n)
        const hidden = all.filter((_, at) => told[at]?.n === null)
        const total = hidden.reduce((sum, { n }) => sum + n, 0)
        if (hidden.length === 0) return
        // Unless there is nothing left to hide it with: then the total is all there is to know.
        const isAll = told.every(({ n }) => n === null || n === 0)
        if (!isAll) expect(total >= 11 && hidden.length > 1).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
