import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addDays, clockIn, dayIn, instantIn } from './zone'

const ZONES = ['UTC', 'Asia/Kathmandu', 'Europe/Lisbon', 'Pacific/Auckland', 'America/St_Johns', 'Pacific/Kiritimati']

describe('the time in a zone', () => {
  it('comes back from the day and clock it shows, except in the hour that autumn repeats', () => {
    const date = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), date, (zone, instant) => {
        const minute = Math.floor(instant.getTime() / 60_000) * 60_000
        const back = instantIn(zone, dayIn(zone, new Date(minute)), clockIn(zone, new Date(minute))).getTime()
        return back === minute || back === minute - 3_600_000
      }),
    )
  })

  it('reads an hour that spring leaves out, and one that autumn has twice', () => {
    expect(instantIn('Europe/Lisbon', '2026-03-29', '01:30').toISOString()).toBe('2026-03-29T01:30:00.000Z')
    expect(instantIn('Europe/Lisbon', '2026-10-25', '01:30').toISOString()).toBe('2026-10-25T00:30:00.000Z')
    expect(instantIn('Asia/Kathmandu', '2026-11-24', '23:59').toISOString()).toBe('2026-11-24T18:14:00.000Z')
  })

  it('has its own day', () => {
    const instant = new Date('2026-11-24T22:30:00Z')
    expect(dayIn('UTC', instant)).toBe('2026-11-24')
    expect(dayIn('Asia/Kathmandu', instant)).toBe('2026-11-25')
    expect(clockIn('Asia/Kathmandu', instant)).toBe('04:15')
  })

  it('counts days over the ends of months and years', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
  })
})
