import { describe, expect, it } from 'vitest'

import common from '@/lib/auth/common-passwords.json'

import { commonPasswordDigests } from './common-passwords.mjs'

describe('the list of common passwords', () => {
  it('is what the script makes of its source', () => {
    expect(commonPasswordDigests() === common.digests).toBe(true)
  })
})
