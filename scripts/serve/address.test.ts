import { describe, expect, it } from 'vitest'
import { readableAddress } from './address.mjs'

describe('readableAddress', () => {
  it('leaves addresses that stand for text as they are', () => {
    for (const url of [
      '/',
      '/cases/CAS-7K3MQ2XH4?cursor=%E0%A4%A',
      '/mandate/6/b',
      '/persons/%E4%B8%AD',
      '/api/health',
    ]) {
      expect(readableAddress(url)).toBe(url)
    }
  })

  it('turns one whose percent signs stand for nothing into one that is absent', () => {
    for (const url of ['/cases/%E0%A4%A', '/%', '/cases/%zz/services', '/%FF?x=1']) {
      expect(readableAddress(url)).toBe('/unreadable')
    }
    expect(readableAddress('/api/v1/cases/%E0%A4%A')).toBe('/api/v1/unreadable')
  })
})
