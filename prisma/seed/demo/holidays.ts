import { addDays } from '@/lib/platform/zone'

export type Holiday = { readonly day: string; readonly name: string }

/** The bank holidays of a year as England keeps them; one that falls on a weekend is kept on the next free weekday. */
export function bankHolidays(year: number): readonly Holiday[] {
  const easter = easterSunday(year)
  const on = (month: number, day: number) => `${String(year)}-${two(month)}-${two(day)}`
  const fixed: readonly Holiday[] = [
    { day: on(1, 1), name: 'New Year’s Day' },
    { day: addDays(easter, -2), name: 'Good Friday' },
    { day: addDays(easter, 1), name: 'Easter Monday' },
    { day: mondayFrom(on(5, 1)), name: 'Early May bank holiday' },
    { day: mondayFrom(on(5, 25)), name: 'Spring bank holiday' },
    { day: mondayFrom(on(8, 25)), name: 'Summer bank holiday' },
    { day: on(12, 25), name: 'Christmas Day' },
    { day: on(12, 26), name: 'Boxing Day' },
  ]
  const kept: Holiday[] = []
  for (const holiday of fixed) {
    let { day } = holiday
    while (weekday(day) % 6 === 0 || kept.some((other) => other.day === day)) day = addDays(day, 1)
    kept.push({ ...holiday, day })
  }
  return kept
}

/** The first Monday from a day on. */
function mondayFrom(day: string): string {
  return addDays(day, (8 - weekday(day)) % 7)
}

/** 0 is Sunday. */
function weekday(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay()
}

/** Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876. */
function easterSunday(year: number): string {
  const a = year % 19
  const [b, c] = [Math.floor(year / 100), year % 100]
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const sum = h + l - 7 * m + 114
  return `${String(year)}-${two(Math.floor(sum / 31))}-${two((sum % 31) + 1)}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
