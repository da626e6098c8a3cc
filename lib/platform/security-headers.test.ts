import { describe, expect, it } from 'vitest'

import { contentSecurityPolicy, securityHeaders } from '@/lib/platform/security-headers'

const policy = contentSecurityPolicy({ nonce: 'abc', https: true, development: false })

describe('the content security policy (W04)', () => {
  it('runs only scripts with the nonce, and allows no inline style, plugin, frame or foreign base', () => {
    for (const directive of [
      "script-src 'self' 'nonce-abc' 'strict-dynamic'",
      "style-src 'self' 'nonce-abc'",
      "style-src-attr 'none'",
      "script-src-attr 'none'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "form-action 'self'",
    ]) {
      expect(policy.split('; ')).toContain(directive)
    }
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  })

  it('loosens only what a development server needs', () => {
    const loose = contentSecurityPolicy({ nonce: 'abc', https: false, development: true })
    expect(loose).toContain("'unsafe-eval'")
    expect(loose).not.toContain('upgrade-insecure-requests')
  })

  it('lets an answer that is no page load nothing', () => {
    expect(contentSecurityPolicy({ nonce: null, https: true, development: false })).toMatch(/^default-src 'none'/)
  })
})

describe('the other headers', () => {
  it('ask for https for good only where there is https', () => {
    const names = (https: boolean) => securityHeaders(https).map(([name]) => name)
    expect(names(true)).toContain('Strict-Transport-Security')
    expect(names(false)).not.toContain('Strict-Transport-Security')
  })

  it('keep the origin in forms and the address to ourselves (hard-parts 25)', () => {
    expect(new Map(securityHeaders(true)).get('Referrer-Policy')).toBe('same-origin')
  })
})
