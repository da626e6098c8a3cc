import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { dayIn } from '@/lib/platform/zone'

import { canSnooze, duenessOf, endOfDay, isAllDay, snoozedUntil } from './rules'
import { MADE_KINDS, TASK_KINDS } from './schema'

const zone = fc.constantFrom('UTC', 'Asia/Kathmandu', 'Europe/Lisbon', 'Pacific/Auckland')
const days = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2028-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

describe('what is due', () => {
  it('on a day is due in that day of the agency’s zone, at any time', () => {
    fc.assert(
      fc.property(zone, days, (timeZone, day) => {
        const dueAt = endOfDay(timeZone, day)
        return dayIn(timeZone, dueAt) === day && isAllDay(timeZone, dueAt)
      }),
    )
  })

  it('is late only once its time has passed', () => {
    const dueAt = endOfDay('UTC', '2026-11-24')
    expect(duenessOf('UTC', dueAt, new Date('2026-11-24T08:00:00Z'))).toBe('today')
    expect(duenessOf('UTC', dueAt, new Date('2026-11-23T23:59:59Z'))).toBe('soon')
    expect(duenessOf('UTC', dueAt, new Date('2026-11-25T00:00:00Z'))).toBe('late')
    expect(duenessOf('UTC', new Date('2026-11-24T14:00:00Z'), new Date('2026-11-24T14:00:01Z'))).toBe('late')
  })

  it('comes back at its own hour when it is put off, counted from today even when it was late', () => {
    const now = new Date('2026-11-24T08:00:00Z')
    expect(snoozedUntil('UTC', new Date('2026-11-20T14:00:00Z'), 'tomorrow', now).toISOString()).toBe(
      '2026-11-25T14:00:00.000Z',
    )
    expect(
      isAllDay('Europe/Lisbon', snoozedUntil('Europe/Lisbon', endOfDay('Europe/Lisbon', '2026-10-20'), 'week', now)),
    ).toBe(true)
  })

  it('may be put off when a member made it, and not when a limit did', () => {
    expect(MADE_KINDS.every(canSnooze)).toBe(true)
    expect(TASK_KINDS.filter((kind) => !canSnooze(kind))).toEqual(['risk_review', 'first_contact'])
  })
})
