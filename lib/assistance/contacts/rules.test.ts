import { describe, expect, it } from 'vitest'

import { isOutcomeOf, usualOutcome, wasReached } from './rules'
import { CONTACT_KINDS, CONTACT_OUTCOMES, logContactInput } from './schema'

describe('a contact', () => {
  it('has a usual outcome that fits its kind', () => {
    for (const kind of CONTACT_KINDS) expect(isOutcomeOf(kind, usualOutcome(kind))).toBe(true)
  })

  it('that failed never reached the person, whatever is sent', () => {
    for (const outcome of CONTACT_OUTCOMES) {
      if (isOutcomeOf('failed_attempt', outcome)) expect(wasReached(outcome)).toBe(false)
    }
  })

  it('takes a clock as people write it, and a moment once', () => {
    const at = (occurredTime: string) => logContactInput.safeParse({ case: 'CAS-1', kind: 'call', occurredTime })
    expect(at('9:05').data?.occurredTime).toBe('09:05')
    expect(at('14.30').data?.occurredTime).toBe('14:30')
    expect(at('24:00').success).toBe(false)
    const twice = { case: 'CAS-1', kind: 'call', occurredOn: '2026-11-24', occurredAt: '2026-11-24T10:00:00Z' }
    expect(logContactInput.safeParse(twice).success).toBe(false)
  })
})
