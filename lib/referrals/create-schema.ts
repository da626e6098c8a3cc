import { z } from 'zod'

import { referForIdentificationInput } from './identification/schema'
import { createReferralInput, REFERRAL_KINDS, referralFields, type ReferralKind } from './schema'
import { transferLeadInput } from './transfer/schema'

const code = z.string().trim().min(1, { error: 'referrals.errors.code' }).max(64)

const INPUT_OF = {
  help: createReferralInput,
  identification: referForIdentificationInput,
  transfer: transferLeadInput,
} as const satisfies Record<ReferralKind, z.ZodType>

/** A new referral as a program sends it: for help, or with `kind` to the authority, or for another agency to take over the lead. */
export const createReferralBody = z
  .strictObject({
    kind: z.enum(REFERRAL_KINDS).default('help'),
    case: code,
    needs: referralFields.needs.optional(),
    urgency: referralFields.urgency,
    reason: referralFields.reason,
    fields: referralFields.fields,
    toAgency: z.string().trim().min(1).max(60).optional(),
    directoryService: code.optional(),
    send: z.boolean().optional(),
    anonymous: z.boolean().optional(),
    reconsiders: code.optional(),
  })
  .superRefine(({ kind, ...given }, context) => {
    const parsed = INPUT_OF[kind].safeParse(given)
    for (const { path, message } of parsed.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [...path], message })
  })
