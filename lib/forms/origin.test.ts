import { describe, expect, it } from 'vitest'
import { isOwnOrigin } from './origin'

describe('the origin of a change (W03)', () => {
  const production = 'https://cases.example.org'
  const local = 'http://localhost:3000'

  it.each([
    [production, production],
    [local, local],
    ['http://127.0.0.1:3000', local],
    ['http://[::1]:3000', local],
    [local, 'http://127.0.0.1:3000'],
  ])('accepts %s for %s', (origin, own) => {
    expect(isOwnOrigin(origin, own)).toBe(true)
  })

  it.each([
    [null, production],
    ['null', production],
    ['', production],
    ['http://cases.example.org', production],
    ['https://cases.example.org:8443', production],
    ['https://cases.example.org.evil.example', production],
    ['https://evil.example', production],
    ['https://sub.cases.example.org', production],
    ['https://example.org', production],
    ['https://cases.example.org/', production],
    ['https://user@cases.example.org', production],
    ['https://CASES.example.org', production],
    [null, local],
    ['http://localhost:3001', local],
    ['https://localhost:3000', local],
    ['http://localhost', local],
    ['http://localhost.evil.example:3000', local],
    ['http://127.0.0.2:3000', local],
    ['http://user@localhost:3000', local],
    ['http://localhost:3000', production],
    ['https://127.0.0.1', 'https://localhost'],
  ])('refuses %s for %s', (origin, own) => {
    expect(isOwnOrigin(origin, own)).toBe(false)
  })
})
