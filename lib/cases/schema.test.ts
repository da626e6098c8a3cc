import { describe, expect, it } from 'vitest'

import { changeCaseFields, listCasesInput, openCaseInput } from './schema'

describe('what an edit of a case may carry', () => {
  it('takes several codes as a list, or joined by a bar, each once', () => {
    expect(changeCaseFields.parse({ acts: ['Recruitment|Transfer', 'Transfer'] }).acts).toEqual([
      'Recruitment',
      'Transfer',
    ])
    expect(changeCaseFields.parse({ acts: [''] }).acts).toEqual([])
    expect(changeCaseFields.safeParse({ acts: ['Other'] }).success).toBe(false)
  })

  it('takes countries and regions as codes, and no other text', () => {
    expect(changeCaseFields.parse({ places: ['ER', 'SD-KH'] }).places).toEqual(['ER', 'SD-KH'])
    for (const place of ['Eritrea', 'er', "ER'; --", 'ER-']) {
      expect(changeCaseFields.safeParse({ places: [place] }).success, place).toBe(false)
    }
  })

  it('T06: takes no agency, person, restriction or team from the sender', () => {
    for (const field of [
      'agencyId',
      'holderAgencyId',
      'personId',
      'restricted',
      'team',
      'number',
      'openedOn',
      'code',
    ]) {
      expect(changeCaseFields.safeParse({ [field]: 'x' }).success, field).toBe(false)
      if (field !== 'openedOn') {
        expect(openCaseInput.safeParse({ person: 'AMP-000000000', [field]: 'x' }).success, field).toBe(false)
      }
    }
  })
})

describe('filters of the list of cases', () => {
  it('are coded: no typed text fits into an address', () => {
    expect(
      listCasesInput.safeParse({ status: 'open', risk: 'high', need: 'legal', worker: '0123456789ab' }).success,
    ).toBe(true)
    for (const filters of [{ worker: 'Ana' }, { need: 'anything' }, { name: 'x' }, { status: "' OR 1=1" }]) {
      expect(listCasesInput.safeParse(filters).success).toBe(false)
    }
  })
})
