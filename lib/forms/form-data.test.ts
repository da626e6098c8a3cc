import { describe, expect, it } from 'vitest'
import { readForm, readSecrets, rowsIn, toInput, withoutRow } from './form-data'

function posted(...fields: [string, string][]): FormData {
  const data = new FormData()
  for (const [name, value] of fields) data.append(name, value)
  return data
}

const inputOf = (...fields: [string, string][]) => toInput(readForm(posted(...fields)).values, MONTHS).input
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

describe('what is typed', () => {
  it('loses the one sign that the database does not take', () => {
    expect(inputOf(['name', 'a\0b'])).toEqual({ name: 'ab' })
  })
})

describe('names that every object has', () => {
  it.each([
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty.x',
    'identity.__proto__.x',
    'constructor.prototype.y',
  ])('T06: %s is a field like any other, or none', (name) => {
    const data = new FormData()
    data.append(name, 'one')
    data.append(name, 'two')
    data.append('case', 'three')
    const { values } = readForm(data)
    expect(values['case']).toEqual(['three'])
    const { input } = toInput(values)
    expect(input['case']).toBe('three')
    expect(({} as Record<string, unknown>)['x'] ?? ({} as Record<string, unknown>)['y']).toBeUndefined()
  })
})

describe('reading a posted form', () => {
  it('builds the nested object that the dotted names describe', () => {
    expect(
      inputOf(['identity.names.0.value', 'Selam'], ['identity.names.0.script', 'Latn'], ['identity.birthYear', '1999']),
    ).toEqual({
      identity: { names: [{ value: 'Selam', script: 'Latn' }], birthYear: '1999' },
    })
  })

  it('counts empty and blank text as nothing typed', () => {
    expect(inputOf(['note', '  \r\n '], ['reason', ' Wrong case '])).toEqual({ reason: 'Wrong case' })
  })

  it('keeps line ends and letters in one spelling', () => {
    expect(inputOf(['note', 'a\r\nb e\u0301'])).toEqual({ note: 'a\nb é' })
  })

  it('makes a list of a field that may have several values, also of none and of one', () => {
    expect(inputOf(['acts:many', ''], ['acts', 'transport'])).toEqual({ acts: ['transport'] })
    expect(inputOf(['acts:many', ''])).toEqual({ acts: [] })
  })

  it('reads a box that was not ticked as no', () => {
    expect(inputOf(['restricted:flag', ''])).toEqual({ restricted: false })
    expect(inputOf(['restricted:flag', ''], ['restricted', 'on'])).toEqual({ restricted: true })
  })

  it('drops rows left empty, and still names the field on the screen for an error', () => {
    const { input, fieldOf } = toInput(
      readForm(
        posted(['names.0.value', ''], ['names.1.value', 'Selam'], ['names.2.value', ' '], ['names.3.value', 'x']),
      ).values,
    )
    expect(input).toEqual({ names: [{ value: 'Selam' }, { value: 'x' }] })
    expect(fieldOf('names.1.value')).toBe('names.3.value')
    expect(fieldOf('names.0.script')).toBe('names.1.script')
    expect(fieldOf('other')).toBe('other')
  })

  it('leaves out what belongs to the form or to React, and files', () => {
    const data = posted(['_key', 'k'], ['_intent', 'again'], ['$ACTION_REF_1', ''], ['1_$ACTION_KEY', 'x'], ['a', '1'])
    data.append('file', new Blob(['x']))
    const read = readForm(data)
    expect(read).toMatchObject({ key: 'k', intent: 'again' })
    expect(read.values).toEqual({ a: ['1'] })
  })

  it('never gives a secret back to the screen', () => {
    const data = posted(['password:secret', ''], ['password', 'correct horse'], ['email', 'a@b.example'])
    expect(readForm(data).values).toEqual({ 'password:secret': [''], email: ['a@b.example'] })
    expect(readSecrets(data)).toEqual({ password: ['correct horse'] })
  })

  it('reads typed text of a combobox apart from its values', () => {
    const read = readForm(posted(['_text:countries:profile.citizenships', ' Eritrea '], ['profile.citizenships', 'ET']))
    expect(read.texts).toEqual([{ lookup: 'countries', field: 'profile.citizenships', text: 'Eritrea' }])
    expect(read.values).toEqual({ 'profile.citizenships': ['ET'] })
  })

  it.each(['__proto__.polluted', 'constructor.prototype.polluted', 'a.__proto__.polluted', 'a..b', 'a.999999999.b'])(
    'ignores the hostile name %s',
    (name) => {
      const input = inputOf([name, 'yes'])
      expect(JSON.stringify(input)).not.toContain('yes')
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    },
  )

  it('composes dates from their boxes and reports what is missing by field', () => {
    const { input, errors } = toInput(
      readForm(
        posted(
          ['on:choice', 'other'],
          ['on:day', '24'],
          ['on:month', 'nov'],
          ['on:year', '2026'],
          ['end:day', '3'],
          ['end:year', '2026'],
        ),
      ).values,
      MONTHS,
    )
    expect(input).toEqual({ on: '2026-11-24' })
    expect(errors).toEqual({ end: 'ui.date.month_missing' })
  })
})

describe('repeated rows', () => {
  const values = { 'names.0.value': ['a'], 'names.1.value': ['b'], 'names.2.value': ['c'], note: ['n'] }

  it('move up when one is taken away', () => {
    expect(withoutRow(values, 'names', 1)).toEqual({ 'names.0.value': ['a'], 'names.1.value': ['c'], note: ['n'] })
  })

  it('are counted from the values', () => {
    expect(rowsIn(values, 'names')).toBe(3)
    expect(rowsIn(values, 'phones')).toBe(0)
  })
})
