import { z } from 'zod'

import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'

import { IDENTITY_LEVELS, FIELD_KEYS, type FieldKey, type IdentityLevel } from './fields'

/** What data are used for, as networks and agreements name it; also that a receiver keeps a file of its own. */
export const CONSENT_PURPOSES = [
  'case_management',
  'sharing',
  'statistics',
  'contact',
  'identification',
  'own_file',
  'transfer',
] as const
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number]

export const CONSENT_ANSWERS = ['given', 'refused'] as const
export type ConsentAnswer = (typeof CONSENT_ANSWERS)[number]

export const RECEIVER_KINDS = ['government', 'ngo', 'intergovernmental'] as const
export type ReceiverKind = (typeof RECEIVER_KINDS)[number]

export const GIVEN_BY = ['person', 'guardian', 'other'] as const
export type GivenBy = (typeof GIVEN_BY)[number]

export const CONSENT_METHODS = ['written', 'spoken', 'interpreter'] as const
export type ConsentMethod = (typeof CONSENT_METHODS)[number]

/** The seven points of the Human Trafficking Case Data Standard that a person is told before they answer. */
export const EXPLAINED_POINTS = ['interview', 'purpose', 'use', 'research', 'access', 'storage', 'withdrawal'] as const
export type ExplainedPoint = (typeof EXPLAINED_POINTS)[number]

export const WITHHELD_REASONS = ['fear_of_harm', 'tell_in_person', 'other'] as const
export type WithheldReason = (typeof WITHHELD_REASONS)[number]

export const CHILD_VIEWS = ['agrees', 'disagrees', 'too_young'] as const
export type ChildView = (typeof CHILD_VIEWS)[number]

/** Before whom something was said that nobody signed: by what they are, never by name. */
export const WITNESSES = ['colleague', 'interpreter', 'lawyer', 'health_worker', 'guardian', 'companion'] as const
export type Witness = (typeof WITNESSES)[number]

/** How an answer stands today. A refusal stands until the person says otherwise. */
export const CONSENT_STATES = ['in_force', 'ends_soon', 'coming', 'ended', 'withdrawn', 'refused', 'replaced'] as const
export type ConsentState = (typeof CONSENT_STATES)[number]

const recordCode = z.string().trim().min(1, { error: 'consents.errors.code' }).max(64)
const day = z.iso.date({ error: 'ui.date.real' }).refine((text) => text >= '1900', { error: 'ui.date.early' })
const words = z.string().trim().max(2_000, { error: 'consents.errors.too_long' }).optional()
const kept = z.string().trim().max(200).optional()
const some = <T extends readonly [string, ...string[]]>(values: T) => z.array(z.enum(values)).max(values.length)

const categories = z
  .array(z.enum(CATEGORY_KEYS), { error: 'consents.errors.categories' })
  .max(CATEGORY_KEYS.length)
  .default([])
const language = z.string().regex(/^[a-z]{3}$/, { error: 'errors.field.not_valid' })
/** Strokes of a pointer on a pad of 600 by 200: moves and lines in whole numbers, as an SVG path has them. */
const drawing = z
  .string()
  .max(12_000)
  .regex(/^(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})*)+$/, { error: 'errors.field.not_valid' })

const answerFields = {
  purpose: z.enum(CONSENT_PURPOSES, { error: 'consents.errors.purpose' }),
  categories,
  startsOn: day.optional(),
  endsOn: day.optional(),
  language: language.optional(),
  withheld: z
    .array(z.enum(FIELD_KEYS as [FieldKey, ...FieldKey[]]))
    .max(FIELD_KEYS.length)
    .default([]),
  withheldWhy: z.enum(WITHHELD_REASONS).optional(),
  withheldWords: words,
  withheldWordsKept: kept,
  childView: z.enum(CHILD_VIEWS).optional(),
  bestInterests: words,
  bestInterestsKept: kept,
  childWords: words,
  childWordsKept: kept,
  signature: drawing.optional(),
  witness: z.enum(WITNESSES).optional(),
  /** The code of the answer that this one takes the place of. */
  replaces: z.string().trim().max(64).optional(),
}

const recordFields = {
  ...answerFields,
  answer: z.enum(CONSENT_ANSWERS).default('given'),
  agency: z.string().trim().min(1).max(60).optional(),
  agencyKind: z.enum(RECEIVER_KINDS).optional(),
  identity: z.enum(IDENTITY_LEVELS).default('none'),
  givenBy: z.enum(GIVEN_BY).default('person'),
  method: z.enum(CONSENT_METHODS).default('spoken'),
  interpreter: z.boolean().default(false),
  explained: some(EXPLAINED_POINTS).default([]),
  child: z.boolean().default(false),
}

type Said = {
  readonly purpose: ConsentPurpose
  readonly answer: ConsentAnswer
  readonly categories: readonly CategoryKey[]
  readonly startsOn?: string | undefined
  readonly endsOn?: string | undefined
  readonly withheld: readonly string[]
  readonly withheldWhy?: string | undefined
  readonly child: boolean
  readonly childView?: string | undefined
  readonly bestInterests?: string | undefined
}

