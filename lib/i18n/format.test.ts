import { describe, expect, it } from 'vitest'
import { formatFor } from './format'

const english = formatFor('en', 'Europe/Vienna')
const chinese = formatFor('zh-Hans', 'Asia/Shanghai')

describe('writing dates, times and numbers', () => {
  it('writes days in the order of the language', () => {
    expect(english.day('2026-11-24')).toBe('24 Nov 2026')
    expect(english.day('2026-11-24', 'long')).toBe('24 November 2026')
    expect(chinese.day('2026-11-24')).toBe('2026年11月24日')
  })

  it('does not shift a day across midnight in any zone', () => {
    expect(formatFor('en', 'Pacific/Kiritimati').day('2026-01-01')).toBe('1 Jan 2026')
    expect(formatFor('en', 'America/Los_Angeles').day('2026-01-01')).toBe('1 Jan 2026')
  })

  it('leaves away what is not known of a date', () => {
    expect(english.day('2026-11')).toBe('Nov 2026')
    expect(english.day('1999')).toBe('1999')
    expect(chinese.day('1999')).toBe('1999年')
  })

  it('names the zone when it is not the member’s', () => {
    const noon = new Date('2026-11-24T11:00:00Z')
    expect(english.time(noon)).toBe('12:00')
    expect(english.time(noon, 'Asia/Shanghai')).toMatch(/^19:00 .+/)
    expect(english.moment(noon)).toBe('24 Nov 2026, 12:00')
  })

  it('writes a moment of today by the clock alone', () => {
    const eight = new Date('2026-11-24T07:00:00Z')
    expect(english.until(eight, '2026-11-24')).toBe('08:00')
    expect(english.until(eight, '2026-11-23')).toBe('24 Nov 2026, 08:00')
  })

  it('writes lengths of time in two units at most', () => {
    expect(english.duration(45)).toBe('45 mins')
    expect(english.duration(125)).toBe('2 hrs 5 mins')
    expect(english.duration(0)).toBe('0 mins')
    expect(english.workTime(40 * 60 + 5)).toBe('40 hrs 5 mins')
    expect(english.workTime(0)).toBe('0 mins')
  })

  it('writes numbers and lists', () => {
    expect(english.number(1240)).toBe('1,240')
    expect(english.list(['a', 'b', 'c'])).toBe('a, b and c')
    expect(chinese.list(['甲', '乙'])).toBe('甲和乙')
  })
})
