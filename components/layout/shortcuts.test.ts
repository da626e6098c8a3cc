import { describe, expect, it } from 'vitest'
import { addressFor } from './shortcuts'

describe('keys of two', () => {
  it('go to places', () => {
    expect(addressFor('g', 'c', '/')).toBe('/cases')
    expect(addressFor('g', 'h', '/cases')).toBe('/')
    expect(addressFor('g', 'd', '/cases')).toBe('/directory')
  })

  it('make something new for the case that is open', () => {
    expect(addressFor('n', 's', '/cases/CAS-7K3MQ2XH4/timeline')).toBe('/cases/CAS-7K3MQ2XH4/services/new')
    expect(addressFor('n', 's', '/tasks')).toBe('/services/new')
    expect(addressFor('n', 'p', '/cases/CAS-7K3MQ2XH4')).toBe('/persons/find')
    expect(addressFor('n', 't', '/cases/CAS-7K3MQ2XH4')).toBe('/turned-away/new')
  })

  it('mean nothing otherwise', () => {
    expect(addressFor('', 's', '/')).toBeNull()
    expect(addressFor('g', 'z', '/')).toBeNull()
    expect(addressFor('x', 'c', '/')).toBeNull()
  })
})
