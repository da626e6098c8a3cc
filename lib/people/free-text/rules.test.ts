import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { identityTokens } from '../names/identity-tokens'
import { flagIdentifying, MASK, maskIdentifying, ownTokens } from './rules'

const own = ownTokens(
  identityTokens(
    {
      names: ['王小明', 'Selam Haile Gebremedhin', 'محمد العلي'],
      phones: ['0712 345 678'],
      documents: ['EP1234567', 'K77'],
      emails: ['selam@example.org'],
    },
    'KE',
  ),
)
const flagged = (text: string) =>
  flagIdentifying(text, own).map(({ kind, start, end }) => [kind, text.slice(start, end)])

describe('a text about a person', () => {
  it.each([
    ['Call her on 0712 345 678 after six', 'phone', '0712 345 678'],
    ['her sister: +49 (30) 901820-4', 'phone', '+49 (30) 901820-4'],
    ['رقمها ٠٧١٢٣٤٥٦٧٨ مساء', 'phone', '٠٧١٢٣٤٥٦٧٨'],
    ['Passport EP1234567 is with the agent', 'number', 'EP1234567'],
    ['file number 2024/118845', 'number', '2024/118845'],
    ['writes to selam.h@example.org daily', 'email', 'selam.h@example.org'],
    ['lives at 12 Harbour Lane now', 'address', '12 Harbour Lane'],
    ['stays in Calle de la Luna 14', 'address', 'Calle de la Luna 14'],
    ['wohnt Lindenstraße 7', 'address', 'Lindenstraße 7'],
    ['住在和平路18号', 'address', '住在和平路18号'],
  ])('is flagged without knowing the person: %s', (text, kind, part) => {
    expect(flagIdentifying(text).map((f) => [f.kind, text.slice(f.start, f.end)])).toEqual([[kind, part]])
  })

  it('is flagged across signs that show nothing, which stand within what is masked', () => {
    expect(maskIdentifying('Se\u200blam left, +254\u2060712\u00ad345678, se\ufefflam@example.org', own)).toBe(
      '[…] left, […], […]',
    )
    expect(flagged('Ask 王\u200c小明')).toEqual([['name', '王\u200c小明']])
    fc.assert(
      fc.property(fc.nat(3), fc.constantFrom('\u200b', '\u200d', '\u202e', '\u{e0020}'), (at, sign) => {
        const text = `We told Se${'lam'.slice(0, at)}${sign}${'lam'.slice(at)} today`
        expect(maskIdentifying(text, own)).toMatch(/^We told \[…\].{0,2} today$/u)
      }),
      { numRuns: 20 },
    )
  })

  it.each([
    ['Selam slept well', 'Selam'],
    ['we told SELAM about the permit', 'Selam'],
    ['then selam left', 'selam'],
    ['Sälam’s brother', 'Sälam'],
    ['met Gebremedhen at the clinic', 'Gebremedhen'],
    ['今天王小明来了', '王小明'],
    ['和小明谈了话', '小明'],
    ['Xiaoming came by', 'Xiaoming'],
    ['جاء محمد اليوم', 'محمد'],
    ['Mohamed called', 'Mohamed'],
  ])('is flagged by the person’s own names: %s', (text, part) => {
    expect(flagged(text).map(([kind]) => kind)).toEqual(['name'])
    expect(text.slice(flagIdentifying(text, own)[0]?.start).toLowerCase()).toContain(part.toLowerCase().slice(0, 2))
  })

  it('is flagged by a document of the record that is too short for any pattern', () => {
    expect(flagged('has card K77 with her')).toEqual([])
    expect(ownTokens(identityTokens({ names: [], documents: ['K-77-A'] }))({ kind: 'document', value: 'K77A' })).toBe(
      true,
    )
    const short = ownTokens(identityTokens({ names: [], documents: ['K-77-A'] }))
    expect(flagIdentifying('has card k77a with her', short)).toHaveLength(1)
  })

  it.each([
    'Met at 14:30 on 2026-11-24, next on 01/12/2026.',
    'Paid 120.50 for transport and 1,200 for school fees',
    'Needs a place for 2 adults and 3 children until 2027',
    'AMP-7K3MQ2XH4 and CAS-7K3MQ2XH4 belong together, see paragraph 6(b) of 58/137',
    'Slept badly, would like to talk about work and a course in 2026-2027',
    '需要翻译和法律咨询，下周二再谈',
    'تحتاج إلى مترجم وموعد طبي',
    'She likes the small salmon and the harem novel', // same consonants as the record's names
  ])('is left alone: %s', (text) => {
    expect(flagIdentifying(text, own)).toEqual([])
  })

  it('tells the line of each finding', () => {
    const text = 'First line\nSelam called\n\nfrom 0712 345 678'
    expect(flagIdentifying(text, own).map(({ kind, line }) => [kind, line])).toEqual([
      ['name', 2],
      ['phone', 4],
    ])
  })
})

describe('masking', () => {
  it('puts one and the same mask in place of each finding and keeps the rest', () => {
    expect(maskIdentifying('Selam Haile, 0712 345 678, needs shelter', own)).toBe(
      `${MASK} ${MASK}, ${MASK}, needs shelter`,
    )
  })

  it('leaves nothing of what it found, wherever it stands', () => {
    const parts = ['selam@example.org', '+254712345678', 'EP1234567', 'Gebremedhin', '王小明', '12 Harbour Lane']
    const between = fc.array(fc.constantFrom(' ', '\n', ', ', ' and ', '. Then ', '；'), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...parts), between), { maxLength: 8 }), (pieces) => {
        const masked = maskIdentifying(pieces.map(([part, gap]) => part + gap.join('')).join(''), own)
        return parts.every((part) => !masked.includes(part)) && flagIdentifying(masked, own).length === 0
      }),
    )
  })

  it('answers any text, quickly, with findings in order and inside it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        let last = 0
        return flagIdentifying(text, own).every(({ start, end }) => {
          const fine = start >= last && end > start && end <= text.length
          last = end
          return fine
        })
      }),
    )
    for (const evil of [
      '1'.repeat(20_000),
      'a '.repeat(10_000),
      '1 a'.repeat(7_000),
      'rue a'.repeat(4_000),
      '-1'.repeat(9_000),
    ]) {
      const before = process.cpuUsage().user
      flagIdentifying(evil, own)
      expect(process.cpuUsage(undefined).user - before).toBeLessThan(5_000_000)
    }
  })
})
