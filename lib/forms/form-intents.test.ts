import { describe, expect, it } from 'vitest'
import { readForm } from './form-data'
import { answerIntent, chosenLabels, resolveTexts } from './form-intents'
import { emptyFormState, trustedPart } from './form-state'

function posted(...fields: [string, string][]) {
  const data = new FormData()
  for (const [name, value] of fields) data.append(name, value)
  return readForm(data)
}

describe('buttons that change a form without a script', () => {
  it('bring the hits of a long list into the form', () => {
    const form = posted(['_text:countries:citizenships', 'eritr'], ['_intent', 'lookup:countries:citizenships'])
    const found = answerIntent(emptyFormState('k', form.values), form, 'en')?.found['citizenships']
    expect(found?.options).toEqual([{ value: 'ER', label: 'Eritrea' }])
  })

  it('add and remove rows and keep what the others hold', () => {
    const form = posted(['names.0.value', 'a'], ['names.1.value', 'b'], ['_intent', 'remove:names:0'])
    expect(answerIntent(emptyFormState('k', form.values), form, 'en')).toMatchObject({
      values: { 'names.0.value': ['b'] },
      rows: { names: 1 },
    })
    const more = posted(['names.0.value', 'a'], ['_intent', 'add:names'])
    expect(answerIntent(emptyFormState('k', more.values), more, 'en')?.rows).toEqual({ names: 2 })
  })

  it('are no buttons that send', () => {
    for (const intent of ['again', 'lookup:passwords:x', 'remove:names:x', '']) {
      const form = posted(['_intent', intent])
      expect(answerIntent(emptyFormState('k'), form, 'en')).toBeNull()
    }
  })
})

describe('text typed into a combobox', () => {
  it('becomes a value when it names one entry', () => {
    const one = resolveTexts(posted(['_text:languages:language', 'Tigrinya']), 'en')
    expect(one).toMatchObject({ values: { language: ['tir'] }, open: [] })
    const many = resolveTexts(posted(['c:many', ''], ['c', 'ET'], ['_text:countries:c', 'Eritrea']), 'en')
    expect(many.values['c']).toEqual(['ET', 'ER'])
  })

  it('stays open, with what fits, when it names none or several', () => {
    const open = resolveTexts(posted(['_text:countries:c', 'guin']), 'en')
    expect(open.open).toEqual(['c'])
    expect(open.found['c']?.options.map(({ value }) => value)).toContain('GN')
  })

  it('is no second value when it is the name of the one that was picked', () => {
    const form = posted(['language', 'tir'], ['_text:languages:language', 'Tigrinya'])
    expect(resolveTexts(form, 'en')).toMatchObject({ values: { language: ['tir'] }, open: [] })
    expect(chosenLabels(form, 'zh-Hans')).toEqual({ tir: '提格利尼亚语' })
  })
})

describe('a form state that comes back from the browser', () => {
  it.each([null, 'x', 7, [], { attempt: 'many', rows: 'all' }, { attempt: -1, rows: { names: 1e9 } }])(
    'is believed in nothing odd: %j',
    (state) => {
      expect(trustedPart(state)).toEqual({ attempt: 0, rows: {} })
    },
  )

  it('keeps its count and its rows', () => {
    expect(trustedPart({ attempt: 3, rows: { names: 2 }, values: { a: ['x'] } })).toEqual({
      attempt: 3,
      rows: { names: 2 },
    })
  })
})
