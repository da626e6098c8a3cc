import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { addWorkingDays, isWorkingTime, workingTimeBetween, type WorkingCalendar } from '@/lib/agencies/calendar-rules'
import { URGENCY_KEYS, type NetworkClock, type UrgencyKey } from '@/lib/agencies/network-schema'
import { workingCalendars } from '@/tests/factories/calendars'

import { clockView, pauseFrom, resumeClock, runningLimit, startClock, type Waiting } from './rules'
import type { ClockMoments } from './schema'

const HOUR = 3_600_000
const LIMITS = {
  emergency: { acknowledge: 1, decide: 4 },
  urgent: { acknowledge: 4, decide: 24 },
  routine: { acknowledge: 2, decide: 5 },
} as const
const LONDON: WorkingCalendar = {
  timeZone: 'Europe/London',
  workingDays: [1, 2, 3, 4, 5],
  opensMinute: 540,
  closesMinute: 1020,
  holidays: new Set(['2026-12-25', '2026-12-28']),
}
type Clock = Omit<NetworkClock, 'identification'>
const common: Clock = { calendar: LONDON, limits: LIMITS, expiry: 3 }
const isoOf = (moments: ClockMoments) =>
  Object.fromEntries(Object.entries(moments).map(([name, at]) => [name, at.toISOString()]))

const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-10-31'), noInvalidDate: true })
const urgency = fc.constantFrom(...URGENCY_KEYS)
const clock = fc
  .tuple(
    workingCalendars(),
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 2, max: 6 }),
  )
  .map(([calendar, acknowledge, more, expiry]): Clock => {
    const limit = { acknowledge, decide: acknowledge + more }
    return { calendar, limits: { emergency: limit, urgent: limit, routine: limit }, expiry }
  })
const stop = fc.record({
  after: fc.integer({ min: 0, max: 400 * HOUR }),
  lasted: fc.integer({ min: 0, max: 200 * HOUR }),
})

const counted = (calendar: WorkingCalendar, key: UrgencyKey, from: Date, to: Date) =>
  key === 'routine' ? workingTimeBetween(calendar, from, to) : Math.max(0, to.getTime() - from.getTime())

