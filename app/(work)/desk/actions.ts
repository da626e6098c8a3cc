'use server'
import { formAction } from '@/lib/forms/form-action'
import { askInput, deskReferralInput, rerouteInput } from '@/lib/referrals/desk/schema'
import { askSide, escalateReferral, remindReceivers, rerouteReferral } from '@/lib/referrals/desk/service'

const REASONS = {
  wrong_state: 'desk.errors.wrong_state',
  too_soon: 'desk.errors.too_soon',
  no_service: 'desk.errors.service',
}
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

/** Asks another listed service instead; the sender's team decides what goes there. */
export const rerouteAction = formAction(rerouteInput, rerouteReferral, {
  onOk: ({ made }) => ({ to: `/desk/${made}`, flash: { message: 'desk.done.rerouted' } }),
  reasons: REASONS,
})
