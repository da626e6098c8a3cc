import { describe, expect, it } from 'vitest'

import { secondsIn } from './input'

describe('a length of time on the command line', () => {
  it.each([
    ['25h', 90_000],
    ['3d', 259_200],
    ['90m', 5400],
    ['1d12h', 129_600],
    ['30s', 30],
  ])('reads %s', (text, seconds) => {
    expect(secondsIn(text)).toBe(seconds)
  })

  it.each(['', '25', 'h', '-3d', '3 d', '2w', '1e9h'])('refuses %j with one sentence', (text) => {
    expect(() => secondsIn(text)).toThrow('is not a length of time')
  })
})
