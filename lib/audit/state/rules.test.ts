import { describe, expect, it } from 'vitest'

import { sealStateOf } from './rules'

const NOW = new Date('2026-11-25T06:00:00Z')
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)
const WELL = { size: 12, waitingSince: null, checkedAt: ago(3), fault: null }

describe('how the seal stands', () => {
  it('is complete when nothing waits long and a check found nothing', () => {
    expect(sealStateOf(WELL, NOW)).toBe('complete')
    expect(sealStateOf({ ...WELL, waitingSince: ago(0.01) }, NOW)).toBe('complete')
  })

  it('is catching up when events wait for more than a minute, and before the first checkpoint', () => {
    expect(sealStateOf({ ...WELL, waitingSince: ago(0.1) }, NOW)).toBe('catching_up')
    expect(sealStateOf({ ...WELL, size: 0 }, NOW)).toBe('catching_up')
  })

  it('is not checked when no check was made for two days', () => {
    expect(sealStateOf({ ...WELL, checkedAt: ago(49) }, NOW)).toBe('not_checked')
    expect(sealStateOf({ ...WELL, checkedAt: null }, NOW)).toBe('not_checked')
  })

  it('is broken when the last check found something, whatever else', () => {
    expect(sealStateOf({ ...WELL, size: 0, fault: 'changed', waitingSince: ago(9) }, NOW)).toBe('broken')
  })
})
