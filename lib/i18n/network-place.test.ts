import { describe, expect, it } from 'vitest'

import { placeOfNetwork } from './network-place'

describe('the place of a network', () => {
  it.each([
    ['127.0.0.0/24', 'computer'],
    ['0:0:0::/48', 'computer'],
    ['10.20.30.0/24', 'local'],
    ['192.168.1.0/24', 'local'],
    ['172.16.0.0/24', 'local'],
    ['172.31.255.0/24', 'local'],
    ['fd12:3456:789a::/48', 'local'],
    ['fe80:0:0::/48', 'local'],
    ['172.32.0.0/24', null],
    ['100.1.2.0/24', null],
    ['203.0.113.0/24', null],
    ['2001:db8:7::/48', null],
  ])('of %s is %s', (prefix, place) => {
    expect(placeOfNetwork(prefix)).toBe(place)
  })
})
