import { createHash, createHmac, randomUUID } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { newKey } from './key-tree'
import { indexToken, keyedDigest, TOKEN_BYTES } from './tokens'

const harbour = newKey(randomUUID())
const clinic = newKey(randomUUID())
const kinds = fc.constantFrom('name', 'phone', 'document')

describe('a search token', () => {
  it('C05 is ten bytes and the same each time for the same agency, kind and value', () => {
    fc.assert(
      fc.property(kinds, fc.string(), (kind, value) => {
        const token = indexToken(harbour, kind, value)
        return token.length === 10 && token.equals(indexToken(harbour, kind, value))
      }),
    )
  })

  it('C05 differs between agencies, kinds and values', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        fc.pre(one !== two)
        const token = indexToken(harbour, 'name', one)
        return ![
          indexToken(clinic, 'name', one),
          indexToken(harbour, 'phone', one),
          indexToken(harbour, 'name', two),
        ].some((other) => other.equals(token))
      }),
    )
  })

  it('C05 can’t be made without the key, even by who knows the agency and how tokens are made', () => {
    const message = `amparo:token:v1\0${harbour.id}\0name\0ana`
    const guesses = [
      createHash('sha256').update('ana').digest(),
      createHash('sha256').update(message).digest(),
      createHmac('sha256', '').update(message).digest(),
      createHmac('sha256', harbour.id).update(message).digest(),
    ]
    const token = indexToken(harbour, 'name', 'ana')
    for (const guess of guesses) expect(guess.subarray(0, TOKEN_BYTES).equals(token)).toBe(false)
  })

  it('keeps kind and value apart', () => {
    expect(() => indexToken(harbour, 'a\0b', 'c')).toThrow(TypeError)
  })
})

describe('a digest for the audit log', () => {
  it('tells equal values of one field, and is of no use as a search token', () => {
    expect(keyedDigest(harbour, 'status', 'open').equals(keyedDigest(harbour, 'status', 'open'))).toBe(true)
    expect(keyedDigest(harbour, 'status', 'open').equals(keyedDigest(harbour, 'stage', 'open'))).toBe(false)
    expect(
      keyedDigest(harbour, 'name', 'ana')
        .subarray(0, 10)
        .equals(indexToken(harbour, 'name', 'ana')),
    ).toBe(false)
    expect(keyedDigest(harbour, 'name', 'ana')).toHaveLength(32)
  })
})
