import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addDays, clockIn, dayIn } from '@/lib/platform/zone'
import { workingCalendars } from '@/tests/factories/calendars'

import {
  addWorkingDays,
  addWorkingTime,
  isWorkingDay,
  isWorkingTime,
  nextWorkingMoment,
  workingTimeBetween,
  type WorkingCalendar,
} from './calendar-rules'

const LISBON: WorkingCalendar = {
  timeZone: 'Europe/Lisbon',
  workingDays: [1, 2, 3, 4, 5],
  opensMinute: 9 * 60,
  closesMinute: 17 * 60,
  holidays: new Set(['2026-12-08', '2026-12-25']),
}

const HOUR = 3_600_000
const calendar = workingCalendars()
// Two years around both changes of the clock in each hemisphere.
const moment = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2027-12-31T00:00:00Z'),
  noInvalidDate: true,
})

/** Whether the clock in the zone is put forward or back within a day of a moment. */
function isNearChange(timeZone: string, at: Date): boolean {
  const clock = clockIn(timeZone, at)
  return [-24, 24].some((hours) => clockIn(timeZone, new Date(at.getTime() + hours * HOUR)) !== clock)
}

describe('working days and hours', () => {
  it('are the days of the week that the network works, without its holidays, from opening until before closing', () => {
    expect(isWorkingDay(LISBON, '2026-11-27')).toBe(true)
    expect(isWorkingDay(LISBON, '2026-11-28')).toBe(false)
    expect(isWorkingDay(LISBON, '2026-12-08')).toBe(false)
    expect(isWorkingTime(LISBON, new Date('2026-11-27T09:00:00Z'))).toBe(true)
    expect(isWorkingTime(LISBON, new Date('2026-11-27T08:59:59.999Z'))).toBe(false)
    expect(isWorkingTime(LISBON, new Date('2026-11-27T17:00:00Z'))).toBe(false)
    // In summer the same clock is an hour earlier.
    expect(isWorkingTime(LISBON, new Date('2026-07-01T08:00:00Z'))).toBe(true)
  })

  it('count from the next opening where something comes outside of them', () => {
    const fridayNight = new Date('2026-11-27T22:30:00Z')
    expect(nextWorkingMoment(LISBON, fridayNight).toISOString()).toBe('2026-11-30T09:00:00.000Z')
    expect(addWorkingDays(LISBON, fridayNight, 0).toISOString()).toBe('2026-11-30T09:00:00.000Z')
    expect(addWorkingDays(LISBON, fridayNight, 2).toISOString()).toBe('2026-12-02T09:00:00.000Z')
  })

  it('leave out a holiday, and with one more holiday a limit moves by a day', () => {
    const from = new Date('2026-12-04T10:15:00Z')
    expect(addWorkingDays(LISBON, from, 2).toISOString()).toBe('2026-12-09T10:15:00.000Z')
    const more = { ...LISBON, holidays: new Set([...LISBON.holidays, '2026-12-09']) }
    expect(addWorkingDays(more, from, 2).toISOString()).toBe('2026-12-10T10:15:00.000Z')
  })

  it('keep the time of day across the change of the clock', () => {
    const beforeSpring = new Date('2026-03-27T10:00:00Z')
    expect(addWorkingDays(LISBON, beforeSpring, 1).toISOString()).toBe('2026-03-30T09:00:00.000Z')
  })

  it('add up over nights and weekends, and end with the day where they end there', () => {
    const from = new Date('2026-11-27T15:00:00Z')
    expect(addWorkingTime(LISBON, from, 2 * HOUR).toISOString()).toBe('2026-11-27T17:00:00.000Z')
    expect(addWorkingTime(LISBON, from, 3 * HOUR).toISOString()).toBe('2026-11-30T10:00:00.000Z')
    expect(addWorkingTime(LISBON, from, 18 * HOUR).toISOString()).toBe('2026-12-01T17:00:00.000Z')
  })

  it('tell a calendar without any working day rather than counting for ever', () => {
    expect(() => addWorkingDays({ ...LISBON, workingDays: [] }, new Date(), 1)).toThrow('no working day')
  })
})

describe('any calendar, at any time', () => {
  it('takes a moment outside working time to a working one, never back, and leaves one inside alone', () => {
    fc.assert(
      fc.property(calendar, moment, (any, at) => {
        const next = nextWorkingMoment(any, at)
        expect(isWorkingTime(any, next)).toBe(true)
        expect(next.getTime()).toBeGreaterThanOrEqual(at.getTime())
        if (isWorkingTime(any, at)) expect(next).toEqual(at)
        expect(nextWorkingMoment(any, next)).toEqual(next)
      }),
    )
  })

  it('passes no working time on the way to the next working moment', () => {
    fc.assert(
      fc.property(calendar, moment, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (any, at, share) => {
        const next = nextWorkingMoment(any, at)
        const between = new Date(at.getTime() + Math.floor((next.getTime() - at.getTime()) * share))
        if (between < next) expect(isWorkingTime(any, between)).toBe(false)
      }),
    )
  })

  it('counts exactly so many working days and keeps the time of day, changes of the clock or not', () => {
    fc.assert(
      fc.property(calendar, moment, fc.integer({ min: 1, max: 30 }), (any, at, days) => {
        const began = nextWorkingMoment(any, at)
        const due = addWorkingDays(any, at, days)
        const [first, last] = [dayIn(any.timeZone, began), dayIn(any.timeZone, due)]
        let counted = 0
        for (let day = addDays(first, 1); day <= last; day = addDays(day, 1)) counted += isWorkingDay(any, day) ? 1 : 0
        expect(counted).toBe(days)
        expect(isWorkingDay(any, last)).toBe(true)
        if (!isNearChange(any.timeZone, due)) expect(clockIn(any.timeZone, due)).toBe(clockIn(any.timeZone, began))
      }),
    )
  })

  it('gives one day after another what it gives all at once', () => {
    fc.assert(
      fc.property(calendar, moment, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (any, at, a, b) => {
        const once = addWorkingDays(any, at, a + b)
        const twice = addWorkingDays(any, addWorkingDays(any, at, a), b)
        expect(dayIn(any.timeZone, twice)).toBe(dayIn(any.timeZone, once))
      }),
    )
  })

  it('adds working time so that none is lost: one after another is all at once, and nobody is due in the night', () => {
    const some = fc.integer({ min: 1, max: 60 * HOUR })
    fc.assert(
      fc.property(calendar, moment, some, some, (any, at, a, b) => {
        const due = addWorkingTime(any, at, a)
        expect(due.getTime() - at.getTime()).toBeGreaterThanOrEqual(a)
        expect(isWorkingTime(any, new Date(due.getTime() - 1))).toBe(true)
        expect(addWorkingTime(any, due, b)).toEqual(addWorkingTime(any, at, a + b))
      }),
    )
  })

  it('measures between two moments exactly the working time that was added', () => {
    fc.assert(
      fc.property(calendar, moment, fc.integer({ min: 0, max: 200 * HOUR }), (any, at, added) => {
        const due = addWorkingTime(any, at, added)
        expect(workingTimeBetween(any, at, due)).toBe(added)
        expect(workingTimeBetween(any, due, at)).toBe(0)
      }),
    )
  })
})
