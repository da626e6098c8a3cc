import { describe, expect, it } from 'vitest'

import { canMove, isClosed, namedFields, riskReviewDue, takesEntryOf } from './rules'
import { CASE_STATUSES } from './schema'

describe('the status of a case', () => {
  it('never leads out of closed but by reopening as active', () => {
    for (const from of CASE_STATUSES.filter(isClosed)) {
      expect(CASE_STATUSES.filter((to) => canMove(from, to))).toEqual(['active'])
    }
  })

  it('leads from open to each other status', () => {
    for (const from of CASE_STATUSES.filter((status) => !isClosed(status))) {
      expect(CASE_STATUSES.filter((to) => canMove(from, to))).toEqual(CASE_STATUSES.filter((to) => to !== from))
    }
  })
})

describe('an entry', () => {
  it('may name any day while the case is open, and afterwards days until its closing, that one too', () => {
    expect(takesEntryOf({ closedOn: null }, '2026-11-24')).toBe(true)
    const days = ['2026-10-01', '2026-11-20', '2026-11-21']
    expect(days.map((day) => takesEntryOf({ closedOn: '2026-11-20' }, day))).toEqual([true, true, false])
  })
})

describe('a risk review', () => {
  it('comes weekly, two-weekly, or every four weeks, and over the end of a year', () => {
    expect(riskReviewDue('high', '2026-12-28')).toBe('2027-01-04')
    expect(riskReviewDue('medium', '2026-11-24')).toBe('2026-12-08')
    expect(riskReviewDue('low', '2028-02-10')).toBe('2028-03-09')
  })
})

describe('an edit', () => {
  it('names what it carries, also what it empties', () => {
    expect(namedFields({ stage: 'assessment', identifiedBy: null, risk: undefined })).toEqual(['stage', 'identifiedBy'])
  })
})
