import { afterEach, describe, expect, it, vi } from 'vitest'

import { forgetEnv } from '@/lib/platform/env'
import { cookieName, cookieOptions, sessionCookieName } from './session-cookie'

afterEach(() => {
  vi.unstubAllEnvs()
  forgetEnv()
})

function servedAt(origin: string): void {
  vi.stubEnv('AMPARO_ORIGIN', origin)
  forgetEnv()
}

describe('the cookies of a session (A09)', () => {
  it('are bound to exactly this host and to https wherever the origin is https', () => {
    servedAt('https://amparo.example')
    expect(sessionCookieName()).toBe('__Host-amparo')
    expect(cookieName('device')).toBe('__Host-device')
    // What `__Host-` asks for; with a domain or another path a browser would not take them.
    expect(cookieOptions()).toEqual({ httpOnly: true, sameSite: 'lax', path: '/', secure: true })
  })

  it('have a plain name on the loopback, where browsers take no Secure cookie over http', () => {
    servedAt('http://localhost:3000')
    expect(sessionCookieName()).toBe('amparo')
    expect(cookieOptions()).toEqual({ httpOnly: true, sameSite: 'lax', path: '/', secure: false })
  })
})
