import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { holding } from './rules'

const word = fc.record({
  purpose: fc.constantFrom('sharing', 'contact'),
  agencyKind: fc.constantFrom('ngo', 'government', null),
  setAt: fc.integer({ min: 0, max: 5 }).map((n) => new Date(n)),
  id: fc.uuid(),
})

describe('what an agency rests on', () => {
  it('is its newest word for each purpose and kind of receiver, one and no more', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (all) => {
        const held = holding(all)
        const about = ({ purpose, agencyKind }: (typeof all)[number]) => `${purpose} ${String(agencyKind)}`
        expect(held.size).toBe(new Set(all.map(about)).size)
        for (const one of all.filter(({ id }) => held.has(id)))
          for (const other of all.filter((two) => about(two) === about(one)))
            expect(other.setAt.getTime()).toBeLessThanOrEqual(one.setAt.getTime())
      }),
    )
  })
})
