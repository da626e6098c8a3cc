import { z } from 'zod'

import { FIELD_KEYS, type FieldKey } from '@/lib/consent/fields'
import { IDENTIFICATION_STATUSES, type IdentificationStatus } from '@/lib/cases/schema'
import type { CategoryKey } from '@/lib/mandate/categories'
import { DECIDING_BODIES } from '@/lib/people/codes'
import type { TextWarning } from '@/lib/people/free-text/schema'

import type { ClockView } from './clock/schema'
import type { DeskActView } from './desk/acts-schema'

/** For help, the formal one to the authority that decides on identification, or the transfer of the lead of its case. */
export const REFERRAL_KINDS = ['help', 'identification', 'transfer'] as const
export type ReferralKind = (typeof REFERRAL_KINDS)[number]

export const REFERRAL_STATES = [
  'draft',
  'sent',
  'acknowledged',
  'info_requested',
  'accepted',
  'in_service',
  'completed',
  'closed',
  'declined',
  'withdrawn',
  'expired',
] as const
export type ReferralState = (typeof REFERRAL_STATES)[number]

export const MOVE_KEYS = [
  'send',
  'acknowledge',
  'request-info',
  'answer-info',
  'accept',
  'decline',
  'start',
  'confirm',
  'complete',
  'decide',
  'withdraw',
  'expire',
  'close',
] as const
export type MoveKey = (typeof MOVE_KEYS)[number]

/** What a member can do with a referral by themselves. */
export type Move = Exclude<MoveKey, 'expire'>

export type ReferralSide = 'sender' | 'receiver' | 'desk'

export const REFERRAL_URGENCIES = ['emergency', 'urgent', 'routine'] as const
export type ReferralUrgency = (typeof REFERRAL_URGENCIES)[number]

/** Why an agency doesn't take it on; never a ground of discrimination. */
export const DECLINE_REASONS = [
  'no_capacity',
  'outside_mandate',
  'outside_area',
  'not_eligible',
  'safety_conflict',
  'duplicate',
  'insufficient_information',
  'person_declined',
  'other',
] as const
export type DeclineReason = (typeof DECLINE_REASONS)[number]

/** How a withdrawal came about: the sender's word, the basis that ended, or another agency that took it on. */
export const ENDED_WHY = ['sender', 'basis', 'elsewhere'] as const
export type EndedWhy = (typeof ENDED_WHY)[number]

