import { describe, expect, it } from 'vitest'

import { pathToReturnTo } from './return-path'

describe('the page after sign-in', () => {
  it('is the page that was asked for', () => {
    expect(pathToReturnTo('/cases/AMP-7K3MQ2XH4/services/new')).toBe('/cases/AMP-7K3MQ2XH4/services/new')
  })

  it.each([
    null,
    '',
    'cases',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example/',
    '/cases?x=1',
    '/%2e%2e/x',
    '/sign-in',
    '/sign-out',
    '/leave',
    '/confirm',
    '/reset/set',
    '/mfa',
    '/api/auth/signout',
    '/cases/\nx',
  ])('is the first page instead of %j', (text) => {
    expect(pathToReturnTo(text)).toBe('/')
  })

  it('may be a page whose name begins like one of those', () => {
    expect(pathToReturnTo('/setups')).toBe('/setups')
  })
})