/** What holds of every answer, however it comes. Where the receiver is asked for depends on who asks. */
function checkAnswer(said: Said, context: z.core.$RefinementCtx, receiver: { field: string; isNamed: boolean }): void {
  const fault = (path: string, message: string) => {
    context.addIssue({ code: 'custom', path: [path], message })
  }
  if (needsReceiver(said) && !receiver.isNamed) fault(receiver.field, 'consents.errors.receiver')
  if (isAboutHelp(said.purpose) && said.categories.length === 0) fault('categories', 'consents.errors.categories')
  if (said.endsOn !== undefined && said.answer === 'refused') fault('endsOn', 'consents.errors.refusal_ends')
  if (said.endsOn !== undefined && said.startsOn !== undefined && said.endsOn < said.startsOn)
    fault('endsOn', 'consents.errors.order')
  if (said.withheld.length > 0 && said.withheldWhy === undefined) fault('withheldWhy', 'consents.errors.withheld_why')
  if (said.child && said.childView === undefined) fault('childView', 'consents.errors.child_view')
  if (said.child && (said.bestInterests ?? '') === '') fault('bestInterests', 'consents.errors.best_interests')
}

/** Whether an answer for this purpose is about kinds of help. Who decides on identification helps with none. */
export function isAboutHelp(purpose: ConsentPurpose): boolean {
  return purpose !== 'identification'
}

/** Whether something of the person goes to somebody else for this purpose. */
export function isForSomebodyElse(purpose: string): boolean {
  return (
    purpose === 'sharing' ||
    purpose === 'contact' ||
    purpose === 'identification' ||
    purpose === 'own_file' ||
    purpose === 'transfer'
  )
}

/** Nobody agrees to "anybody": whoever receives something is named, or their kind is. A no may be meant for all. */
function needsReceiver({ answer, purpose }: Pick<Said, 'answer' | 'purpose'>): boolean {
  return answer === 'given' && isForSomebodyElse(purpose)
}

function checkRecord(said: z.output<z.ZodObject<typeof recordFields>>, context: z.core.$RefinementCtx): void {
  const isNamed = said.agency !== undefined || said.agencyKind !== undefined
  if (said.agency !== undefined && said.agencyKind !== undefined)
    context.addIssue({ code: 'custom', path: ['agencyKind'], message: 'consents.errors.one_receiver' })
  checkAnswer(said, context, { field: 'agency', isNamed })
}

export const recordConsentInput = z.strictObject({ case: recordCode, ...recordFields }).superRefine(checkRecord)
/** The same where the address names the case. */
export const recordConsentBody = z.strictObject(recordFields).superRefine(checkRecord)
export type RecordConsentInput = z.input<typeof recordConsentInput>
export type RecordConsentEntry = z.output<typeof recordConsentInput>

/** The longest address of a page that the form goes back to: all that the pattern below lets through. */
const LONGEST_BACK = 180
/** The page on which somebody found that the person has to be asked first. */
const ASKED_FROM = /^\/cases\/CAS-[0-9A-Z]{1,13}\/(?:referrals\/new|transfer)(?:\?[\w=&-]{1,140})?$/

/** Whether an address is one of a case's pages on which the person's answer may be missing. */
export function isAskedFrom(address: string, caseCode: string): boolean {
  return ASKED_FROM.test(address) && address.startsWith(`/cases/${caseCode}/`)
}

/** The questions of the form of which nothing is chosen beforehand, so that they may have no answer at all. */
const CHOSEN_BY_NOBODY: ReadonlySet<string> = new Set(['purpose', 'answer', 'givenBy', 'method'])

type FormSaid = Said & {
  readonly receiver?: string | undefined
  readonly identity?: string | undefined
  readonly explained: readonly string[]
  readonly method: ConsentMethod
  readonly witness?: string | undefined
}

function checkForm(said: FormSaid, context: z.core.$RefinementCtx): void {
  const fault = (path: string, message: string) => {
    context.addIssue({ code: 'custom', path: [path], message })
  }
  if (said.answer === 'given' && said.identity === undefined) fault('identity', 'consents.errors.identity')
  if (said.answer === 'given' && said.explained.length < EXPLAINED_POINTS.length)
    fault('explained', 'consents.errors.explained')
  const isSpoken = said.method === 'spoken' || said.method === 'interpreter'
  if (said.answer === 'given' && isSpoken && said.witness === undefined) fault('witness', 'consents.errors.witness')
  checkAnswer(said, context, { field: 'receiver', isNamed: said.receiver !== undefined })
}

/**
 * The form: it asks more of whoever fills it in beside the person than of a program. What was explained must have been
 * explained, and what was only said has a witness. A refusal asks for little.
 */
