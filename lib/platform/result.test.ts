import { describe, expect, it } from 'vitest'

import { ok, refuse } from './result'

describe('a result', () => {
  it('is a value', () => {
    expect(ok(7)).toEqual({ ok: true, value: 7 })
    expect(ok()).toEqual({ ok: true, value: undefined })
  })

  it('or a refusal that names only what it was given', () => {
    expect(refuse('stale')).toStrictEqual({ ok: false, refusal: 'stale' })
    expect(refuse('conflict', 'wrong_state')).toStrictEqual({ ok: false, refusal: 'conflict', reason: 'wrong_state' })
    expect(refuse('invalid', undefined, { 'a.0': ['x.required'] })).toStrictEqual({
      ok: false,
      refusal: 'invalid',
      errors: { 'a.0': ['x.required'] },
    })
  })
})
