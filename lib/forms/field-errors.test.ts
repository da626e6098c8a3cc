import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { KeyTranslator } from '@/lib/i18n/translate-key'
import { problemsOfErrors, problemsOfIssues } from './field-errors'

const known: KeyTranslator = {
  has: (key) => /^[a-z]+(\.[a-z_]+)+$/.test(key),
  text: (key, values) =>
    values === undefined || Object.keys(values).length === 0 ? key : `${key} ${JSON.stringify(values)}`,
}
const same = (path: string) => path

function problems(schema: z.ZodType, input: unknown) {
  const parsed = schema.safeParse(input, { reportInput: true })
  return parsed.success ? [] : problemsOfIssues(parsed.error.issues, same, known)
}

describe('the sentence of a field', () => {
  it('is the schema’s own where it has one', () => {
    expect(problems(z.object({ name: z.string({ error: 'people.name.required' }) }), {})).toEqual([
      { field: 'name', text: 'people.name.required' },
    ])
  })

  it.each([
    ['nothing', z.string(), undefined, 'errors.field.missing'],
    ['empty text', z.string().min(1), '', 'errors.field.missing {"minimum":1}'],
    ['an empty list', z.array(z.string()).min(1), [], 'errors.field.missing {"minimum":1}'],
    ['text that is too long', z.string().max(3), 'long', 'errors.field.too_long {"maximum":3}'],
    ['a number that is too big', z.number().max(3), 4, 'errors.field.too_big {"maximum":3}'],
    ['a number that is too small', z.number().min(3), 2, 'errors.field.too_small {"minimum":3}'],
    ['an unknown code', z.enum(['a', 'b']), 'c', 'errors.field.choose'],
    ['text for a number', z.number(), 'x', 'errors.field.not_valid'],
  ])('is a general one for %s', (_what, schema, input, text) => {
    expect(problems(z.object({ field: schema }), { field: input })).toEqual([{ field: 'field', text }])
  })

  it('is one a field, and carries the place of the row on the screen', () => {
    const schema = z.object({ names: z.array(z.object({ value: z.string().max(2).regex(/x/) })) })
    const parsed = schema.safeParse({ names: [{ value: 'long' }] }, { reportInput: true })
    const found = parsed.success
      ? []
      : problemsOfIssues(parsed.error.issues, (path) => path.replace('.0.', '.4.'), known)
    expect(found).toEqual([{ field: 'names.4.value', text: 'errors.field.too_long {"maximum":2}' }])
  })

  it('says that a form held what doesn’t belong to it, above all fields (T06)', () => {
    expect(problems(z.strictObject({}), { agencyId: '1' })).toEqual([{ field: null, text: 'errors.field.unknown' }])
  })

  it('takes what a service reported', () => {
    expect(problemsOfErrors({ on: ['assistance.date.future', 'x.y'], '': ['people.odd'] }, same, known)).toEqual([
      { field: 'on', text: 'assistance.date.future' },
      { field: null, text: 'people.odd' },
    ])
  })
})
