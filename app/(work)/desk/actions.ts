'use server'
import { formAction } from '@/lib/forms/form-action'
import { askInput, deskReferralInput } from '@/lib/referrals/desk/schema'
import { askSide, escalateReferral, remindReceivers } from '@/lib/referrals/desk/service'

const REASONS = { wrong_state: 'desk.errors.wrong_state', too_soon: 'desk.errors.too_soon' }
const back =
  (message: string) =>
  ({ referral }: { readonly referral: string }) => ({
    to: `/desk/${referral}`,
    flash: { message },
  })

/** Reminds whoever answers. */
export const remindAction = formAction(deskReferralInput, remindReceivers, {
  onOk: back('desk.done.reminded'),
  reasons: REASONS,
})

/** Asks one side something in words to choose from. */
export const askAction = formAction(askInput, askSide, { onOk: back('desk.done.asked'), reasons: REASONS })

/** Tells those above whoever answers. */
export const escalateAction = formAction(deskReferralInput, escalateReferral, {
  onOk: back('desk.done.escalated'),
  reasons: REASONS,
})
