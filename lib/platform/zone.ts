/** The day of the calendar in a time zone, as `YYYY-MM-DD`. */
export function dayIn(timeZone: string, instant: Date): string {
  // The Swedish locale writes dates as ISO 8601 does.
  return formatterOf(timeZone, 'day').format(instant)
}

/** The clock in a time zone, as `HH:MM`. */
export function clockIn(timeZone: string, instant: Date): string {
  return formatterOf(timeZone, 'clock').format(instant)
}

/**
 * The instant at which a clock in the zone shows this day and time. A time that the spring change leaves out is read
 * as if the change hadn't come yet; of one that comes twice in autumn, the first.
 */
export function instantIn(timeZone: string, day: string, clock: string): Date {
  const wanted = Date.parse(`${day}T${clock.length === 5 ? `${clock}:00` : clock}Z`)
  // Zones lie within 14 hours of UTC: the offsets a day before and after are the only two it can be.
  const before = wanted - offsetOf(timeZone, wanted - 86_400_000)
  const after = wanted - offsetOf(timeZone, wanted + 86_400_000)
  const first = Math.min(before, after)
  const fits = (instant: number) => instant + offsetOf(timeZone, instant) === wanted
  if (fits(first)) return new Date(first)
  return new Date(fits(Math.max(before, after)) ? Math.max(before, after) : before)
}

/** The day that many days later (or earlier, when negative). */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** How far the zone is ahead of UTC at an instant, both in milliseconds. */
export function offsetOf(timeZone: string, instant: number): number {
  const parts = formatterOf(timeZone, 'moment').format(new Date(instant))
  return Date.parse(`${parts.replace(' ', 'T')}Z`) - Math.floor(instant / 1000) * 1000
}

const DAY = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const SHAPES = { day: DAY, clock: CLOCK, moment: { ...DAY, ...CLOCK, second: '2-digit' } } as const

// Making a formatter costs some hundred times what using one does.
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timeZone: string, shape: keyof typeof SHAPES): Intl.DateTimeFormat {
  const key = `${shape} ${timeZone}`
  let formatter = formatters.get(key)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone, ...SHAPES[shape] })
    formatters.set(key, formatter)
  }
  return formatter
}