export const consentFormInput = z
  .strictObject({
    case: recordCode,
    ...answerFields,
    answer: z.enum(CONSENT_ANSWERS, { error: 'consents.errors.answer' }),
    /** `agency:harbour` or `kind:ngo`. */
    receiver: z
      .string()
      .regex(/^(agency:[\w-]{1,60}|kind:[a-z]{1,30})$/)
      .optional(),
    identity: z.enum(IDENTITY_LEVELS).optional(),
    givenBy: z.enum(GIVEN_BY, { error: 'consents.errors.given_by' }),
    method: z.enum(CONSENT_METHODS, { error: 'consents.errors.method' }),
    interpreter: z.boolean(),
    explained: some(EXPLAINED_POINTS),
    child: z.boolean(),
    /** Where the question came up: a referral or a transfer of this case, which goes on with the answer. */
    back: z.string().max(LONGEST_BACK).regex(ASKED_FROM).optional(),
  })
  .superRefine(checkForm, {
    // What is missing elsewhere is told together with what nobody has chosen yet, not with the next try.
    when: ({ issues }) => issues.every(({ path }) => CHOSEN_BY_NOBODY.has(String(path?.[0]))),
  })
  .transform(({ receiver, identity, ...said }): RecordConsentEntry & { readonly back?: string | undefined } => {
    const [kind, value] = receiver?.split(':') ?? []
    return {
      ...said,
      // What a refusal is about is all of it.
      identity: identity ?? 'full',
      ...(kind === 'agency' ? { agency: value } : {}),
      ...(kind === 'kind' ? { agencyKind: RECEIVER_KINDS.find((one) => one === value) } : {}),
    }
  })

const withdrawFields = {
  givenBy: z.enum(GIVEN_BY).default('person'),
  method: z.enum(CONSENT_METHODS).default('spoken'),
  language: language.optional(),
  reason: words,
  reasonKept: kept,
}
/** A person says that they no longer agree. They owe nobody a reason. */
export const withdrawConsentInput = z.strictObject({ consent: recordCode, ...withdrawFields })
export const withdrawConsentBody = z.strictObject(withdrawFields)
export type WithdrawConsentInput = z.input<typeof withdrawConsentInput>
export type WithdrawConsentEntry = z.output<typeof withdrawConsentInput>

export const listConsentsInput = z.strictObject({
  case: recordCode,
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional(),
})
export type ListConsentsInput = z.infer<typeof listConsentsInput>

export type ReceiverView = { readonly key: string; readonly name: string }

/** An answer of a person about their data, as screens and the API see it. What was said in words stays shut. */
export type ConsentView = {
  readonly code: string
  readonly case: string
  /** The person's code. */
  readonly person: string | null
  readonly state: ConsentState
  readonly purpose: ConsentPurpose
  readonly answer: ConsentAnswer
  /** Null for a kind of agency, and where nobody receives anything. */
  readonly agency: string | null
  readonly agencyName: string | null
  readonly agencyKind: ReceiverKind | null
  readonly categories: readonly CategoryKey[]
  readonly identity: IdentityLevel
  readonly startsOn: string
  /** The last day, in the agency's zone. */
  readonly endsOn: string | null
  readonly givenBy: GivenBy
  readonly method: ConsentMethod
  readonly language: string | null
  readonly interpreter: boolean
  readonly explained: readonly ExplainedPoint[]
  readonly explainedBy: string | null
  readonly withheld: readonly FieldKey[]
  readonly withheldWhy: WithheldReason | null
  readonly child: boolean
  readonly childView: ChildView | null
  readonly hasTexts: boolean
  readonly recordedAt: string
  readonly recordedBy: string | null
  readonly withdrawnAt: string | null
  readonly withdrawnBy: GivenBy | null
  /** Which version of what was agreed this is. */
  readonly edition: number
  readonly replaces: string | null
  readonly replacedBy: string | null
  /** Goes up with the withdrawal and with a newer edition; nothing else about it ever changes. */
  readonly version: number
  readonly may: { readonly withdraw: boolean; readonly renew: boolean }
  /** Only where a program has just sent a text that seems to hold identity. */
  readonly warnings?: readonly { readonly field: string; readonly reason: string }[]
}

export type ConsentPage = {
  readonly items: readonly ConsentView[]
  readonly nextCursor: string | null
  readonly previousCursor: string | null
}

/** One of the three answers of a person that stay apart: support, use of data, proceedings. */
export type ThreeAnswerView = {
  readonly question: 'wants_support' | 'data_use' | 'takes_part'
  readonly answer: 'unknown' | 'yes' | 'no'
  /** Since when it is that; null where it was so from the start. */
  readonly since: string | null
}

/** What was said beside a consent, opened for whoever is on the team. */
export type ConsentTexts = {
  readonly withheldWords?: string
  readonly bestInterests?: string
  readonly childWords?: string
  readonly witness?: Witness
  readonly signature?: string
  readonly reason?: string
}
