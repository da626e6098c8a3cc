import { z } from 'zod'

import { CLOSURE_REASONS } from '@/lib/cases/schema'
import { FIELD_KEYS, type FieldKey } from '@/lib/consent/fields'
import { CONSENT_METHODS, EXPLAINED_POINTS, GIVEN_BY, WITNESSES } from '@/lib/consent/schema'
import type { PersonHitView } from '@/lib/people/schema'

import type { DisclosedField } from '../schema'

/** What an own file rests on: a consent that the sender recorded, one that the person gave to us, or a law. */
export const OWN_FILE_KINDS = ['consent', 'own_consent', 'legal_duty'] as const
export type OwnFileKind = (typeof OWN_FILE_KINDS)[number]

export const DUTIES = ['medical_records', 'lawyers_file', 'safeguarding', 'court_order', 'other'] as const
export type Duty = (typeof DUTIES)[number]

const code = z.string().trim().min(1, { error: 'referrals.errors.code' }).max(64)
const fieldKey = z.string().transform((key, context): FieldKey => {
  const known = FIELD_KEYS.find((one) => one === key)
  if (known !== undefined) return known
  context.addIssue({ code: 'custom', message: 'referrals.errors.field' })
  return z.NEVER
})
const optionalWords = z
  .string()
  .trim()
  .max(500, { error: 'referrals.errors.too_long' })
  .optional()
  .transform((given) => (given === '' ? undefined : given))

const basisFields = {
  basis: z.enum(OWN_FILE_KINDS, { error: 'own_files.errors.basis' }),
  duty: z.enum(DUTIES, { error: 'own_files.errors.duty' }).optional(),
  /** Which duty, in words, where it is none of the list. */
  words: optionalWords,
  /** Of what the person told us. */
  givenBy: z.enum(GIVEN_BY, { error: 'consents.errors.given_by' }).default('person'),
  method: z.enum(CONSENT_METHODS, { error: 'consents.errors.method' }).default('spoken'),
  witness: z.enum(WITNESSES).optional(),
  explained: z.array(z.enum(EXPLAINED_POINTS)).max(EXPLAINED_POINTS.length).default([]),
}
type SaidOfBasis = z.output<z.ZodObject<typeof basisFields>>

function checkBasis(
  { basis, duty, words }: Pick<SaidOfBasis, 'basis' | 'duty' | 'words'>,
  context: z.core.$RefinementCtx,
): void {
  if (basis === 'legal_duty' && duty === undefined)
    context.addIssue({ code: 'custom', path: ['duty'], message: 'own_files.errors.duty' })
  if (basis === 'legal_duty' && duty === 'other' && words === undefined)
    context.addIssue({ code: 'custom', path: ['words'], message: 'own_files.errors.words' })
}

/** A form asks how the person said so: nothing is ticked beforehand, and what nobody signed had a witness. */
const askedFields = {
  ...basisFields,
  givenBy: z.enum(GIVEN_BY).optional(),
  method: z.enum(CONSENT_METHODS).optional(),
}
type Asked = z.output<z.ZodObject<typeof askedFields>>

function checkAsked({ basis, explained, givenBy, method, witness }: Asked, context: z.core.$RefinementCtx): void {
  if (basis !== 'own_consent') return
  const fault = (path: string, message: string) => {
    context.addIssue({ code: 'custom', path: [path], message })
  }
  if (explained.length < EXPLAINED_POINTS.length) fault('explained', 'consents.errors.explained')
  if (givenBy === undefined) fault('givenBy', 'consents.errors.given_by')
  if (method === undefined) fault('method', 'consents.errors.method')
  if (method !== 'written' && witness === undefined) fault('witness', 'consents.errors.witness')
}

function answered<T extends Asked>({ givenBy, method, ...said }: T) {
  return { ...said, givenBy: givenBy ?? ('person' as const), method: method ?? ('spoken' as const) }
}

const openFields = {
  ...basisFields,
  /** What is copied of the package; left out means all that the basis covers. */
  fields: z.array(fieldKey).min(1, { error: 'own_files.errors.fields' }).max(60).optional(),
  /** The person of the agency's own whom it is, where they are known already. */
  person: code.optional(),
}

