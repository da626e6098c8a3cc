import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { mayReviewAccess } from './member-policy'
import { listReviewed, listReviews, markKept } from './review-data'
import type { AccessReviewView, KeepAccessInput, ReviewedMember } from './review-schema'

/** The reviews that the actor has to do with. Refuses with `forbidden` whoever administers nothing. */
export async function listAccessReviews(actor: Actor): Promise<Result<readonly AccessReviewView[]>> {
  if (!mayReviewAccess(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const reviews = await listReviews(tx)
    await record(tx, { type: 'access-review.listed' })
    return ok(reviews)
  })
}

export type OpenedReview = AccessReviewView & { readonly members: readonly ReviewedMember[] }

/** One review with its members, those who wait first. Refuses with `forbidden` and `not_found`. */
export async function viewAccessReview(
  actor: Actor,
  input: { readonly review: string },
): Promise<Result<OpenedReview>> {
  if (!mayReviewAccess(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const code = parseCode(input.review, 'ARV')
    const review = (await listReviews(tx)).find((one) => one.code === code)
    if (review === undefined) return refuse('not_found')
    const members = await listReviewed(tx, review.code)
    await record(tx, { type: 'access-review.listed', subject: review.code })
    return ok({ ...review, members })
  })
}

/**
 * Confirms that a member keeps what they hold. Changing or removing them is done where members are administered, and
 * counts as the answer of the review that is open.
 *
 * Refuses with `forbidden`, `step_up_required`, `not_found` a member who isn't the actor's to review (themselves, above
 * all), and `conflict` one who has been decided on.
 */
export async function keepAccess(actor: Actor, input: KeepAccessInput): Promise<Result<undefined>> {
  if (!mayReviewAccess(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const answer = await markKept(tx, input)
    if (answer === 'ok') return ok()
    if (answer === 'step_up') return refuse('step_up_required')
    return answer === 'wrong_state' ? refuse('conflict', 'wrong_state') : refuse('not_found')
  })
}
