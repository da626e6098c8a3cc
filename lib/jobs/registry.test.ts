import { afterEach, describe, expect, it } from 'vitest'

import { forgetEnv } from '@/lib/platform/env'

import { allJobs } from './registry'

const names = () => allJobs().map(({ name }) => name)

afterEach(() => {
  delete process.env['AMPARO_SEAL_KEY_FILE']
  forgetEnv()
})

describe('the background jobs', () => {
  it('seal the log here, or leave all of its turns to the instance that has the key', () => {
    forgetEnv()
    expect(names()).toContain('seal-log')
    process.env['AMPARO_SEAL_KEY_FILE'] = 'elsewhere'
    forgetEnv()
    expect(names()).not.toContain('seal-log')
    expect(names()).toContain('back-up')
  })
})
