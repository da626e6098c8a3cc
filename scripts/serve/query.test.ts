import { describe, expect, it } from 'vitest'
import { wholeQuery } from './query.mjs'

describe('wholeQuery', () => {
  it('leaves every other address as it was sent', () => {
    for (const url of ['/', '/cases?', '/cases?limit=1&limit=2', '/x?a=__proto__', '/x?proto=1', '/x?%zz=%&&=']) {
      expect(wholeQuery(url)).toBe(url)
    }
  })

  it('keeps a parameter that would be lost, so that it can be refused', () => {
    expect(wholeQuery('/api/v1/cases?__proto__=1')).toBe('/api/v1/cases?proto=')
    expect(wholeQuery('/api/v1/cases?limit=1&%5F_proto%5f_=1&__proto__')).toBe('/api/v1/cases?limit=1&proto=&proto=')
  })
})
