'use server'

import { reviewRolesInput } from '@/lib/agencies/role-review-schema'
import { reviewRoles } from '@/lib/agencies/role-review-service'
import { formAction } from '@/lib/forms/form-action'

/** Says whether a change of roles should have been made, and goes back to those that wait. */
export const reviewRolesAction = formAction(reviewRolesInput, (actor, input) => reviewRoles(actor, input), {
  onOk: () => ({ to: '/admin/role-reviews', flash: { message: 'reviews.roles.done' } }),
  reasons: { wrong_state: 'reviews.roles.decided' },
})
