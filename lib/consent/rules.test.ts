import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { canReplace, canWithdraw, nextEnd, remindedOn, stateOf, type Standing } from './rules'

const DAY = 86_400_000
const dayOf = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * DAY).toISOString().slice(0, 10)

const standing: fc.Arbitrary<Standing> = fc
  .record({
    answer: fc.constantFrom('given', 'refused'),
    from: fc.integer({ min: 0, max: 60 }),
    days: fc.option(fc.integer({ min: 0, max: 60 })),
    withdrawn: fc.boolean(),
    replaced: fc.boolean(),
  })
  .map(({ answer, from, days, withdrawn, replaced }) => ({
    answer,
    startsOn: dayOf(from),
    endsOn: answer === 'given' && days !== null ? dayOf(from + days) : null,
    withdrawnAt: withdrawn && answer === 'given' ? new Date(0) : null,
    replacedBy: replaced ? 'CON-0000000000' : null,
  }))

describe('how an answer stands', () => {
  it('holds from its first to its last day, both counting in, and never once withdrawn or replaced', () => {
    fc.assert(
      fc.property(standing, fc.integer({ min: -5, max: 130 }), (said, n) => {
        const today = dayOf(n)
        const state = stateOf(said, today)
        const lives =
          said.answer === 'given' &&
          said.withdrawnAt === null &&
          said.replacedBy === null &&
          said.startsOn <= today &&
          (said.endsOn === null || today <= said.endsOn)
        expect(['in_force', 'ends_soon'].includes(state)).toBe(lives)
      }),
    )
  })

  it('ends soon in its last fifteen days, its last one counted', () => {
    const said = {
      answer: 'given',
      startsOn: '2026-01-01',
      endsOn: '2026-05-20',
      withdrawnAt: null,
      replacedBy: null,
    } as const
    expect(stateOf(said, '2026-05-05')).toBe('in_force')
    expect(stateOf(said, '2026-05-06')).toBe('ends_soon')
    expect(stateOf(said, '2026-05-20')).toBe('ends_soon')
    expect(stateOf(said, '2026-05-21')).toBe('ended')
    expect(remindedOn('2026-03-10')).toBe('2026-02-24')
  })

  it('is withdrawn where something was given, and asked again where nothing was withdrawn', () => {
    expect(canWithdraw('in_force')).toBe(true)
    expect(canWithdraw('ended')).toBe(true)
    for (const state of ['refused', 'withdrawn', 'replaced'] as const) expect(canWithdraw(state)).toBe(false)
    for (const state of ['in_force', 'ended', 'refused', 'coming'] as const) expect(canReplace(state)).toBe(true)
    for (const state of ['withdrawn', 'replaced'] as const) expect(canReplace(state)).toBe(false)
  })

  it('reminds of the earliest end of what still holds', () => {
    fc.assert(
      fc.property(fc.array(standing, { maxLength: 6 }), fc.integer({ min: 0, max: 90 }), (all, n) => {
        const today = dayOf(n)
        const end = nextEnd(all, today)
        const ends = all
          .filter((said) => ['in_force', 'ends_soon', 'coming'].includes(stateOf(said, today)))
          .flatMap(({ endsOn }) => (endsOn === null ? [] : [endsOn]))
        expect(end).toBe(ends.length === 0 ? null : ends.reduce((a, b) => (a < b ? a : b)))
      }),
    )
  })
})
