import { expect, it } from 'vitest'

import { csvOf } from './csv'

it('quotes as RFC 4180 has it, and gives a spreadsheet no formula to work out', () => {
  expect(csvOf([['a', 'b,c', 'say "x"', 'two\nlines']])).toBe('a,"b,c","say ""x""","two\nlines"\r\n')
  expect(csvOf([['-0.5', '+12 %', '-1,204.7', '—']])).toBe('-0.5,+12 %,"-1,204.7",—\r\n')
  expect(csvOf([['=HYPERLINK("x")', '@SUM(1)', '+A1', '-A1', '\t=1']])).toBe(
    `"'=HYPERLINK(""x"")",'@SUM(1),'+A1,'-A1,'\t=1\r\n`,
  )
})
