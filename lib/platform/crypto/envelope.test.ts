import { randomUUID } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { open, openText, seal, SealBroken, sealedUnder, sealText, type Place, type SealingKey } from './envelope'
import { newKey } from './key-tree'

const key = newKey(randomUUID(), 3)
const place: Place = { table: 'person_identity', column: 'names', row: 'r1', agency: 'a1' }
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const word = fc.string({ minLength: 1, maxLength: 20 })
const places: fc.Arbitrary<Place> = fc.record({ table: word, column: word, row: word, agency: word })

function breaks(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof SealBroken) return error.reason
    throw error
  }
  return 'opened'
}

describe('a sealed value', () => {
  it('opens to the same bytes under the same key in the same place', () => {
    fc.assert(fc.property(places, bytes, (where, plain) => open(key, where, seal(key, where, plain)).equals(plain)))
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // Half of a surrogate pair is no text, and UTF-8 has no bytes for it.
        fc.pre(Buffer.from(text, 'utf8').toString('utf8') === text)
        return openText(key, place, sealText(key, place, text)) === text
      }),
    )
  })

  it('C02 does not open in any other table, column, row or agency', () => {
    fc.assert(
      fc.property(places, places, bytes, (from, to, plain) => {
        fc.pre(JSON.stringify(from) !== JSON.stringify(to))
        return breaks(() => open(key, to, seal(key, from, plain))) === 'not_authentic'
      }),
    )
    for (const part of ['table', 'column', 'row', 'agency'] as const) {
      const moved = { ...place, [part]: `${place[part]}x` }
      expect(breaks(() => open(key, moved, sealText(key, place, 'Ana')))).toBe('not_authentic')
    }
  })

  it('C02 does not open where the parts of two places join to the same text', () => {
    const sealed = sealText(key, { ...place, table: 'ab', column: 'c' }, 'Ana')
    expect(breaks(() => open(key, { ...place, table: 'a', column: 'bc' }, sealed))).toBe('not_authentic')
  })

  it('C02 does not open under another key, another version of the key, or a key that claims to be the same', () => {
    const sealed = sealText(key, place, 'Ana')
    const others: [SealingKey, string][] = [
      [newKey(randomUUID(), 3), 'other_key'],
      [{ ...key, version: 4 }, 'other_key'],
      [newKey(key.id, 3), 'not_authentic'],
    ]
    for (const [other, reason] of others) expect(breaks(() => open(other, place, sealed))).toBe(reason)
  })

  it('C02 does not open after any one of its bits has changed', () => {
    const sealed = sealText(key, place, 'Ana')
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(breaks(() => open(key, place, changed))).not.toBe('opened')
    }
  })

  it('C02 does not open when it was cut, lengthened, emptied or never sealed', () => {
    const sealed = sealText(key, place, 'Ana')
    for (let length = 0; length < sealed.length; length += 1) {
      expect(breaks(() => open(key, place, sealed.subarray(0, length)))).not.toBe('opened')
    }
    expect(breaks(() => open(key, place, Buffer.concat([sealed, Buffer.alloc(1)])))).toBe('not_authentic')
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (any) => breaks(() => open(key, place, any)) !== 'opened'))
  })

  it('is another one each time, shows nothing of its text, and seals an empty text too', () => {
    expect(sealText(key, place, 'Ana').equals(sealText(key, place, 'Ana'))).toBe(false)
    expect(sealText(key, place, 'Marisol Quispe').includes('Marisol')).toBe(false)
    expect(openText(key, place, sealText(key, place, ''))).toBe('')
  })

  it('says under which key it was sealed', () => {
    expect(sealedUnder(sealText(key, place, 'Ana'))).toEqual({ id: key.id, version: 3 })
  })

  it('opens from any view of its bytes, as database drivers hand them over', () => {
    const sealed = sealText(key, place, 'Ana')
    const larger = new Uint8Array(sealed.length + 20)
    larger.set(sealed, 7)
    expect(openText(key, place, larger.subarray(7, 7 + sealed.length))).toBe('Ana')
  })

  it('is not made without a whole place or a whole key', () => {
    expect(() => sealText(key, { ...place, row: '' }, 'Ana')).toThrow(TypeError)
    expect(() => sealText({ ...key, bytes: Buffer.alloc(16) }, place, 'Ana')).toThrow(TypeError)
    expect(() => sealText({ ...key, id: 'harbour' }, place, 'Ana')).toThrow(TypeError)
  })
})
