import { describe, expect, it } from 'vitest'
import { composeDate, isCalendarDay, splitDate } from './form-dates'

const english = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const chinese = Array.from({ length: 12 }, (_, month) => `${String(month + 1)}月`)

describe('a date typed in boxes', () => {
  it.each([
    [{ choice: '2026-11-24' }, '2026-11-24'],
    [{ choice: 'other', day: '3', month: '2', year: '2026' }, '2026-02-03'],
    [{ day: '03', month: 'february', year: '2026' }, '2026-02-03'],
    [{ day: '3', month: 'Feb.', year: '2026' }, '2026-02-03'],
    [{ day: '２４', month: '１１', year: '２０２６' }, '2026-11-24'],
    [{ day: '٢٤', month: '١١', year: '٢٠٢٦' }, '2026-11-24'],
    [{ day: '۲۴', month: '۱۱', year: '۲۰۲۶' }, '2026-11-24'],
    [{ day: '२४', month: '११', year: '२०२६' }, '2026-11-24'],
    [{ day: '২৪', month: '১১', year: '২০২৬' }, '2026-11-24'],
    [{ day: '២៤', month: '១១', year: '២០២៦' }, '2026-11-24'],
    [{ month: '11', year: '2026', precision: 'partial' }, '2026-11'],
    [{ year: '1999', precision: 'partial' }, '1999'],
    [{}, undefined],
  ])('%j reads as %s', (parts, value) => {
    expect(composeDate(parts, english)).toEqual({ value })
  })

  it.each([
    [{ choice: 'other' }, 'ui.date.empty'],
    [{ choice: '2026-02-30' }, 'ui.date.real'],
    [{ day: '3', year: '2026' }, 'ui.date.month_missing'],
    [{ day: '3', year: '2026', precision: 'partial' }, 'ui.date.month_missing'],
    [{ month: '3', year: '2026' }, 'ui.date.day_missing'],
    [{ day: '3', month: '3' }, 'ui.date.year_missing'],
    [{ day: '3', month: '3', year: '26' }, 'ui.date.year_four'],
    [{ day: '30', month: '2', year: '2026' }, 'ui.date.real'],
    [{ day: '3', month: '13', year: '2026' }, 'ui.date.real'],
    [{ day: '3', month: 'ma', year: '2026' }, 'ui.date.real'],
    [{ day: 'x', month: '3', year: '2026' }, 'ui.date.real'],
  ])('%j is refused with %s', (parts, error) => {
    expect(composeDate(parts, english)).toEqual({ value: undefined, error })
  })

  it('accepts Chinese month names', () => {
    expect(composeDate({ day: '24', month: '11月', year: '2026' }, chinese)).toEqual({ value: '2026-11-24' })
  })

  it('comes back into the boxes as it was', () => {
    expect(splitDate('2026-02-03')).toEqual({ day: '3', month: '2', year: '2026' })
    expect(splitDate('1999')).toEqual({ day: '', month: '', year: '1999' })
  })

  it('must be a day of the calendar', () => {
    expect(isCalendarDay('2028-02-29')).toBe(true)
    expect(isCalendarDay('2026-02-29')).toBe(false)
    expect(isCalendarDay('today')).toBe(false)
  })
})