/** A receiver opens a file of their agency's own. */
export const openOwnFileInput = z.strictObject({ referral: code, ...openFields }).superRefine(checkBasis)
export const openOwnFileBody = z.strictObject(openFields).superRefine(checkBasis)
export type OpenOwnFileInput = z.infer<typeof openOwnFileInput>

/** How the form says that the agency knows nobody whom it could be. */
export const NEW_PERSON = 'new'

/** The same as the form sends it: who it is was asked there. */
export const openOwnFileForm = z
  .strictObject({
    referral: code,
    ...askedFields,
    fields: z.array(fieldKey).min(1, { error: 'own_files.errors.fields' }).max(60),
    person: z.string({ error: 'own_files.errors.person' }).trim().min(1, { error: 'own_files.errors.person' }).max(64),
  })
  .superRefine((said, context) => {
    checkBasis(said, context)
    checkAsked(said, context)
  })
  .transform(({ person, ...said }) => ({ ...answered(said), ...(person === NEW_PERSON ? {} : { person }) }))

/** Another basis, in place of one that ended or may end. */
export const rebaseOwnFileInput = z.strictObject({ referral: code, ...basisFields }).superRefine(checkBasis)
export const rebaseOwnFileBody = z.strictObject(basisFields).superRefine(checkBasis)
export const rebaseOwnFileForm = z
  .strictObject({ referral: code, ...askedFields })
  .superRefine((said, context) => {
    checkBasis(said, context)
    checkAsked(said, context)
  })
  .transform(answered)
export type RebaseOwnFileInput = z.infer<typeof rebaseOwnFileInput>

const endFields = {
  /** Why its case closes, where it is open still. */
  closureReason: z.enum(CLOSURE_REASONS, { error: 'cases.errors.closure_reason' }).optional(),
}
export const endOwnFileInput = z.strictObject({ referral: code, ...endFields })
export const endOwnFileBody = z.strictObject(endFields)
export type EndOwnFileInput = z.infer<typeof endOwnFileInput>

export const offerOwnFileInput = z.strictObject({
  referral: code,
  basis: z.enum(OWN_FILE_KINDS, { error: 'own_files.errors.basis' }),
})
export type OfferOwnFileInput = z.infer<typeof offerOwnFileInput>

/** What a file of one's own on a basis would hold, and who of the agency's own persons it may be. */
export type OwnFileOffer = {
  readonly code: string
  readonly fromAgencyName: string
  readonly basis: OwnFileKind
  /** What would be copied, with its value: opening this is a recorded look. */
  readonly fields: readonly DisclosedField[]
  /** What the package shows beside, which this basis doesn't cover, or which has no place in a file of one's own. */
  readonly left: readonly FieldKey[]
  readonly alike: readonly PersonHitView[]
}

/** How an own file rests, in codes. */
export type OwnFileBasis = {
  readonly kind: OwnFileKind
  readonly duty: Duty | null
  /** The law, as the receiving agency's administrator recorded it. */
  readonly source: string | null
  /** The consent, for those who recorded it; the agency's lawful basis. */
  readonly codes: readonly string[]
  readonly since: string
}

/** An own file as each side knows it: a fact for both; the record itself for those who work on it alone. */
export type OwnFileView = {
  /** The referral's code: a file of one's own has none that the other side could know. */
  readonly code: string
  readonly side: 'sender' | 'receiver'
  readonly agency: string
  readonly agencyName: string
  readonly fields: readonly FieldKey[]
  readonly openedAt: string
  readonly basis: OwnFileBasis
  /** Since when its basis no longer holds. */
  readonly basisEndedAt: string | null
  readonly endedAt: string | null
  readonly own: {
    readonly person: string
    readonly case: string
    readonly isOpen: boolean
    readonly knownBefore: boolean
    /** The duty in words. */
    readonly words: string | null
  } | null
  readonly may: { readonly rebase: boolean; readonly end: boolean }
}

/** What a page of a referral shows of it. */
export type OwnFileState = {
  readonly file: OwnFileView | null
  /** Whether the actor may open one now. */
  readonly mayOpen: boolean
  /** On what they could, and of how many fields each. */
  readonly bases: readonly { readonly kind: OwnFileKind; readonly fields: number }[]
}

/** What stands in a person's statement of a file that another agency keeps. */
export type OwnFileOfStatement = Pick<
  OwnFileView,
  'agencyName' | 'fields' | 'openedAt' | 'basis' | 'basisEndedAt' | 'endedAt'
>
