import { z } from 'zod'

import { LOCALES } from '@/lib/access/actor'
import type { NeedToRefer } from '@/lib/assistance/needs/schema'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'

import {
  DECLINE_REASONS,
  OUTCOMES,
  REFERRAL_URGENCIES,
  referralFields,
  type DeclineReason,
  type DisclosedField,
  type OfferedField,
  type Outcome,
  type ReferralUrgency,
} from '../schema'

/** To an agency without Amparo, or from one. */
export const DIRECTIONS = ['out', 'in'] as const
export type Direction = (typeof DIRECTIONS)[number]

export const PAPER_STATES = [
  'prepared',
  'handed_over',
  'received',
  'acknowledged',
  'accepted',
  'declined',
  'completed',
  'withdrawn',
] as const
export type PaperState = (typeof PAPER_STATES)[number]

/** What happens to a form after it was prepared or came in. */
export const PAPER_STEPS = ['handed_over', 'acknowledged', 'accepted', 'declined', 'completed', 'withdrawn'] as const
export type PaperStep = (typeof PAPER_STEPS)[number]

export const HANDED_OVER = ['by_hand', 'sealed_envelope', 'phone'] as const
export type HandedOver = (typeof HANDED_OVER)[number]

/** What a form that came in says of consent. */
export const CONSENT_SAYS = ['signed', 'spoken', 'guardian', 'nothing'] as const
export type ConsentSays = (typeof CONSENT_SAYS)[number]

const code = z.string().trim().min(1, { error: 'referrals.errors.code' }).max(64)
const day = z.iso.date({ error: 'ui.date.real' })
const urgency = z.enum(REFERRAL_URGENCIES, { error: 'referrals.errors.urgency' })

/** What the sender is shown before a form is prepared. */
export const offerPaperInput = z.strictObject({
  case: code,
  needs: z.array(code).max(20).default([]),
  agency: z.string().trim().min(1).max(60).optional(),
})
export type OfferPaperInput = z.output<typeof offerPaperInput>

export const preparePaperInput = z.strictObject({
  case: code,
  needs: referralFields.needs,
  agency: z.string({ error: 'referrals.paper.errors.agency' }).trim().min(1).max(60),
  urgency,
  /** What stands on the form beside the needs; nothing that something living doesn't cover. */
  fields: referralFields.fields.default([]),
})
export type PreparePaperInput = z.output<typeof preparePaperInput>

/** A form to be printed, in the language that its reader reads. */
export const printPaperForm = z.strictObject({
  paper: code,
  language: z.enum(LOCALES, { error: 'errors.field.choose' }),
})

export const paperInput = z.strictObject({ paper: code })
export type PaperInput = z.infer<typeof paperInput>

/** A form that came on paper, typed in: on a case that is there, or on a new one of a new person. */
export const takeInPaperInput = z
  .strictObject({
    case: code.optional(),
    agency: z.string().trim().max(60).optional(),
    agencyName: z.string().trim().max(120, { error: 'referrals.errors.too_long' }).optional(),
    receivedOn: day,
    urgency,
    categories: z
      .array(z.enum(CATEGORY_KEYS), { error: 'referrals.errors.needs' })
      .min(1, { error: 'referrals.paper.errors.categories' })
      .max(CATEGORY_KEYS.length),
    consentSays: z.enum(CONSENT_SAYS, { error: 'referrals.paper.errors.consent_says' }),
  })
  .refine(({ agency, agencyName }) => Boolean(agency) !== Boolean(agencyName), {
    path: ['agencyName'],
    error: 'referrals.paper.errors.from',
  })
export type TakeInPaperInput = z.output<typeof takeInPaperInput>

const stepFields = {
  version: z.coerce.number().int().positive(),
  step: z.enum(PAPER_STEPS, { error: 'referrals.paper.errors.step' }),
  happenedOn: day,
  way: z.enum(HANDED_OVER, { error: 'referrals.paper.errors.way' }).optional(),
  declineReason: z.enum(DECLINE_REASONS, { error: 'referrals.errors.decline' }).optional(),
  outcome: z.enum(OUTCOMES, { error: 'referrals.errors.outcome' }).optional(),
}

/** What goes with a step depends on which it is; what doesn't belong to it stays out. */
function checkStep(
  { step, ...given }: { step: PaperStep; way?: unknown; declineReason?: unknown; outcome?: unknown },
  context: z.core.$RefinementCtx,
): void {
  const asks = (path: 'way' | 'declineReason' | 'outcome', of: PaperStep, message: string) => {
    if (step === of && given[path] === undefined) context.addIssue({ code: 'custom', path: [path], message })
  }
  asks('way', 'handed_over', 'referrals.paper.errors.way')
  asks('declineReason', 'declined', 'referrals.errors.decline')
  asks('outcome', 'completed', 'referrals.errors.outcome')
}

/** A step with the day on which it happened. */
export const stepPaperInput = z.strictObject({ paper: code, ...stepFields }).superRefine(checkStep)
/** The same where the address names the form. */
export const stepPaperBody = z.strictObject(stepFields).superRefine(checkStep)
export type StepPaperInput = z.output<typeof stepPaperInput>

/** An agency without Amparo, and how to reach it. */
export type PaperAgency = { readonly key: string; readonly name: string; readonly contact: string }

/** What stands before a form is prepared: the needs, the agencies, and for a chosen one what may stand on it. */
export type PaperOffer = {
  readonly case: string
  readonly person: string
  readonly needs: readonly NeedToRefer[]
  readonly chosen: readonly string[]
  readonly agencies: readonly PaperAgency[]
  readonly agency: PaperAgency | null
  readonly fields: readonly OfferedField[]
  /** Whether the needs themselves may be told. */
  readonly ready: boolean
}

export type PaperStepView = {
  readonly step: PaperStep | 'received'
  readonly happenedOn: string
  readonly enteredAt: string
  readonly way: HandedOver | null
  readonly declineReason: DeclineReason | null
  readonly outcome: Outcome | null
}

export type PaperLine = {
  readonly code: string
  readonly direction: Direction
  readonly case: string
  readonly otherAgency: string | null
  readonly otherName: string
  readonly urgency: ReferralUrgency
  readonly categories: readonly CategoryKey[]
  readonly state: PaperState
  readonly createdAt: string
  readonly version: number
}

/** A form as its page and the API show it. */
export type PaperView = PaperLine & {
  readonly person: string
  readonly contact: string | null
  readonly needs: readonly string[]
  readonly fields: readonly string[]
  readonly consentSays: ConsentSays | null
  readonly steps: readonly PaperStepView[]
  readonly may: readonly PaperStep[]
  readonly mayPrint: boolean
}

/** What stands on a form that was just printed. */
export type PrintedPaper = PaperView & {
  readonly fromAgency: string
  readonly on: string
  readonly facts: readonly DisclosedField[]
}
