import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { pastDeadlocks } from '@/lib/platform/db/past-deadlocks'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countLeaverCases, listReceivers, markReceiver } from './leaver-data'
import { findMember, findMemberId } from './member-data'
import { mayAdministerMembers, mayAdministerUnits } from './member-policy'
import type { LeaverView, MemberInput, NameReceiverInput, RemoveMemberInput } from './member-schema'
import { deactivateMemberIn } from './member-service'

/**
 * A member about to be removed, or who has left: how many of their open cases wait or would, and who could take over.
 * Refuses with `forbidden` whoever doesn't administer the agency, `not_found` members of another.
 */
export async function viewLeaver(actor: Actor, input: MemberInput): Promise<Result<LeaverView>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const member = await findMember(tx, input.member, actor.agency)
    if (member === null) return refuse('not_found')
    const { id, ...view } = member
    const { waiting, shared, supervised } = await countLeaverCases(tx, id)
    const receivers = mayAdministerUnits(actor) ? await listReceivers(tx, id, member.unit?.id ?? null) : []
    await record(tx, { type: 'member.listed', subject: view.code })
    return ok({
      ...view,
      waiting,
      shared,
      isSupervised: supervised,
      receivers: receivers.map(({ code, name }) => ({ code, name })),
    })
  })
}

/**
 * Removes a colleague: what they could open is closed in the same moment. Cases that others work on pass to them, the
 * rest wait on the list of the unit's supervisor, and `receiver` gets what would be in nobody's sight.
 *
 * Refuses as `deactivateMember`, and with `invalid` a receiver who has no case role or is the one who asks.
 */
export async function removeMember(actor: Actor, input: RemoveMemberInput): Promise<Result<undefined>> {
  return pastDeadlocks(() =>
    withActor(actor, async (tx) => {
      const removed = await deactivateMemberIn(tx, actor, { member: input.member })
      if (!removed.ok || input.receiver === undefined) return removed
      return nameReceiverIn(tx, { member: input.member, receiver: input.receiver })
    }),
  )
}

/**
 * Says who takes over what only somebody who left, or who has no case role any more, could see. The answer is the same
 * whether there was anything or not. Refuses with `forbidden`, `not_found`, `conflict` while the member works on cases,
 * `invalid` a receiver as for `removeMember`.
 */
export async function nameReceiver(actor: Actor, input: NameReceiverInput): Promise<Result<undefined>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => (await requireFresh(tx)) ?? nameReceiverIn(tx, input))
}

async function nameReceiverIn(tx: ActorTx, input: NameReceiverInput): Promise<Result<undefined>> {
  const leaver = await findMemberId(tx, input.member)
  const receiver = await findMemberId(tx, input.receiver)
  if (leaver === null) return refuse('not_found')
  const answer = receiver === null ? 'receiver' : await markReceiver(tx, leaver, receiver)
  switch (answer) {
    case 'ok':
      return ok()
    case 'not_found':
      return refuse('not_found')
    case 'wrong_state':
      return refuse('conflict', 'works_on_cases')
    default:
      return refuse('invalid', answer, { receiver: ['agencies.remove.receiver.required'] })
  }
}
