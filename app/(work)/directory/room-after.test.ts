import { describe, expect, it } from 'vitest'

import { roomAfter } from './room-after'

describe('room after a press', () => {
  it('counts from the number that was seen, never under nothing and never over the most', () => {
    expect(roomAfter('less', { seen: 3, available: 9 })).toBe(2)
    expect(roomAfter('less', { seen: 0 })).toBe(0)
    expect(roomAfter('more', { seen: 3, most: 4 })).toBe(4)
    expect(roomAfter('more', { seen: 4, most: 4 })).toBe(4)
    expect(roomAfter('more', { seen: 4 })).toBe(5)
    expect(roomAfter('same', { seen: 4, available: 9 })).toBe(4)
    expect(roomAfter('full', {})).toBe(0)
  })

  it('is what was typed where nothing was pressed, or nothing was seen', () => {
    expect(roomAfter(null, { seen: 3, available: 7 })).toBe(7)
    expect(roomAfter(null, { seen: 3 })).toBeNull()
    expect(roomAfter('less', { available: 7 })).toBe(7)
    expect(roomAfter('other', { seen: 3, available: 7 })).toBe(7)
  })
})
