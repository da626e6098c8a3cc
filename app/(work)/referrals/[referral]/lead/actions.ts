'use server'
import { formAction } from '@/lib/forms/form-action'
import { submitOnce } from '@/lib/forms/submit-once'
import { addLedNeed, findLedNeed, moveLedNeed } from '@/lib/referrals/transfer/lead-service'
import { addLedNeedInput, moveLedNeedInput } from '@/lib/referrals/transfer/schema'

/** Adds a need to a case that the agency leads. */
export const addLedNeedAction = formAction(
  addLedNeedInput,
  (actor, input, submission) =>
    submitOnce(actor, submission, {
      form: `led-need-${input.referral}`,
      input,
      run: () => addLedNeed(actor, input),
      again: (made) => findLedNeed(actor, { referral: input.referral, need: made }),
    }),
  {
    onOk: (_, { referral }) => ({ to: `/referrals/${referral}/lead`, flash: { message: 'referrals.lead.added' } }),
    reasons: { no_basis: 'referrals.lead.errors.no_basis' },
  },
)

/** Moves a need of a case that the agency leads. */
export const moveLedNeedAction = formAction(moveLedNeedInput, moveLedNeed, {
  onOk: (_, { referral }) => ({ to: `/referrals/${referral}/lead`, flash: { message: 'referrals.lead.moved' } }),
  reasons: { wrong_state: 'assistance.need.change.wrong_state' },
})
