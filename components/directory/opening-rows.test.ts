import { expect, it } from 'vitest'

import { openingRows } from './opening-rows'

it('keeps each span of a day in a row of its own, and gives a day without one an empty row', () => {
  const rows = openingRows([
    { day: 1, opens: '14:00', closes: '17:00' },
    { day: 1, opens: '09:00', closes: '12:00' },
    { day: 3, opens: '10:00', closes: '11:00' },
  ])
  expect(rows.map(({ index, day, span }) => [index, day, span?.opens])).toEqual([
    [0, 1, '09:00'],
    [7, 1, '14:00'],
    [1, 2, undefined],
    [2, 3, '10:00'],
    [3, 4, undefined],
    [4, 5, undefined],
    [5, 6, undefined],
    [6, 7, undefined],
  ])
})
