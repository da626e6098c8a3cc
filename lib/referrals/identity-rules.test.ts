import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identityFacts, nameToCallBy } from './identity-rules'

const called = (value: string) => nameToCallBy({ names: [{ value }] })?.value

describe('the name to call somebody by', () => {
  it.each([
    ['Amara Okonkwo Bright', 'Amara'],
    ['García López, María', 'María'],
    ['Okonkwo,', 'Okonkwo'],
    ['Quillon', 'Quillon'],
    ['王小明', '王'],
    ['欧阳娜娜', '欧阳'],
    ['王 小明', '王'],
    ['玛丽亚·加西亚', '玛丽亚'],
    ['김민지', '김'],
    ['ሰላም ተስፋይ', 'ሰላም'],
    ['فاطمة، الزهراء', 'الزهراء'],
  ])('of %s is %s', (name, expected) => {
    expect(called(name)).toBe(expected)
  })

  it('is nobody’s where no name is recorded, and keeps the script', () => {
    expect(nameToCallBy({ names: [] })).toBeNull()
    expect(nameToCallBy({ names: [{ value: 'Амина Юсуф', script: 'Cyrl' }] })).toEqual({
      value: 'Амина',
      script: 'Cyrl',
    })
  })

  it('never says two parts of a name, and never nothing', () => {
    const part = fc.stringMatching(/^[A-Za-zÀ-ž]{1,12}$/)
    fc.assert(
      fc.property(part, fc.array(part, { minLength: 1, maxLength: 4 }), (first, others) => {
        expect(called([first, ...others].join(' '))).toBe(first)
      }),
    )
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
        expect(called(name)).not.toBe('')
      }),
    )
  })

  it('is all of the name that goes at that level', () => {
    const who = { aliases: [], birthDate: null, phones: [], emails: [], addresses: [], documents: [] }
    const facts = identityFacts({ ...who, names: [{ value: 'Amara Okonkwo' }, { value: 'Amara Bright' }] })
    expect(JSON.stringify([facts['contact.name'], facts['contact.channels']])).not.toMatch(/Okonkwo|Bright/)
  })
})
