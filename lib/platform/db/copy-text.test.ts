import { describe, expect, it } from 'vitest'

import { copyLine } from './copy-text'

describe('a line of COPY', () => {
  it('parts cells by tabs, and keeps tabs, line breaks and backslashes of a text inside its cell', () => {
    expect(copyLine(['a\tb', 'c\nd\r', 'e\\f', 1, true, false])).toBe('a\\tb\tc\\nd\\r\te\\\\f\t1\tt\tf\n')
  })

  it('tells nothing from an empty text', () => {
    expect(copyLine([null, ''])).toBe('\\N\t\n')
  })

  it('writes bytes, days and lists as PostgreSQL reads them', () => {
    expect(copyLine([Uint8Array.from([0, 255]), new Date('2026-11-24T10:00:00Z')])).toBe(
      '\\\\x00ff\t2026-11-24T10:00:00.000Z\n',
    )
    expect(copyLine([['a"b', 'c\\d'], [Uint8Array.from([1])], []])).toBe(
      '{"a\\\\"b","c\\\\\\\\d"}\t{"\\\\\\\\x01"}\t{}\n',
    )
  })
})
