import { describe, expect, it } from 'vitest'

import { agesOfBand, birthBandOf, BLANK_PROFILE, columnsOf, profileView } from './profile-rules'
import { profileInput } from './profile-schema'

const read = (given: unknown) => profileInput.parse(given)

describe('an answer of the profile', () => {
  it('is stated, declined, not asked or unknown, and has a value only when stated', () => {
    const answers = {
      gender: { state: 'stated', value: 'Feminine' },
      languages: { state: 'stated', values: ['tir', 'ara'] },
      pregnancy: { state: 'declined' },
      dependants: { state: 'unknown' },
    }
    expect(read(answers)).toEqual(answers)
  })

  it('may be written short', () => {
    expect(
      read({ gender: 'Masculine', pregnancy: 'declined', interpreter: true, citizenships: ['ER'], dependants: 0 }),
    ).toEqual({
      gender: { state: 'stated', value: 'Masculine' },
      pregnancy: { state: 'declined' },
      interpreter: { state: 'stated', value: true },
      citizenships: { state: 'stated', values: ['ER'] },
      dependants: { state: 'stated', value: 0 },
    })
  })

  it('as a form sends it, forgets what stands in a control that another answer hides', () => {
    expect(
      read({ dependants: { state: 'not_asked', value: 'many' }, languages: { state: 'declined', values: ['xx'] } }),
    ).toEqual({
      dependants: { state: 'not_asked' },
      languages: { state: 'declined' },
    })
    expect(
      read({ interpreter: { state: 'stated', value: 'no' }, dependants: { state: 'stated', value: '2' } }),
    ).toEqual({
      interpreter: { state: 'stated', value: false },
      dependants: { state: 'stated', value: 2 },
    })
  })

  it('reads countries and languages by code and by name, each once, and codes of a form in one text', () => {
    expect(read({ citizenships: ['Eritrea', 'er', 'ETH'], languages: ['ti', 'tir', 'Arabic'] })).toEqual({
      citizenships: { state: 'stated', values: ['ER', 'ET'] },
      languages: { state: 'stated', values: ['tir', 'ara'] },
    })
    expect(read({ disability: { state: 'stated', values: ['Seeing,Hearing'] } }).disability).toEqual({
      state: 'stated',
      values: ['Seeing', 'Hearing'],
    })
  })

  it.each([
    [{ gender: { state: 'stated' } }, 'gender.value'],
    [{ languages: { state: 'stated', values: [] } }, 'languages.values'],
    [{ gender: 'Other' }, 'gender.value'],
    [{ citizenships: ['Atlantis'] }, 'citizenships.values.0'],
    [{ dependants: -1 }, 'dependants.value'],
    [{ birth: 1850 }, 'birth.value'],
    [{ religion: 'any' }, ''],
    [{ gender: { state: 'declined', agencyId: 'x' } }, 'gender'],
  ])('refuses %j at %s', (given, path) => {
    const parsed = profileInput.safeParse(given)
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})

describe('the columns of a profile', () => {
  it('give back the answers that made them, and leave the others as not asked', () => {
    const answers = read({
      gender: 'NonConforming',
      citizenships: ['NG'],
      interpreter: false,
      disability: ['None'],
      pregnancy: 'unknown',
      dependants: 3,
      migration: 'Irregular',
      displacement: 'declined',
    })
    const view = profileView({ ...BLANK_PROFILE, ...columnsOf(answers) }, null)
    expect(view).toEqual({ ...answers, birth: { state: 'not_asked' }, languages: { state: 'not_asked' } })
  })

  it('take back a value that is no longer stated', () => {
    expect(columnsOf(read({ gender: 'declined', languages: 'unknown' }))).toEqual({
      genderState: 'declined',
      gender: null,
      languageState: 'unknown',
      languages: [],
    })
  })
})

describe('the band of birth years', () => {
  it('spans five years', () => {
    expect([1994, 1995, 1999, 2000].map(birthBandOf)).toEqual([1990, 1995, 1995, 2000])
  })

  it('tells the youngest and the oldest age that are possible', () => {
    expect(agesOfBand(1995, 2026)).toEqual({ from: 26, to: 31 })
    expect(agesOfBand(2025, 2026)).toEqual({ from: 0, to: 1 })
  })
})
