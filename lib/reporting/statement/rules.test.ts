import { describe, expect, it } from 'vitest'

import { fieldOf } from '@/lib/consent/fields'

import { fieldsOfStatement } from './rules'

describe('the line of the ledger for a statement', () => {
  it('names kinds of data that the ledger knows, and of help only what there is', () => {
    const bare = fieldsOfStatement([])
    expect(bare.filter((key) => fieldOf(key) === undefined)).toEqual([])
    expect(bare.some((key) => key.startsWith('case.') || key.startsWith('service.'))).toBe(false)
    const help = {
      category: 'legal',
      type: 'information_advice',
      times: 1,
      from: '2026-01-01',
      to: '2026-01-01',
    } as const
    const full = fieldsOfStatement([
      { needs: [{ category: 'medical', type: null, state: 'open' }], help: [help, help] },
      { needs: [], help: [] },
    ])
    expect(full.slice(bare.length)).toEqual(['case.stage', 'need.medical', 'service.legal'])
    expect(new Set(full).size).toBe(full.length)
  })
})
