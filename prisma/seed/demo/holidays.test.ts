import { describe, expect, it } from 'vitest'

import { bankHolidays } from './holidays'

describe('the bank holidays of the demonstration', () => {
  it('fall on the days that were kept, with a free weekday in place of a weekend', () => {
    const days = (year: number) => bankHolidays(year).map(({ day }) => day.slice(5))
    expect(days(2026)).toEqual(['01-01', '04-03', '04-06', '05-04', '05-25', '08-31', '12-25', '12-28'])
    expect(days(2027)).toEqual(['01-01', '03-26', '03-29', '05-03', '05-31', '08-30', '12-27', '12-28'])
    expect(days(2025)).toEqual(['01-01', '04-18', '04-21', '05-05', '05-26', '08-25', '12-25', '12-26'])
  })
})
