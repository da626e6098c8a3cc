import { describe, expect, it } from 'vitest'
import { calendarDay } from './fields'

describe('a day in a record of assistance', () => {
  it.each(['1900-01-01', '2024-02-29'])('may be %s', (day) => {
    expect(calendarDay.parse(day)).toBe(day)
  })

  it.each([
    ['1066-10-14', 'ui.date.early'],
    ['0226-11-24', 'ui.date.early'],
    ['2026-02-31', 'ui.date.real'],
  ])('%s is refused with %s', (day, error) => {
    expect(calendarDay.safeParse(day).error?.issues.map(({ message }) => message)).toEqual([error])
  })
})
