import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { CATEGORY_KEYS } from '@/lib/mandate/categories'

import { casesOf, openNeedsOf, personsOf } from './rules'

describe('people of a year', () => {
  const rows = [
    { paragraph: '9', year: 2024, n: 3 },
    { paragraph: '9', year: 2026, n: 5 },
    { paragraph: '7', year: 2026, n: 1 },
    { paragraph: '6(b)', year: 2026, n: 4 },
    { paragraph: '6(a)', year: 2026, n: 2 },
  ]

  it('are those under paragraph 9, never a sum over paragraphs', () => {
    expect(personsOf(rows, 2026)).toEqual({
      persons: 5,
      personsByParagraph: [
        { paragraph: '6(a)', persons: 2 },
        { paragraph: '6(b)', persons: 4 },
        { paragraph: '7', persons: 1 },
      ],
      first: 2024,
      last: 2026,
    })
  })

  it('are nobody in a year without records, and the years are still known', () => {
    expect(personsOf(rows, 2025)).toEqual({ persons: 0, personsByParagraph: [], first: 2024, last: 2026 })
    expect(personsOf([], 2025)).toEqual({ persons: 0, personsByParagraph: [], first: null, last: null })
  })
})

describe('cases', () => {
  it('opened in the year count whatever became of them; open ones whenever they were opened', () => {
    expect(
      casesOf([
        { status: 'active', n: 4, opened: 1 },
        { status: 'follow_up', n: 2, opened: 0 },
        { status: 'closed', n: 9, opened: 3 },
        { status: 'closed_referred', n: 1, opened: 1 },
      ]),
    ).toEqual({ casesOpened: 5, casesOpen: 6 })
  })
})

describe('open needs', () => {
  const row = fc.record({
    category: fc.constantFrom(...CATEGORY_KEYS),
    urgency: fc.constantFrom('emergency' as const, 'urgent' as const, 'routine' as const),
    n: fc.integer({ min: 1, max: 50 }),
    late: fc.nat({ max: 20 }),
  })

  it('are each in exactly one line, the fullest category first', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const lines = openNeedsOf(rows)
        const sum = (of: readonly { n: number; late: number }[]) =>
          of.reduce((all, { n, late }) => ({ n: all.n + n, late: all.late + late }), { n: 0, late: 0 })
        expect(sum(lines)).toEqual(sum(rows))
        expect(new Set(lines.map(({ category }) => category)).size).toBe(lines.length)
        for (const line of lines) {
          expect(line.byUrgency.emergency + line.byUrgency.urgent + line.byUrgency.routine).toBe(line.n)
        }
        const sizes = lines.map(({ n }) => n)
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
      }),
      { numRuns: 50 },
    )
  })
})
