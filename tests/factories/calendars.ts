import fc from 'fast-check'

import type { WorkingCalendar } from '@/lib/agencies/calendar-rules'
import { addDays } from '@/lib/platform/zone'

/** Zones with every kind of change: in spring, in autumn, at midnight, by half an hour, and none. */
const ZONES = [
  'Europe/London',
  'Europe/Paris',
  'America/New_York',
  'America/Havana',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Asia/Shanghai',
  'UTC',
]

/** Any calendar that a network may have in the years 2026 and 2027, with up to forty holidays. */
export function workingCalendars(): fc.Arbitrary<WorkingCalendar> {
  const workingDays = fc.uniqueArray(fc.constantFrom(1, 2, 3, 4, 5, 6, 7), { minLength: 1 })
  const hours = fc.record({
    opensMinute: fc.integer({ min: 20, max: 44 }).map((quarters) => quarters * 15),
    open: fc.integer({ min: 4, max: 48 }).map((quarters) => quarters * 15),
  })
  const holidays = fc.uniqueArray(fc.integer({ min: 0, max: 760 }), { maxLength: 40 })
  return fc.record({ timeZone: fc.constantFrom(...ZONES), workingDays, hours, holidays }).map((any) => ({
    timeZone: any.timeZone,
    workingDays: [...any.workingDays].sort(),
    opensMinute: any.hours.opensMinute,
    closesMinute: any.hours.opensMinute + any.hours.open,
    holidays: new Set(any.holidays.map((day) => addDays('2026-01-01', day))),
  }))
}