export const OUTCOMES = ['achieved', 'partly', 'not_achieved', 'person_left', 'other'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Why an authority decided as it did. */
export const DECISION_REASONS = [
  'reasonable_grounds',
  'elements_established',
  'child',
  'elements_not_established',
  'insufficient_information',
  'other_offence',
  'other',
] as const
export type DecisionReason = (typeof DECISION_REASONS)[number]

export const FEEDBACK = ['helped', 'partly', 'not_helped'] as const
export type Feedback = (typeof FEEDBACK)[number]

const LONGEST_REASON = 2000
const LONGEST_TEXT = 1000

const code = z.string().trim().min(1, { error: 'referrals.errors.code' }).max(64)
const words = (longest: number) =>
  z.string({ error: 'referrals.errors.words' }).trim().max(longest, { error: 'referrals.errors.too_long' })
const text = words(LONGEST_TEXT).min(1, { error: 'referrals.errors.words' })
const optionalText = words(LONGEST_TEXT)
  .optional()
  .transform((given) => (given === '' ? undefined : given))

const fieldKey = z.string().transform((key, context): FieldKey => {
  const known = FIELD_KEYS.find((one) => one === key)
  if (known !== undefined) return known
  context.addIssue({ code: 'custom', message: 'referrals.errors.field' })
  return z.NEVER
})

export const referralFields = {
  needs: z.array(code, { error: 'referrals.errors.needs' }).min(1, { error: 'referrals.errors.needs' }).max(20),
  urgency: z.enum(REFERRAL_URGENCIES, { error: 'referrals.errors.urgency' }).optional(),
  reason: words(LONGEST_REASON).optional(),
  /** What goes along; left out means what is proposed. Nothing goes that the person doesn't allow. */
  fields: z.array(fieldKey).max(60).optional(),
}

/** A new referral: to a listed service, or to the best-fitting one of an agency. */
export const createReferralInput = z
  .strictObject({
    case: code,
    ...referralFields,
    toAgency: z.string().trim().min(1).max(60).optional(),
    directoryService: code.optional(),
    send: z.boolean().optional(),
  })
  .refine(({ toAgency, directoryService }) => toAgency !== undefined || directoryService !== undefined, {
    path: ['toAgency'],
    error: 'referrals.errors.receiver',
  })
export type CreateReferralInput = z.infer<typeof createReferralInput>

/** The same as the form sends it: what is seen at once goes along, and of the rest what is ticked. */
export const createReferralForm = z
  .strictObject({
    case: code,
    needs: referralFields.needs,
    directoryService: code,
    urgency: z.enum(REFERRAL_URGENCIES, { error: 'referrals.errors.urgency' }),
    reason: referralFields.reason,
    shown: z.array(fieldKey).max(60).default([]),
    fields: z.array(fieldKey).max(60).default([]),
  })
  .transform(({ shown, fields, ...rest }) => ({ ...rest, fields: [...shown, ...fields] }))

/** What the sender is shown before sending. */
export const offerInput = z.strictObject({
  case: code,
  needs: referralFields.needs,
  directoryService: code,
  fields: referralFields.fields,
})
export type OfferInput = z.infer<typeof offerInput>

export const referralInput = z.strictObject({ referral: code })
export type ReferralInput = z.infer<typeof referralInput>

export const BOXES = ['in', 'out', 'desk'] as const
export type Box = (typeof BOXES)[number]

export const listReferralsInput = z.strictObject({
  box: z.enum(BOXES).default('in'),
  states: z.array(z.enum(REFERRAL_STATES)).optional(),
  case: code.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
})
export type ListReferralsInput = z.infer<typeof listReferralsInput>
export type ListToAnswerInput = Pick<ListReferralsInput, 'limit' | 'cursor'>

const day = z.iso.date({ error: 'ui.date.real' }).refine((typed) => typed >= '1900', { error: 'ui.date.early' })

const declineFields = {
  declineReason: z.enum(DECLINE_REASONS, { error: 'referrals.errors.decline' }),
  text: optionalText,
}

function checkDecline(
  { declineReason, text: said }: { declineReason: string; text?: string | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (declineReason === 'other' && said === undefined)
    context.addIssue({ code: 'custom', path: ['text'], message: 'referrals.errors.decline_text' })
}

/** A decline as a form sends it. */
export const declineForm = z.strictObject({ referral: code, ...declineFields }).superRefine(checkDecline)

export const decideFields = {
  decision: z.enum(IDENTIFICATION_STATUSES, { error: 'referrals.errors.decision' }),
  decidingBody: z.enum(DECIDING_BODIES, { error: 'referrals.errors.deciding_body' }),
  decidedOn: day,
  decisionReason: z.enum(DECISION_REASONS, { error: 'referrals.errors.decision_reason' }),
  text: optionalText,
}

/** Which reasons go with which decision, as the check of the column has it. */
export const REASONS_FOR: Readonly<Record<IdentificationStatus, readonly DecisionReason[]>> = {
  possible: ['reasonable_grounds', 'insufficient_information', 'other'],
  actual: ['elements_established', 'child', 'other'],
  not_a_victim: ['elements_not_established', 'insufficient_information', 'other_offence', 'other'],
}

function checkDecision(
  { decision, decisionReason }: { decision: IdentificationStatus; decisionReason: DecisionReason },
  context: z.core.$RefinementCtx,
): void {
  if (!REASONS_FOR[decision].includes(decisionReason))
    context.addIssue({ code: 'custom', path: ['decisionReason'], message: 'referrals.errors.reason_does_not_fit' })
}

/** A decision as a form sends it. */
export const decideForm = z.strictObject({ referral: code, ...decideFields }).superRefine(checkDecision)

/** What goes with each move. A move that takes nothing says so. */
export const MOVE_FIELDS = {
  send: z.strictObject({}),
  acknowledge: z.strictObject({}),
  'request-info': z.strictObject({ question: text }),
  'answer-info': z.strictObject({ answer: text }),
  accept: z.strictObject({
    needs: z.array(code).min(1, { error: 'referrals.errors.needs' }).max(20).optional(),
    startsOn: day.optional(),
  }),
  decline: z.strictObject(declineFields).superRefine(checkDecline),
  start: z.strictObject({}),
  confirm: z.strictObject({}),
  complete: z.strictObject({ outcome: text, text: optionalText }),
  decide: z.strictObject(decideFields).superRefine(checkDecision),
  withdraw: z.strictObject({}),
  close: z.strictObject({ feedback: z.enum(FEEDBACK, { error: 'referrals.errors.feedback' }).optional() }),
} as const satisfies Record<Move, z.ZodType>
export type MoveDetail<M extends Move> = z.output<(typeof MOVE_FIELDS)[M]>

export type ReferralNeedView = {
  /** Which one of its referral's it is: by this it is taken on. */
  readonly number: number
  /** For the sender, and for whoever took it on: before that it would join two referrals of one person. */
  readonly code: string | null
  readonly category: CategoryKey
  readonly type: string | null
  readonly accepted: boolean | null
}

/** A text that one side wrote to the other. */
export type ReferralTextView = {
  readonly kind: 'reason' | 'question' | 'answer' | 'decline' | 'outcome'
  readonly text: string
  readonly at: string
  readonly own: boolean
}

/** A decision on identification: what, by which body, on which day, why. No help depends on it. */
export type Decision = {
  readonly status: IdentificationStatus
  readonly body: string
  readonly on: string
  readonly reason: DecisionReason
}

/** A referral's skeleton as each side sees it. */
export type ReferralLine = {
  readonly code: string
  readonly kind: ReferralKind
  /** Whether the authority was asked without being told who it is about. */
  readonly anonymous: boolean
  /** The referral whose decision this one asks to look at again, and the one that asks so of this one. */
  readonly reconsiders: string | null
  readonly reconsideredBy: string | null
  readonly side: ReferralSide
  /** The case's code: for the sender, and for the receiver once accepted. */
  readonly case: string | null
  readonly state: ReferralState
  readonly urgency: ReferralUrgency
  readonly fromAgency: string
  readonly fromAgencyName: string
  readonly toAgency: string
  readonly toAgencyName: string
  readonly directoryService: string
  readonly serviceName: string
  readonly category: CategoryKey
  readonly type: string
  readonly needs: readonly ReferralNeedView[]
  readonly createdAt: string
  readonly sentAt: string | null
  readonly acknowledgedAt: string | null
  readonly answeredAt: string | null
  readonly startsOn: string | null
  readonly serviceSince: string | null
  readonly completedAt: string | null
  readonly endedAt: string | null
  readonly endedWhy: EndedWhy | null
  readonly declineReason: DeclineReason | null
  readonly outcome: Outcome | null
  readonly feedback: Feedback | null
  /** What the authority decided; null for whoever neither asked nor decides. */
  readonly decision: Decision | null
  readonly acknowledgeBy: string | null
  readonly decideBy: string | null
  readonly expiresAt: string | null
  readonly pausedAt: string | null
  readonly overdue: boolean
  /** By when somebody has to act, for screens; null when nobody has to. */
  readonly clock: ClockView | null
  readonly version: number
}

/** One fact that leaves, by its field. */
export type DisclosedField = { readonly field: FieldKey; readonly value: unknown }

/** A referral as its page and the API show it. */
export type ReferralView = ReferralLine & {
  /** What is seen before acceptance; null for whom it isn't, or when it isn't any more. */
  readonly preview: readonly DisclosedField[] | null
  readonly texts: readonly ReferralTextView[]
  /** What the receiving side may open now, and until when it may at most; null when it may not. */
  readonly package: { readonly fields: readonly FieldKey[]; readonly until: string | null } | null
  /** What goes along, for the sending team. */
  readonly fields: readonly FieldKey[]
  readonly may: readonly Move[]
  /** Whether the next step takes another member than the reader, who took the one before: a second look, or confirming. */
  readonly leftToAnother: boolean
  /** Until when a question stops the clock at most; null while none does. */
  readonly pauseEndsAt: string | null
  /** Whether a question is open whose pause is over: the clock runs, and it may still be answered. */
  readonly unanswered: boolean
  /** What a coordinator made of it; null for a referral that went the usual way. */
  readonly routing: RoutingView | null
  /** By which version of the network's working calendar its clock was counted; null before it was sent. */
  readonly calendarVersion: number | null
  /** What the coordinators did about it, the latest first. */
  readonly deskActs: readonly DeskActView[]
  /** Another text after each change that the page would show. */
  readonly mark: string
  readonly warnings?: readonly TextWarning[]
}

/** A coordinator's rerouting as each side knows it: the receiving side never learns of the other referral. */
export type RoutingView = {
  readonly rerouted: boolean
  /** Nothing of the person is shared yet: the sender's team has to share it on a basis, or to withdraw. */
  readonly awaitsBasis: boolean
  readonly from: string | null
  readonly to: string | null
  /** For the sender's team, what it would be for. */
  readonly needs: readonly string[]
}

export type ReferralPage = { readonly items: readonly ReferralLine[]; readonly nextCursor: string | null }

/** The package as it is opened. */
export type PackageView = {
  readonly code: string
  readonly case: string | null
  readonly version: number
  readonly fields: readonly DisclosedField[]
}

/** What lets a field go, and why one stays: the words of app.referral_basis_of. */
export type OfferBasis = 'consent' | 'public_task' | 'legal_duty' | 'vital_interest' | 'exception'
export type OfferReason =
  'never_leaves' | 'withheld' | 'beyond_level' | 'withdrawn' | 'refused' | 'not_asked' | 'no_agreement'

/** Whether a field may go along, and why not. */
export type OfferedField = {
  readonly field: FieldKey
  readonly part: 'preview' | 'package'
  readonly allowed: boolean
  readonly wanted: boolean
  readonly basis: OfferBasis | null
  readonly basisCode: string | null
  readonly until: string | null
  readonly reason: OfferReason | null
  /** What goes, where the sender may see it without a look at identity; null for what identifies. */
  readonly value: unknown
}

export type OfferView = {
  readonly case: string
  readonly person: string
  readonly service: {
    readonly code: string
    readonly name: string
    readonly agency: string
    readonly agencyName: string
  }
  readonly categories: readonly CategoryKey[]
  /** That of the most pressing need: what is proposed. */
  readonly urgency: ReferralUrgency
  readonly fields: readonly OfferedField[]
  /** Whether what the needs ask for may go: else why not. */
  readonly ready: boolean
  readonly why: 'no_agreement' | 'no_basis' | null
}
