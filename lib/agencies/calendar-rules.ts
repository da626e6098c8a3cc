import { addDays, dayIn, instantIn, offsetOf } from '@/lib/platform/zone'

/**
 * When a network works: days and hours in its own zone, holidays by day. The database's `app.add_working_days` and
 * `app.is_working_time` follow the same rules; a test holds the two to each other.
 */
export type WorkingCalendar = {
  readonly timeZone: string
  /** ISO weekdays: 1 is Monday. */
  readonly workingDays: readonly number[]
  /** Minutes after midnight; a day is open from the first minute until before the second. */
  readonly opensMinute: number
  readonly closesMinute: number
  /** Days as `YYYY-MM-DD`. */
  readonly holidays: ReadonlySet<string>
}

const MINUTE = 60_000
const DAY = 86_400_000

/** After so many days without a working one, the calendar itself must be wrong. */
const LONGEST_CLOSURE_DAYS = 3660

/** Whether the network works on a day at all. */
export function isWorkingDay(calendar: WorkingCalendar, day: string): boolean {
  return calendar.workingDays.includes(isoWeekday(day)) && !calendar.holidays.has(day)
}

/** Whether the network is at work at this moment. */
export function isWorkingTime(calendar: WorkingCalendar, at: Date): boolean {
  const passed = timeOfDay(calendar.timeZone, at)
  return (
    isWorkingDay(calendar, dayIn(calendar.timeZone, at)) &&
    passed >= calendar.opensMinute * MINUTE &&
    passed < calendar.closesMinute * MINUTE
  )
}

/** The moment itself in working time, else the next opening. */
export function nextWorkingMoment(calendar: WorkingCalendar, at: Date): Date {
  if (isWorkingTime(calendar, at)) return at
  const day = dayIn(calendar.timeZone, at)
  const untilOpening = calendar.opensMinute * MINUTE - timeOfDay(calendar.timeZone, at)
  if (untilOpening > 0 && isWorkingDay(calendar, day)) {
    const opening = instantIn(calendar.timeZone, day, clockOf(calendar.opensMinute * MINUTE))
    // In the hour that autumn repeats, the first opening may have passed.
    return opening < at ? new Date(at.getTime() + untilOpening) : opening
  }
  const next = workingDayAfter(calendar, addDays(day, 1), 0)
  return instantIn(calendar.timeZone, next, clockOf(calendar.opensMinute * MINUTE))
}

/**
 * The same time of day, so many working days later. What comes outside working time counts from the next opening: two
 * working days from Friday night end on Wednesday at opening, not on Sunday.
 */
export function addWorkingDays(calendar: WorkingCalendar, from: Date, days: number): Date {
  const began = nextWorkingMoment(calendar, from)
  if (days <= 0) return began
  const day = workingDayAfter(calendar, dayIn(calendar.timeZone, began), days)
  return instantIn(calendar.timeZone, day, clockOf(timeOfDay(calendar.timeZone, began)))
}

/** The moment at which so much working time has passed, in milliseconds; a limit that ends with the day ends at its closing. */
export function addWorkingTime(calendar: WorkingCalendar, from: Date, milliseconds: number): Date {
  let left = milliseconds
  let at = nextWorkingMoment(calendar, from)
  for (;;) {
    const closing = closingAfter(calendar, at)
    const room = closing.getTime() - at.getTime()
    if (left <= room) return new Date(at.getTime() + left)
    left -= room
    at = nextWorkingMoment(calendar, closing)
  }
}

/** How much working time lies between two moments, in milliseconds; none when the second isn't later. */
export function workingTimeBetween(calendar: WorkingCalendar, from: Date, to: Date): number {
  let passed = 0
  for (let at = nextWorkingMoment(calendar, from); at < to;) {
    const closing = closingAfter(calendar, at)
    passed += Math.min(closing.getTime(), to.getTime()) - at.getTime()
    at = nextWorkingMoment(calendar, closing)
  }
  return passed
}

function closingAfter(calendar: WorkingCalendar, at: Date): Date {
  const closing = instantIn(calendar.timeZone, dayIn(calendar.timeZone, at), clockOf(calendar.closesMinute * MINUTE))
  const untilClosing = calendar.closesMinute * MINUTE - timeOfDay(calendar.timeZone, at)
  return closing < at ? new Date(at.getTime() + untilClosing) : closing
}

/** The working day that lies this many working days after a day; 0 means the day itself or the next one that is. */
function workingDayAfter(calendar: WorkingCalendar, day: string, days: number): string {
  let reached = days > 0 ? addDays(day, 1) : day
  let left = days
  for (let passed = 0; passed <= 7 * days + LONGEST_CLOSURE_DAYS; passed += 1) {
    if (isWorkingDay(calendar, reached)) {
      left -= 1
      if (left <= 0) return reached
    }
    reached = addDays(reached, 1)
  }
  throw new Error('The calendar of the network has no working day in ten years')
}

function isoWeekday(day: string): number {
  return ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1
}

/** How far a clock in the zone has gone since it showed midnight, in milliseconds. */
function timeOfDay(timeZone: string, at: Date): number {
  const shown = at.getTime() + offsetOf(timeZone, at.getTime())
  return ((shown % DAY) + DAY) % DAY
}

/** Milliseconds after midnight as a clock shows them; 24:00 is the end of the day. */
function clockOf(passed: number): string {
  if (passed === DAY) return '24:00:00.000'
  return new Date(passed).toISOString().slice(11, 23)
}
