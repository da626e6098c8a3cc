import { z } from 'zod'

import type { TextWarning } from './free-text/schema'

/** Text of one line that holds no control signs. */
function line(longest: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}]*$/u, { error: 'persons.errors.plain_text' })
}

/** A list whose items may be plain text or `{ value }`; a form sends the latter. */
function lineList(most: number, longest: number, form?: { readonly pattern: RegExp; readonly error: string }) {
  const value = form === undefined ? line(longest) : line(longest).regex(form.pattern, { error: form.error })
  return z.array(z.preprocess(textAsValue, z.strictObject({ value }))).max(most)
}

function textAsValue(given: unknown): unknown {
  return typeof given === 'string' ? { value: given } : given
}

/** A name as the person says it, in any script. `script` is ISO 15924 or the like, where it can't be seen from the signs. */
export const nameInput = z.preprocess(
  textAsValue,
  z.strictObject({
    value: line(200),
    script: z
      .string()
      .trim()
      .regex(/^[A-Za-z][A-Za-z-]{1,19}$/, { error: 'persons.errors.script' })
      .optional(),
  }),
)

export const DOCUMENT_TYPES = [
  'passport',
  'national_id',
  'travel_document',
  'residence_permit',
  'birth_certificate',
  'other',
] as const
export type DocumentType = (typeof DOCUMENT_TYPES)[number]

export const documentInput = z.preprocess(
  (given) => (typeof given === 'string' ? { number: given } : given),
  z.strictObject({
    type: z.enum(DOCUMENT_TYPES).optional(),
    number: line(60),
    /** Who issued it, as an ISO 3166-1 alpha-2 code. */
    country: z
      .string()
      .trim()
      .regex(/^[A-Z]{2}$/, { error: 'persons.errors.country' })
      .optional(),
  }),
)

const EARLIEST_BIRTH = 1900
const LATEST_BIRTH = 2100

/** A day of birth, or the part of it that is known: `1998-04-02`, `1998-04`, `1998`. */
export const birthDate = z
  .string()
  .trim()
  .regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, { error: 'persons.errors.birth_form' })
  .refine(isRealDate, { error: 'persons.errors.birth_form' })

/** A year of birth; forms send text. */
export const birthYear = z.coerce
  .number({ error: 'persons.errors.birth_form' })
  .int({ error: 'persons.errors.birth_form' })
  .min(EARLIEST_BIRTH, { error: 'persons.errors.birth_form' })
  .max(LATEST_BIRTH, { error: 'persons.errors.birth_form' })

function isRealDate(text: string): boolean {
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  return year >= EARLIEST_BIRTH && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** Whatever is known of who someone is; nothing is required. A birth date of null takes back what was recorded. */
export const identityInput = z
  .strictObject({
    names: z.array(nameInput).max(10).optional(),
    aliases: z.array(nameInput).max(20).optional(),
    birthDate: birthDate.nullable().optional(),
    birthYear: birthYear.nullable().optional(),
    phones: lineList(10, 40, { pattern: /\p{Nd}/u, error: 'persons.errors.phone' }).optional(),
    emails: lineList(10, 254, { pattern: /^\S+@\S+$/u, error: 'persons.errors.email' }).optional(),
    addresses: lineList(10, 500).optional(),
    documents: z.array(documentInput).max(10).optional(),
  })
  .refine(
    ({ birthDate: date, birthYear: year }) =>
      typeof date !== 'string' || typeof year !== 'number' || date.startsWith(String(year)),
    {
      path: ['birthYear'],
      error: 'persons.errors.birth_both',
    },
  )
export type IdentityInput = z.output<typeof identityInput>

export type NameRecord = { readonly value: string; readonly script?: string }
export type DocumentRecord = { readonly type?: DocumentType; readonly number: string; readonly country?: string }

/** An identity as it is sealed. `birthDate` has the parts that are known. */
export type IdentityRecord = {
  readonly names: readonly NameRecord[]
  readonly aliases: readonly NameRecord[]
  readonly birthDate: string | null
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  readonly addresses: readonly string[]
  readonly documents: readonly DocumentRecord[]
}

/** An identity as a look at it answers. A change names `version`, the person's; `identityVersion` counts the identity's own. */
export type IdentityView = IdentityRecord & {
  readonly code: string
  readonly version: number
  readonly identityVersion: number
  readonly birthYear: number | null
  /** Only where the reason that was given seems to hold identity. */
  readonly warnings?: readonly TextWarning[]
}

/** One of the team's own persons, for lists whose names are hidden until asked for. */
export type ListedIdentity = { readonly code: string; readonly name: NameRecord | null }

export const readIdentityInput = z.strictObject({
  person: z.string().max(64),
  /** Why, where whoever looks wants it on record. */
  reason: z.string().trim().min(1).max(500).optional(),
})
export type ReadIdentityInput = z.output<typeof readIdentityInput>

export const listIdentitiesInput = z.strictObject({ persons: z.array(z.string().max(64)).min(1).max(100) })
export type ListIdentitiesInput = z.output<typeof listIdentitiesInput>
