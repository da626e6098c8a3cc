'use server'

import { keepAccessInput } from '@/lib/agencies/review-schema'
import { keepAccess } from '@/lib/agencies/review-service'
import { formAction } from '@/lib/forms/form-action'

/** Confirms that a member keeps what they hold, and goes back to those who wait. */
export const keepAccessAction = formAction(keepAccessInput, (actor, input) => keepAccess(actor, input), {
  onOk: (_, { review }) => ({ to: `/admin/access-review/${review}`, flash: { message: 'reviews.member.done' } }),
  reasons: { wrong_state: 'reviews.member.decided' },
})
