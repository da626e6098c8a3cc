import { afterEach, describe, expect, it } from 'vitest'

import { forgetEnv } from '@/lib/platform/env'
import { networkPrefixOf } from '@/lib/platform/network-prefix'

afterEach(() => {
  delete process.env['AMPARO_PROXIES']
  forgetEnv()
})

const prefixOf = (forwarded: string) => networkPrefixOf(new Headers({ 'x-forwarded-for': forwarded }))

describe('the network that a request came from', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2::5', '2001:db8:1::/48'],
    ['::1', '0:0:0::/48'],
    ['nonsense', null],
    ['', null],
  ])('of %j is kept as %j', (address, prefix) => {
    expect(prefixOf(address)).toBe(prefix)
  })

  it('is what our own server saw, not what the sender wrote', () => {
    expect(prefixOf('198.51.100.1, 203.0.113.77')).toBe('203.0.113.0/24')
  })

  it('is what the outermost trusted proxy saw', () => {
    process.env['AMPARO_PROXIES'] = '1'
    forgetEnv()
    expect(prefixOf('192.0.2.9, 198.51.100.1, 10.0.0.5')).toBe('198.51.100.0/24')
    expect(prefixOf('10.0.0.5')).toBe(null)
  })
})
