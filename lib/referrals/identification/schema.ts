import { z } from 'zod'

import { referralFields, type OfferedField, type ReferralLine } from '../schema'

const code = z.string().trim().min(1, { error: 'referrals.errors.code' }).max(64)

/** Who a case is about may stay unsaid; of a reconsideration the first referral says so already. */
export const offerIdentificationInput = z.strictObject({
  case: code,
  anonymous: z.boolean().default(false),
  reconsiders: code.optional(),
  fields: referralFields.fields,
})
export type OfferIdentificationInput = z.infer<typeof offerIdentificationInput>

export const referForIdentificationInput = offerIdentificationInput.extend({ reason: referralFields.reason })
export type ReferForIdentificationInput = z.infer<typeof referForIdentificationInput>

/** The same as the form sends it: what is seen at once goes along, and of the rest what is ticked. */
export const referForIdentificationForm = z
  .strictObject({
    case: code,
    anonymous: z.enum(['yes', 'no']).default('no'),
    reconsiders: code.optional(),
    reason: referralFields.reason,
    shown: referralFields.fields.default([]),
    fields: referralFields.fields.default([]),
  })
  .transform(({ shown, fields, anonymous, ...rest }) => ({
    ...rest,
    anonymous: anonymous === 'yes',
    fields: [...shown, ...fields],
  }))

/** The body that decides on identification in a network, by its listed service. */
export type Authority = {
  readonly agency: string
  readonly agencyName: string
  readonly service: string
  readonly serviceName: string
}

/** Why nobody can be asked now: no authority named, it is the agency's own, a question lies there, nothing is allowed. */
export type NotNow = 'no_authority' | 'own_authority' | 'already_asked' | 'not_decided' | 'case_closed' | 'no_basis'

/** What the authority would see of a case, field by field, before it is asked. */
export type IdentificationOffer = {
  readonly case: string
  readonly person: string
  readonly authority: Authority
  readonly anonymous: boolean
  readonly reconsiders: string | null
  readonly fields: readonly OfferedField[]
  readonly why: NotNow | null
}

/** What was asked of the authority about a case, the latest first, and who would be asked now. */
export type IdentificationHistory = {
  readonly authority: Authority | null
  /** Why it can't be asked now; null when it can. */
  readonly why: NotNow | null
  readonly items: readonly ReferralLine[]
}
