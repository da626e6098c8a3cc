import type { DATE_MARKS } from './field-names'

type DateMark = (typeof DATE_MARKS)[number]
export type DateParts = Partial<Record<DateMark, string>>

export type ComposedDate = { readonly value: string | undefined; readonly error?: string }

/**
 * One date out of the boxes of a DateField. A chosen Today or Yesterday posts its date; "another day" leads to the boxes.
 * With the precision `partial` the day, or day and month, may stay empty: `2026-11`, `2026`.
 * `monthNames` are the twelve names of the language of the screen; their first letters are enough.
 */
export function composeDate(parts: DateParts, monthNames: readonly string[]): ComposedDate {
  if (parts.choice !== undefined && parts.choice !== 'other') {
    return isCalendarDay(parts.choice) ? { value: parts.choice } : { value: undefined, error: 'ui.date.real' }
  }
  const [day, month, year] = [parts.day, parts.month, parts.year].map((part) => toPlainDigits(part ?? '').trim())
  if (!day && !month && !year)
    return { value: undefined, ...(parts.choice === 'other' ? { error: 'ui.date.empty' } : {}) }
  return composeBoxes(day ?? '', month ?? '', year ?? '', parts.precision === 'partial', monthNames)
}

function composeBoxes(
  day: string,
  month: string,
  year: string,
  partial: boolean,
  monthNames: readonly string[],
): ComposedDate {
  if (year === '') return { value: undefined, error: 'ui.date.year_missing' }
  if (!/^\d{4}$/.test(year)) return { value: undefined, error: 'ui.date.year_four' }
  if (month === '') {
    if (day !== '' || !partial) return { value: undefined, error: 'ui.date.month_missing' }
    return { value: year }
  }
  const monthNumber = monthOf(month, monthNames)
  if (monthNumber === null) return { value: undefined, error: 'ui.date.real' }
  const start = `${year}-${pad(monthNumber)}`
  if (day === '') return partial ? { value: start } : { value: undefined, error: 'ui.date.day_missing' }
  const whole = `${start}-${pad(Number(day))}`
  return /^\d{1,2}$/.test(day) && isCalendarDay(whole) ? { value: whole } : { value: undefined, error: 'ui.date.real' }
}

/** The boxes that show a date again: the reverse of composing. */
export function splitDate(value: string): { readonly day: string; readonly month: string; readonly year: string } {
  const [year = '', month = '', day = ''] = value.split('-')
  return { day: String(Number(day) || ''), month: String(Number(month) || ''), year }
}

function monthOf(text: string, monthNames: readonly string[]): number | null {
  const digits = /^(\d{1,2})月?$/.exec(text)?.[1]
  if (digits !== undefined) return Number(digits) >= 1 && Number(digits) <= 12 ? Number(digits) : null
  const wanted = text.toLowerCase().replace(/\.$/, '')
  if (wanted.length < 3) return null
  const index = monthNames.findIndex((name) => name.toLowerCase().startsWith(wanted))
  return index === -1 ? null : index + 1
}

/** Whether the text is a day of the calendar, written 2026-11-24. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** Where the digits of other keyboards begin: full-width, Arabic, Persian, Hindi, Bengali, Thai, Lao, Burmese, Khmer. */
const ZEROS = [0xff10, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xed0, 0x1040, 0x17e0]

/** Digits of an input method or of the person's own script as 0 to 9. */
function toPlainDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.charCodeAt(0)
    const zero = ZEROS.find((one) => code >= one && code <= one + 9)
    return zero === undefined ? digit : String(code - zero)
  })
}

function pad(part: number): string {
  return String(part).padStart(2, '0')
}
