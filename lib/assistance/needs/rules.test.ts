import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  canMoveNeed,
  CONTACT_LIMITS,
  contactDueAt,
  contactLimit,
  isContactLate,
  isLiving,
  nextNeedStates,
  stateAfterService,
} from './rules'
import { NEED_STATES, URGENCIES } from './schema'

const state = fc.constantFrom(...NEED_STATES)

describe('the state of a need', () => {
  it('is left by some way from everywhere: nobody is refused help for good', () => {
    for (const from of NEED_STATES) expect(nextNeedStates(from).length).toBeGreaterThan(0)
    for (const from of ['met', 'not_met', 'withdrawn'] as const) expect(canMoveNeed(from, 'open')).toBe(true)
  })

  it('moves with a service where its own table allows it, and stays where it doesn’t', () => {
    const said = fc.option(fc.constantFrom('being_met' as const, 'met' as const), { nil: undefined })
    fc.assert(
      fc.property(state, fc.boolean(), said, (from, hasBegun, word) => {
        const to = stateAfterService(from, { hasBegun, isPlanned: !hasBegun, said: word })
        expect(canMoveNeed(from, to)).toBe(true)
      }),
    )
  })

  it('is being met once a service began, planned while one is planned, and what the member says before either', () => {
    const service = { hasBegun: true, isPlanned: false, said: undefined }
    expect(stateAfterService('open', service)).toBe('being_met')
    expect(stateAfterService('open', { ...service, hasBegun: false, isPlanned: true })).toBe('planned')
    expect(stateAfterService('planned', { ...service, said: 'met' })).toBe('met')
    expect(stateAfterService('withdrawn', { ...service, said: 'met' })).toBe('withdrawn')
    expect(stateAfterService('met', service)).toBe('met')
  })
})

describe('the limit of a first contact', () => {
  it('is 24 hours, 72 hours, 14 days, each with its source', () => {
    expect(URGENCIES.map((urgency) => CONTACT_LIMITS[urgency].hours)).toEqual([24, 72, 336])
    expect(URGENCIES.every((urgency) => contactLimit(urgency, undefined).source !== '')).toBe(true)
  })

  it('is the network’s own where it set one that makes sense, else the common one', () => {
    const own = { contactHours: { urgent: { hours: 48, source: 'Protocol of 2025' } } }
    expect(contactLimit('urgent', own)).toEqual({ hours: 48, source: 'Protocol of 2025' })
    expect(contactLimit('emergency', own)).toEqual(CONTACT_LIMITS.emergency)
    for (const wrong of [null, [], { contactHours: { urgent: { hours: -1, source: 'x' } } }, { contactHours: 3 }]) {
      expect(contactLimit('urgent', wrong)).toEqual(CONTACT_LIMITS.urgent)
    }
  })

  it('is late only once it passed, while nobody was reached and somebody still has to do something', () => {
    const due = contactDueAt(new Date('2026-11-24T10:00:00Z'), CONTACT_LIMITS.emergency)
    expect(due.toISOString()).toBe('2026-11-25T10:00:00.000Z')
    const need = { state: 'open', contactDueAt: due, isReached: false } as const
    expect(isContactLate(need, due)).toBe(false)
    expect(isContactLate(need, new Date(due.getTime() + 1))).toBe(true)
    expect(isContactLate({ ...need, isReached: true }, new Date(due.getTime() + 1))).toBe(false)
    for (const other of NEED_STATES.filter((one) => !isLiving(one))) {
      expect(isContactLate({ ...need, state: other }, new Date(due.getTime() + 1))).toBe(false)
    }
  })
})
