import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { CODE_PREFIXES, groupCode, newCode, newId, parseCode } from './ids'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const prefixes = fc.constantFrom(...Object.values(CODE_PREFIXES))
const codes = fc
  .tuple(prefixes, fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 8, maxLength: 8 }))
  .map(([prefix, draws]) => {
    const left = [...draws]
    return newCode(prefix, () => left.shift() ?? 0)
  })

describe('the code of a record', () => {
  it('has its prefix, eight random signs and a check sign', () => {
    expect(newCode('AMP')).toMatch(/^AMP-[0-9A-HJKMNP-TV-Z]{9}$/)
  })

  it('is read back as itself', () => {
    fc.assert(fc.property(codes, (code) => parseCode(code) === code))
  })

  it('is read in any case, with any spaces and dashes, and with O, I and L typed for 0 and 1', () => {
    const typed = (code: string) => [
      code.toLowerCase(),
      groupCode(code),
      groupCode(code).toLowerCase().replace('-', ' – '),
      `  ${code.replace('-', '')}\n`,
      code.slice(0, 4) + code.slice(4).replaceAll('0', 'o').replaceAll('1', 'l'),
      code.slice(0, 4) + code.slice(4).replaceAll('1', 'I'),
      code.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
    ]
    fc.assert(fc.property(codes, (code) => typed(code).every((text) => parseCode(text) === code)))
  })

  it('shows every single wrong sign', () => {
    fc.assert(
      fc.property(
        codes,
        fc.integer({ min: 4, max: 12 }),
        fc.constantFrom(...Array.from(ALPHABET)),
        (code, place, sign) => {
          fc.pre(code.charAt(place) !== sign)
          return parseCode(code.slice(0, place) + sign + code.slice(place + 1)) === null
        },
      ),
    )
  })

  it('shows swapped neighbours, except for the one pair that no Luhn check sees', () => {
    fc.assert(
      fc.property(codes, fc.integer({ min: 4, max: 11 }), (code, place) => {
        const [a, b] = [code.charAt(place), code.charAt(place + 1)]
        fc.pre(a !== b && !['0Z', 'Z0'].includes(a + b))
        return parseCode(code.slice(0, place) + b + a + code.slice(place + 2)) === null
      }),
    )
  })

  it('is refused where another kind is asked for, and its signs alone are enough where the kind is known', () => {
    const code = newCode('CAS')
    expect(parseCode(code, 'AMP')).toBeNull()
    expect(parseCode(code.slice(4), 'CAS')).toBe(code)
    expect(parseCode(code.slice(4))).toBeNull()
  })

  it('is null for anything else', () => {
    for (const text of ['', 'AMP', 'AMP-', 'XYZ-7K3MQ2XH4', 'AMP-7K3MQ2XU4', 'Ana Maria', 'A'.repeat(10_000)]) {
      expect(parseCode(text)).toBeNull()
    }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof parseCode(text) !== 'undefined'))
  })

  it('is shown in groups of three', () => {
    expect(groupCode('AMP-7K3MQ2XH4')).toBe('AMP-7K3 MQ2 XH4')
  })
})

describe('the id of a row', () => {
  it('is a version 7 UUID', () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('sorts in the order in which ids were made', () => {
    const ids = Array.from({ length: 20_000 }, () => newId())
    expect(ids).toEqual([...ids].sort())
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('carries the time it is given', () => {
    const at = new Date('2025-03-04T05:06:07.089Z')
    expect(Number.parseInt(newId(at).replace('-', '').slice(0, 12), 16)).toBe(at.getTime())
  })
})
