import { beforeAll, describe, expect, it } from 'vitest'

import { newMasterKeyLine } from './crypto/key-tree'
import { openCursor, pageOf, sealCursor } from './cursor'
import { forgetEnv } from './env'

beforeAll(() => {
  process.env['AMPARO_MASTER_KEY'] = newMasterKeyLine()
  forgetEnv()
})

const at = { direction: 'after', position: ['2026-11-24', '0190a7c2-0000-7000-8000-000000000001', null, 3] } as const

describe('a cursor', () => {
  it('comes back as it was, for the list it was made for', () => {
    expect(openCursor('cases:mine', sealCursor('cases:mine', at))).toEqual(at)
    const back = { direction: 'before', position: ['a'] } as const
    expect(openCursor('cases:mine', sealCursor('cases:mine', back))).toEqual(back)
  })

  it('is none for another list or other filters', () => {
    expect(openCursor('cases:agency', sealCursor('cases:mine', at))).toBeNull()
  })

  it('shows neither ids nor dates, and no change to it passes', () => {
    const text = sealCursor('cases:mine', at)
    expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('2026')
    for (const place of [0, 30, 40, text.length - 2]) {
      const changed = text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1)
      expect(openCursor('cases:mine', changed), String(place)).toBeNull()
    }
  })

  it('is not what anybody types', () => {
    for (const text of ['', 'x', '1', '../..', "' OR 1=1", 'A'.repeat(5000), sealCursor('other', at)]) {
      expect(openCursor('cases:mine', text)).toBeNull()
    }
  })

  it('opens after the master key was rotated, and not under a key that is gone', () => {
    const text = sealCursor('cases:mine', at)
    const old = process.env['AMPARO_MASTER_KEY'] ?? ''
    process.env['AMPARO_MASTER_KEY'] = `${old}\n${newMasterKeyLine(2)}`
    forgetEnv()
    expect(openCursor('cases:mine', text)).toEqual(at)
    process.env['AMPARO_MASTER_KEY'] = newMasterKeyLine(2)
    forgetEnv()
    expect(openCursor('cases:mine', text)).toBeNull()
  })
})

describe('the pages of a list', () => {
  const all = Array.from({ length: 7 }, (_, index) => index)
  const read = (cursor: string | null, limit: number) => {
    const opened = cursor === null ? null : openCursor('list', cursor)
    const from = opened === null ? -1 : Number(opened.position[0])
    const rows =
      opened?.direction === 'before' ? all.filter((row) => row < from).reverse() : all.filter((row) => row > from)
    return pageOf('list', opened, limit, rows.slice(0, limit + 1), (row) => [row])
  }

  it('go forth and back over every row once, and end at both ends', () => {
    const first = read(null, 3)
    expect(first).toMatchObject({ rows: [0, 1, 2], earlier: null })
    const second = read(first.later, 3)
    expect(second.rows).toEqual([3, 4, 5])
    const third = read(second.later, 3)
    expect(third).toMatchObject({ rows: [6], later: null })
    const back = read(third.earlier, 3)
    expect(back.rows).toEqual([3, 4, 5])
    expect(read(back.earlier, 3)).toMatchObject({ rows: [0, 1, 2], earlier: null })
  })

  it('are none without rows', () => {
    expect(pageOf('list', null, 3, [], () => [])).toEqual({ rows: [], earlier: null, later: null })
  })
})
