import { z } from 'zod'

import { codeOf, DISABILITIES, type CodeOf } from './codes'
import { readCountry } from './countries'
import { birthYear } from './identity-schema'
import { readLanguage } from './languages'

export const ANSWER_STATES = ['stated', 'declined', 'not_asked', 'unknown'] as const
export type AnswerState = (typeof ANSWER_STATES)[number]

/** An answer of the profile: a value only where one was stated. */
export type Answer<T> =
  { readonly state: 'stated'; readonly value: T } | { readonly state: Exclude<AnswerState, 'stated'> }
export type ListAnswer<T> =
  { readonly state: 'stated'; readonly values: readonly T[] } | { readonly state: Exclude<AnswerState, 'stated'> }

const state = z.enum(ANSWER_STATES)

/** One answer. The value alone, or a state alone, is a short form of the whole. */
function answer<S extends z.ZodType>(value: S) {
  return z.preprocess(
    asAnswer,
    z
      .strictObject({ state, value: value.optional() })
      .transform((given, context): Answer<Exclude<z.output<S>, undefined>> => {
        if (given.state !== 'stated') return { state: given.state }
        if (given.value === undefined) return missing(context, 'value')
        return { state: 'stated', value: given.value as Exclude<z.output<S>, undefined> }
      }),
  )
}

/** An answer of several values, each once. */
function listAnswer<S extends z.ZodType>(value: S, most: number) {
  return z.preprocess(
    asAnswer,
    z
      .strictObject({ state, values: z.preprocess(apart, z.array(value).max(most)).optional() })
      .transform((given, context): ListAnswer<z.output<S>> => {
        if (given.state !== 'stated') return { state: given.state }
        if (given.values === undefined || given.values.length === 0) return missing(context, 'values')
        return { state: 'stated', values: [...new Set(given.values)] }
      }),
  )
}

/** The choice of a form after a conflict brings several codes as one text: `ER,ET`. */
function apart(given: unknown): unknown {
  if (!Array.isArray(given)) return given
  return given.flatMap((item: unknown) =>
    typeof item === 'string' && /^[A-Za-z]{2,20}(,[A-Za-z]{2,20})+$/.test(item) ? item.split(',') : [item],
  )
}

function missing(context: z.RefinementCtx, field: string): never {
  context.addIssue({ code: 'custom', message: 'persons.errors.answer', path: [field] })
  return z.NEVER
}

function asAnswer(given: unknown): unknown {
  if (ANSWER_STATES.some((known) => known === given)) return { state: given }
  if (Array.isArray(given)) return { state: 'stated', values: given as unknown[] }
  if (['string', 'number', 'boolean'].includes(typeof given)) return { state: 'stated', value: given }
  if (typeof given !== 'object' || given === null) return given
  if (!('state' in given)) return { ...given, state: 'stated' }
  // A form sends what stands in a control also where another answer hides it.
  const { value: _value, values: _values, ...rest } = given as Record<string, unknown>
  return given.state === 'stated' ? given : rest
}

/** Yes or no, as a form or the API sends it. */
const yesNo = z.preprocess(
  (given) => (given === 'yes' || given === 'true' ? true : given === 'no' || given === 'false' ? false : given),
  z.boolean({ error: 'people.errors.choose' }),
)

/** A country by code or name; kept as ISO 3166-1 alpha-2. */
const country = z
  .string()
  .max(80)
  .transform((text, context) => {
    const read = readCountry(text)
    if (read.kind === 'country') return read.code
    context.addIssue({ code: 'custom', message: 'persons.errors.country' })
    return z.NEVER
  })

/** A language by code or English name; kept as ISO 639-3. */
export const language = z
  .string()
  .max(80)
  .transform((text, context) => {
    const code = readLanguage(text)
    if (code !== null) return code
    context.addIssue({ code: 'custom', message: 'persons.errors.language' })
    return z.NEVER
  })

const MOST_DEPENDANTS = 30

/** The questions of the profile, each answered or not for a reason. Religion, ethnicity and orientation are not asked. */
export const profileInput = z.strictObject({
  /** A year; kept as a band of five. Where the identity holds a birth date, that one counts. */
  birth: answer(birthYear).optional(),
  gender: answer(codeOf('gender')).optional(),
  citizenships: listAnswer(country, 10).optional(),
  languages: listAnswer(language, 10).optional(),
  interpreter: answer(yesNo).optional(),
  disability: listAnswer(codeOf('disability'), DISABILITIES.length).optional(),
  pregnancy: answer(yesNo).optional(),
  dependants: answer(z.coerce.number().int().min(0).max(MOST_DEPENDANTS)).optional(),
  migration: answer(codeOf('migrationStatus')).optional(),
  displacement: answer(codeOf('displacement')).optional(),
})
export type ProfileInput = z.output<typeof profileInput>

/** The profile as screens and the API show it. `birth.value` is the first year of a band of five. */
export type ProfileView = {
  readonly birth: Answer<number>
  readonly gender: Answer<CodeOf<'gender'>>
  readonly citizenships: ListAnswer<string>
  readonly languages: ListAnswer<string>
  readonly interpreter: Answer<boolean>
  readonly disability: ListAnswer<CodeOf<'disability'>>
  readonly pregnancy: Answer<boolean>
  readonly dependants: Answer<number>
  readonly migration: Answer<CodeOf<'migrationStatus'>>
  readonly displacement: Answer<CodeOf<'displacement'>>
}

export const PROFILE_QUESTIONS = [
  'birth',
  'gender',
  'citizenships',
  'languages',
  'interpreter',
  'disability',
  'pregnancy',
  'dependants',
  'migration',
  'displacement',
] as const satisfies readonly (keyof ProfileView)[]
export type ProfileQuestion = (typeof PROFILE_QUESTIONS)[number]
