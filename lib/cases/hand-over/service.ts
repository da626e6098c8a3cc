import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countWaiting, listReceivers, listWaiting, markHandedOver, type ReceiverRow } from './data'
import { shareOut } from './rules'
import { AT_ONCE, BATCH, PAGE, type HandOverDone, type HandOverInput, type HandOverView } from './schema'

/**
 * The cases of the supervisor's unit that wait for a new team, and who could take them. Restricted ones are not among
 * them: an administrator names who gets those. Refuses with `forbidden` whoever leads no team.
 */
export async function viewHandOver(actor: Actor): Promise<Result<HandOverView>> {
  if (!holds(actor, 'team:lead')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const rows = await listWaiting(tx, PAGE)
    const receivers = await listReceivers(tx)
    await record(tx, { type: 'hand-over.listed' })
    return ok({
      cases: rows.map(({ id: _id, ...view }) => view),
      total: await countWaiting(tx),
      receivers: receivers.map(({ id: _id, ...view }) => view),
    })
  })
}

/** How many cases wait for the supervisor. */
export function countWaitingIn(tx: ActorTx): Promise<number> {
  return countWaiting(tx)
}

/**
 * Hands over the cases chosen, or all that wait, to the members named, by load. Works in batches, each of them a
 * transaction of its own with an event for every case: one that fails leaves those before it done and the rest on the
 * list, and the same request again goes on where this one stopped.
 *
 * Refuses with `forbidden` whoever leads no team, and a token; `invalid` members who have no case role.
 */
export async function handOver(actor: Actor, input: HandOverInput): Promise<Result<HandOverDone>> {
  let done = 0
  for (;;) {
    const batch = await handOverBatch(actor, input)
    if (!batch.ok) return batch
    done += batch.value.done
    const isAll = input.scope === 'all'
    if (batch.value.done === 0 || batch.value.left === 0 || !isAll || done >= AT_ONCE)
      return ok({ done, left: batch.value.left })
  }
}

/** One batch of a hand-over, in one transaction. Refuses as `handOver`. */
export async function handOverBatch(actor: Actor, input: HandOverInput): Promise<Result<HandOverDone>> {
  if (!holds(actor, 'team:lead') || actor.credential.kind === 'token') return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const receivers = await receiversNamed(tx, input.members)
    if (receivers === null) return refuse('invalid', 'members', { members: ['staffing.hand_over.members.required'] })
    const rows = await listWaiting(tx, BATCH, input.scope === 'all' ? undefined : input.cases)
    const pairs = shareOut(
      rows.map(({ id }) => id),
      receivers.map(({ id, load }) => ({ member: id, load })),
    )
    const done = pairs.length === 0 ? 0 : await markHandedOver(tx, pairs)
    return ok({ done, left: await countWaiting(tx) })
  })
}

/** The members behind the codes; null when one is nobody who works on cases here. */
async function receiversNamed(tx: ActorTx, codes: readonly string[]): Promise<readonly ReceiverRow[] | null> {
  const named = (await listReceivers(tx)).filter(({ code }) => codes.includes(code))
  return named.length === new Set(codes).size ? named : null
}
