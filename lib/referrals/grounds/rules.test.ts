import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { namesGround } from './rules'

describe('a decline in words of one’s own', () => {
  it.each([
    'We take women only',
    'She doesn’t speak ENGLISH, and we have no interpreter.',
    'Wheelchair: the house has stairs',
    'he has no papers',
    'pre\u0301gnant',
    'Not cooperating with the police',
    'Too\nyoung for us',
    '我们只收女性',
    '没有证件，不能接收',
    '不会 说 中文',
    'ｖｉｓａ expired',
  ])('names a ground: %s', (text) => {
    expect(namesGround(text)).toBe(true)
  })

  it.each([
    '',
    'The house is full until Monday',
    'Please manage this with the night team; our manager is away',
    'Our agenda is full this week, and the page of the form is missing',
    'The paper form came without a signature',
    '床位已满，下周再联系',
    '表格不完整',
  ])('names none: %s', (text) => {
    expect(namesGround(text)).toBe(false)
  })

  it('is found wherever it stands', () => {
    const around = fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[A-Za-z]/g, ' '))
    fc.assert(
      fc.property(around, around, fc.constantFrom('pregnant', 'Nationality', '残疾'), (before, after, word) => {
        expect(namesGround(`${before} ${word} ${after}`)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})
