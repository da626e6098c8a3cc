import { z } from 'zod'

import { addNeedFields, changeNeedFields, NEED_STATES, type NeedView } from '@/lib/assistance/needs/schema'
import { isServiceTypeOf, type CategoryKey } from '@/lib/mandate/categories'

import { referralFields, type OfferedField, type ReferralUrgency } from '../schema'

const code = z.string().trim().min(1, { error: 'referrals.errors.code' }).max(64)

export const prepareTransferInput = z.strictObject({
  case: code,
  directoryService: code.optional(),
  fields: referralFields.fields,
})
export type PrepareTransferInput = z.infer<typeof prepareTransferInput>

/** The lead of a case for another agency: to the receivers of one of its listed services. It goes at once. */
export const transferLeadInput = z.strictObject({
  case: code,
  directoryService: z.string({ error: 'referrals.errors.receiver' }).trim().min(1).max(64),
  urgency: referralFields.urgency,
  reason: referralFields.reason,
  fields: referralFields.fields,
})
export type TransferLeadInput = z.infer<typeof transferLeadInput>

/** The same as the form sends it: what is seen at once goes along, and of the rest what is ticked. */
export const transferLeadForm = z
  .strictObject({
    ...transferLeadInput.shape,
    shown: referralFields.fields.default([]),
    fields: referralFields.fields.default([]),
  })
  .transform(({ shown, fields, ...rest }) => ({ ...rest, fields: [...shown, ...fields] }))

/** A need that whoever leads found, as on a case of their own. */
export const addLedNeedInput = z
  .strictObject({ referral: code, ...addNeedFields })
  .refine(({ category, type }) => type === undefined || isServiceTypeOf(category, type), {
    path: ['type'],
    error: 'mandate.errors.type',
  })
export type AddLedNeedInput = z.output<typeof addLedNeedInput>

const moveFields = {
  state: z.enum(NEED_STATES, { error: 'referrals.lead.errors.state' }),
  notMetReason: changeNeedFields.notMetReason,
  metOn: changeNeedFields.metOn,
}

function checkNotMet(
  { state, notMetReason }: { state: string; notMetReason?: string | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (state === 'not_met' && notMetReason === undefined)
    context.addIssue({ code: 'custom', path: ['notMetReason'], message: 'assistance.need.not_met.required' })
}

/** Where a need goes next; what can't be met says why. */
export const moveLedNeedInput = z
  .strictObject({ referral: code, need: code, version: z.coerce.number().int().positive(), ...moveFields })
  .superRefine(checkNotMet)
/** The same where address and `If-Match` name transfer, need and version. */
export const moveLedNeedBody = z.strictObject(moveFields).superRefine(checkNotMet)
export type MoveLedNeedInput = z.output<typeof moveLedNeedInput>

/** Who could take over the lead: a listed service whose receivers answer. */
export type PossibleLead = {
  readonly code: string
  readonly name: string
  readonly category: CategoryKey
  readonly type: string
  readonly agency: string
  readonly agencyName: string
}

/** Why the lead can't be offered now. */
export type NoTransfer = 'under_way' | 'leads_already' | 'no_agreement' | 'no_basis'

/** How the lead of a case stands, whom it could be handed to, and what that agency would see, field by field. */
export type TransferView = {
  readonly case: string
  readonly person: string
  /** Who leads; null while it is the holder. */
  readonly lead: { readonly agencyName: string; readonly transfer: string; readonly since: string } | null
  /** The transfer that waits for one side or the other. */
  readonly waiting: string | null
  readonly services: readonly PossibleLead[]
  readonly offer: {
    readonly service: PossibleLead
    readonly urgency: ReferralUrgency
    readonly fields: readonly OfferedField[]
    /** What stands against it; null when it can be sent. */
    readonly why: NoTransfer | null
  } | null
}

/** Another agency's case that the actor's agency leads. */
export type LedCaseLine = {
  readonly case: string
  readonly transfer: string
  readonly holder: string
  readonly holderName: string
  readonly since: string
  /** What may be worked on now. */
  readonly categories: readonly CategoryKey[]
  readonly needsOpen: number
}

/** A need of a case that the actor's agency leads. */
export type LedNeed = Pick<
  NeedView,
  'code' | 'category' | 'type' | 'urgency' | 'state' | 'foundOn' | 'contactDueAt' | 'version'
> & {
  /** Which agency found it. */
  readonly finder: string
}

export type LedCaseView = LedCaseLine & { readonly needs: readonly LedNeed[] }
