import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor } from '@/lib/access/with-actor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findGiven, markGiven } from './permission-data'
import { mayGivePermission } from './policy'
import type { GivePermissionInput } from './schema'

/** Whether a colleague may share without consent, for the agency's administrator. Refuses with `forbidden`, `not_found`. */
export async function viewSharingPermission(
  actor: Actor,
  input: { readonly member: string },
): Promise<Result<{ readonly given: boolean }>> {
  if (!mayGivePermission(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const found = await findGiven(tx, input.member)
    return found === null ? refuse('not_found') : ok(found)
  })
}

/**
 * Lets a colleague share without consent, or takes that back. Refuses with `forbidden` all but the agency's
 * administrator, who gives it to nobody but others, `step_up_required`, `not_found`.
 */
export async function giveSharingPermission(actor: Actor, input: GivePermissionInput): Promise<Result<undefined>> {
  if (!mayGivePermission(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const answer = await markGiven(tx, input.member, input.given === 'yes')
    return answer === 'ok' ? ok() : refuse(answer)
  })
}
