import { dayIn as dayOf } from '@/lib/platform/zone'

import type { Locale } from './locale'
import { countryName, languageName } from './names'

/** A day as the records have it, without a time: 2026-11-24. */
export type Day = string

export type DayStyle = 'short' | 'long' | 'weekday' | 'numeric'

const DAY_STYLES: Readonly<Record<DayStyle, Intl.DateTimeFormatOptions>> = {
  short: { day: 'numeric', month: 'short', year: 'numeric' },
  long: { day: 'numeric', month: 'long', year: 'numeric' },
  weekday: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  numeric: { day: '2-digit', month: '2-digit', year: 'numeric' },
}

/** Everything that screens write other than messages: dates, times, numbers, lists, names of countries and languages. */
export type Format = ReturnType<typeof formatFor>

/** The writers for one language, one time zone and one "today". Times of another zone than the member's name their zone. */
export function formatFor(locale: Locale, timeZone: string) {
  // Day before month, as the agencies write it; the American order would make 3/4 ambiguous.
  const tag = locale === 'en' ? 'en-GB' : 'zh-Hans-CN'
  const number = new Intl.NumberFormat(tag)
  const list = new Intl.ListFormat(tag, { type: 'conjunction' })
  const choice = new Intl.ListFormat(tag, { type: 'disjunction' })

  function dayIn(options: Intl.DateTimeFormatOptions, day: Day): string {
    return new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
  }

  /** 24 Nov 2026. Parts that aren't known stay away: 2026-11 reads as November 2026, 2026 as 2026. */
  function day(value: Day, style: DayStyle = 'short'): string {
    if (/^\d{4}$/.test(value)) return dayIn({ year: 'numeric' }, `${value}-01-01`)
    if (/^\d{4}-\d{2}$/.test(value))
      return dayIn({ year: 'numeric', month: style === 'long' ? 'long' : 'short' }, `${value}-01`)
    return dayIn(DAY_STYLES[style], value)
  }

  /** Tue 24 Nov, for rows where the year is plain. */
  function shortDay(value: Day): string {
    return dayIn({ weekday: 'short', day: 'numeric', month: 'short' }, value)
  }

  function time(instant: Date, zone: string = timeZone): string {
    const clock = new Intl.DateTimeFormat(tag, {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: zone,
    }).format(instant)
    return zone === timeZone ? clock : `${clock} ${zoneName(instant, zone)}`
  }

  function zoneName(instant: Date, zone: string): string {
    const parts = new Intl.DateTimeFormat(tag, { timeZone: zone, timeZoneName: 'short' }).formatToParts(instant)
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone
  }

  /** 24 Nov 2026, 14:02 */
  function moment(instant: Date, zone: string = timeZone): string {
    const date = new Intl.DateTimeFormat(tag, { ...DAY_STYLES.short, timeZone: zone }).format(instant)
    return `${date}${locale === 'en' ? ', ' : ' '}${time(instant, zone)}`
  }

  /** A moment to come, as the clock alone when it is today. */
  function until(instant: Date, today: Day): string {
    return dayOf(timeZone, instant) === today ? time(instant) : moment(instant)
  }

  /** A length of time in its two largest units: 2 hr 5 min, 3 days 4 hr. */
  function duration(minutes: number): string {
    const whole = Math.max(0, Math.round(minutes))
    const units = [
      ['day', Math.floor(whole / 1440)],
      ['hour', Math.floor((whole % 1440) / 60)],
      ['minute', whole % 60],
    ] as const
    const shown = units.filter(([, amount]) => amount > 0).slice(0, 2)
    return (shown.length === 0 ? ([['minute', 0]] as const) : shown)
      .map(([unit, amount]) => length(unit, amount))
      .join(' ')
  }

  /** A length of working time in hours and minutes: its days have another length, which a reader could not tell. */
  function workTime(minutes: number): string {
    const whole = Math.max(0, Math.round(minutes))
    const units = [
      ['hour', Math.floor(whole / 60)],
      ['minute', whole % 60],
    ] as const
    const shown = units.filter(([, amount]) => amount > 0)
    return (shown.length === 0 ? ([['minute', 0]] as const) : shown)
      .map(([unit, amount]) => length(unit, amount))
      .join(' ')
  }

  function length(unit: 'day' | 'hour' | 'minute', amount: number): string {
    return new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short' }).format(amount)
  }

  return {
    locale,
    timeZone,
    day,
    shortDay,
    time,
    moment,
    until,
    duration,
    workTime,
    number: (value: number) => number.format(value),
    percent: (share: number) =>
      new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 }).format(share),
    money: (amount: number, currency: string) =>
      new Intl.NumberFormat(tag, { style: 'currency', currency }).format(amount),
    list: (items: readonly string[]) => list.format(items),
    choice: (items: readonly string[]) => choice.format(items),
    country: (code: string) => countryName(code, locale),
    language: (code: string) => languageName(code, locale),
    monthNames: () =>
      Array.from({ length: 12 }, (_, month) =>
        dayIn({ month: 'long' }, `2026-${String(month + 1).padStart(2, '0')}-01`),
      ),
  }
}
