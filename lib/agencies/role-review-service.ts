import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { mayReviewAccess } from './member-policy'
import { decideRoles, listRoleChanges } from './role-review-data'
import type { ReviewRolesInput, RoleReviewView } from './role-review-schema'

/**
 * The changes of roles that need a second person: all for the system administrator, their own agency's for its
 * administrators. Refuses with `forbidden` whoever administers nothing.
 */
export async function listRoleReviews(actor: Actor): Promise<Result<readonly RoleReviewView[]>> {
  if (!mayReviewAccess(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const reviews = await listRoleChanges(tx)
    await record(tx, { type: 'role-review.listed' })
    return ok(reviews)
  })
}

/** One change of roles. Refuses with `forbidden` and `not_found`. */
export async function viewRoleReview(
  actor: Actor,
  input: { readonly review: string },
): Promise<Result<RoleReviewView>> {
  if (!mayReviewAccess(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const code = parseCode(input.review, 'RRV')
    const review = (await listRoleChanges(tx)).find((one) => one.code === code)
    if (review === undefined) return refuse('not_found')
    await record(tx, { type: 'role-review.listed', subject: review.code })
    return ok(review)
  })
}

/**
 * Says whether a change of roles should have been made. Where it shouldn't, the agency's administrators are told, who
 * alone may put it back.
 *
 * Refuses with `forbidden`, `step_up_required`, `not_found` a change that isn't the actor's to review, and `conflict` one
 * that has been reviewed.
 */
export async function reviewRoles(actor: Actor, input: ReviewRolesInput): Promise<Result<undefined>> {
  if (!mayReviewAccess(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const answer = await decideRoles(tx, input)
    if (answer === 'ok') return ok()
    if (answer === 'step_up') return refuse('step_up_required')
    return answer === 'wrong_state' ? refuse('conflict', 'wrong_state') : refuse('not_found')
  })
}