describe('the response clock', () => {
  it('counts emergency and urgent around the clock, also over a night in which clocks go back', () => {
    // In London the hour from 01:00 came twice on this night.
    const at = new Date('2026-10-24T23:30:00Z')
    expect(isoOf(startClock(common, 'emergency', at))).toEqual({
      startedAt: '2026-10-24T23:30:00.000Z',
      acknowledgeHalfAt: '2026-10-25T00:00:00.000Z',
      acknowledgeBy: '2026-10-25T00:30:00.000Z',
      acknowledgeLateAt: '2026-10-25T01:30:00.000Z',
      decideHalfAt: '2026-10-25T01:30:00.000Z',
      decideBy: '2026-10-25T03:30:00.000Z',
      decideLateAt: '2026-10-25T07:30:00.000Z',
      expiresAt: '2026-10-25T11:30:00.000Z',
    })
    expect(startClock(common, 'urgent', at).decideBy.toISOString()).toBe('2026-10-25T23:30:00.000Z')
  })

  it('counts routine in working days, without weekends and holidays, by the clock on the wall', () => {
    // A Thursday before Christmas, at ten.
    expect(isoOf(startClock(common, 'routine', new Date('2026-12-24T10:00:00Z')))).toEqual({
      startedAt: '2026-12-24T10:00:00.000Z',
      acknowledgeHalfAt: '2026-12-29T10:00:00.000Z',
      acknowledgeBy: '2026-12-30T10:00:00.000Z',
      acknowledgeLateAt: '2027-01-01T10:00:00.000Z',
      decideHalfAt: '2026-12-30T14:00:00.000Z',
      decideBy: '2027-01-04T10:00:00.000Z',
      decideLateAt: '2027-01-11T10:00:00.000Z',
      expiresAt: '2027-01-18T10:00:00.000Z',
    })
    // Sent on a Friday night: it counts from Monday's opening. The clock on the wall changes in between.
    const spring = startClock(common, 'routine', new Date('2026-03-27T22:00:00Z'))
    expect(spring.acknowledgeBy.toISOString()).toBe('2026-04-01T08:00:00.000Z')
  })

  it('keeps its moments in order, whatever the network sets', () => {
    fc.assert(
      fc.property(clock, urgency, moment, (any, key, at) => {
        const m = startClock(any, key, at)
        for (const [earlier, later] of [
          [m.startedAt, m.acknowledgeHalfAt],
          [m.acknowledgeHalfAt, m.acknowledgeBy],
          [m.acknowledgeBy, m.acknowledgeLateAt],
          [m.acknowledgeBy, m.decideBy],
          [m.decideHalfAt, m.decideBy],
          [m.decideBy, m.decideLateAt],
          [m.decideLateAt, m.expiresAt],
        ] as const)
          expect(earlier.getTime()).toBeLessThanOrEqual(later.getTime())
        if (key === 'routine') {
          expect(m.decideBy).toEqual(addWorkingDays(any.calendar, at, any.limits.routine.decide))
          for (const due of [m.acknowledgeBy, m.decideBy, m.expiresAt])
            expect(isWorkingTime(any.calendar, due)).toBe(true)
        }
      }),
    )
  })

  it('is at half when as much has counted as is left', () => {
    fc.assert(
      fc.property(clock, urgency, moment, (any, key, at) => {
        const { acknowledgeHalfAt: half, acknowledgeBy: by } = startClock(any, key, at)
        const [before, after] = [counted(any.calendar, key, at, half), counted(any.calendar, key, half, by)]
        expect(Math.abs(before - after)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('has as much left after it stood as before, and stays over where it was over', () => {
    fc.assert(
      fc.property(clock, urgency, moment, stop, (any, key, at, { after, lasted }) => {
        const before = startClock(any, key, at)
        const stoppedAt = new Date(at.getTime() + after)
        const resumedAt = new Date(stoppedAt.getTime() + lasted)
        const later = resumeClock(any, key, before, stoppedAt, resumedAt)
        for (const name of Object.keys(before) as (keyof ClockMoments)[]) {
          const left = counted(any.calendar, key, stoppedAt, before[name])
          expect(counted(any.calendar, key, resumedAt, later[name]), name).toBe(left)
          if (before[name] <= stoppedAt) expect(later[name] <= resumedAt, name).toBe(true)
          expect(later[name] >= before[name], name).toBe(true)
        }
      }),
    )
  })

  it('moves by what counted while it stood: not at all over a weekend, once for two stops in a row', () => {
    const monday = startClock(common, 'routine', new Date('2026-11-23T10:00:00Z'))
    const [saturday, sunday] = [new Date('2026-11-28T10:00:00Z'), new Date('2026-11-29T22:00:00Z')]
    expect(resumeClock(common, 'routine', monday, saturday, sunday)).toEqual(monday)
    fc.assert(
      fc.property(
        clock,
        urgency,
        moment,
        stop,
        fc.integer({ min: 0, max: 100 * HOUR }),
        (any, key, at, { after, lasted }, more) => {
          const moments = startClock(any, key, at)
          const one = new Date(at.getTime() + after)
          const two = new Date(one.getTime() + lasted)
          const three = new Date(two.getTime() + more)
          const twice = resumeClock(any, key, resumeClock(any, key, moments, one, two), two, three)
          expect(twice).toEqual(resumeClock(any, key, moments, one, three))
        },
      ),
    )
  })
})

describe('the pause for a question', () => {
  it('lasts as long as the time to decide, in working days for routine', () => {
    const at = new Date('2026-11-24T10:00:00Z')
    const asked = new Date('2026-11-24T12:00:00Z')
    const urgent = pauseFrom(common, 'urgent', startClock(common, 'urgent', at), asked)
    expect(urgent.endsAt.toISOString()).toBe('2026-11-25T12:00:00.000Z')
    expect(urgent.clock.decideBy.toISOString()).toBe('2026-11-26T10:00:00.000Z')
    const routine = pauseFrom(common, 'routine', startClock(common, 'routine', at), asked)
    expect(routine.endsAt.toISOString()).toBe('2026-12-01T12:00:00.000Z')
  })

  it('ends, and leaves as much time as there was, whatever the network sets and however often one asks', () => {
    fc.assert(
      fc.property(clock, urgency, moment, stop, (any, key, at, { after }) => {
        const moments = startClock(any, key, at)
        const asked = new Date(at.getTime() + after)
        const { endsAt, clock: later } = pauseFrom(any, key, moments, asked)
        const limit = counted(any.calendar, key, at, moments.decideBy)
        expect(counted(any.calendar, key, asked, endsAt)).toBe(limit)
        expect(counted(any.calendar, key, endsAt, later.decideBy)).toBe(
          counted(any.calendar, key, asked, moments.decideBy),
        )
        const again = pauseFrom(any, key, later, endsAt)
        expect(counted(any.calendar, key, endsAt, again.endsAt)).toBe(limit)
      }),
    )
  })
})

describe('the limit that is shown', () => {
  const at = new Date('2026-11-24T10:00:00Z')
  const moments = startClock(common, 'urgent', at)
  const waiting: Waiting = { urgency: 'urgent', moments, awaited: 'acknowledge', needBy: null, stoppedAt: null }
  const on = (time: string) => new Date(`2026-11-${time}:00Z`)

  it('is the earliest of those that still wait', () => {
    expect(runningLimit(waiting)).toMatchObject({ awaited: 'acknowledge', by: moments.acknowledgeBy })
    expect(runningLimit({ ...waiting, awaited: 'decide' })).toMatchObject({ awaited: 'decide', by: moments.decideBy })
    const needBy = on('24T12:00')
    expect(runningLimit({ ...waiting, needBy })).toMatchObject({ awaited: 'contact', by: needBy })
    expect(runningLimit({ ...waiting, needBy: on('27T12:00') })).toMatchObject({ awaited: 'acknowledge' })
    expect(runningLimit({ ...waiting, awaited: 'contact', needBy })).toMatchObject({ awaited: 'contact' })
    expect(runningLimit({ ...waiting, awaited: 'contact' })).toBeNull()
    expect(runningLimit({ ...waiting, awaited: null, needBy })).toBeNull()
    fc.assert(
      fc.property(
        clock,
        urgency,
        moment,
        fc.option(moment),
        fc.constantFrom('acknowledge', 'decide', 'contact'),
        (any, key, sent, needDue, awaited) => {
          const shown = runningLimit({ moments: startClock(any, key, sent), awaited, needBy: needDue })
          if (shown !== null && needDue !== null) expect(shown.by <= needDue).toBe(true)
        },
      ),
    )
  })

  it('runs, passes its half, is late, and stands while something is asked', () => {
    const seen = (time: string, over: Partial<Waiting> = {}) => clockView(LONDON, { ...waiting, ...over }, on(time))
    expect(seen('24T11:00')).toMatchObject({ standing: 'running', share: 0.25, minutes: 180, countsAgainAt: null })
    expect(seen('24T13:00')).toMatchObject({ standing: 'past_half', share: 0.75, minutes: 60 })
    expect(seen('24T14:18')).toMatchObject({ standing: 'late', minutes: 18 })
    expect(seen('24T14:18')?.share).toBeGreaterThan(1)
    expect(seen('24T20:00', { stoppedAt: on('24T11:00') })).toMatchObject({
      standing: 'stopped',
      share: 0.25,
      minutes: 180,
    })
    // The person's own limit stands for no question.
    expect(seen('24T11:30', { stoppedAt: on('24T11:00'), needBy: on('24T12:00') })).toMatchObject({
      awaited: 'contact',
      standing: 'past_half',
      minutes: 30,
    })
    expect(seen('24T11:00', { awaited: null })).toBeNull()
  })

  it('says in working time what is left of a routine one, and when it counts again', () => {
    const routine: Waiting = { ...waiting, urgency: 'routine', moments: startClock(common, 'routine', on('26T10:00')) }
    expect(clockView(LONDON, routine, on('27T12:00'))).toMatchObject({
      isWorkingTime: true,
      minutes: 6 * 60,
      share: 10 / 16,
      countsAgainAt: null,
    })
    expect(clockView(LONDON, routine, on('28T12:00'))).toMatchObject({
      minutes: 60,
      countsAgainAt: '2026-11-30T09:00:00.000Z',
    })
  })

  it('never shows less than nothing left, nor late before its limit', () => {
    fc.assert(
      fc.property(clock, urgency, moment, fc.integer({ min: 0, max: 900 * HOUR }), (any, key, sent, after) => {
        const now = new Date(sent.getTime() + after)
        const view = clockView(any.calendar, { ...waiting, urgency: key, moments: startClock(any, key, sent) }, now)
        expect(view?.minutes).toBeGreaterThanOrEqual(0)
        expect(view?.standing === 'late').toBe(now > new Date(view?.by ?? 0))
        expect((view?.share ?? 0) > 1).toBe(view?.standing === 'late')
      }),
    )
  })
})
