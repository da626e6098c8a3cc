import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { mayHoldTogether } from '@/lib/access/permissions'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { pastDeadlocks } from '@/lib/platform/db/past-deadlocks'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { refusalOf } from './member-answers'
import {
  findMember,
  findMemberCode,
  findMemberId,
  insertInvited,
  listMembersOf,
  listUnitsOf,
  markChanged,
  markDeactivated,
  markInvitedAgain,
} from './member-data'
import { mayAdministerMembers } from './member-policy'
import { rolesOfKind } from './member-rules'
import type {
  ChangeMemberInput,
  InvitationSecret,
  InviteMemberInput,
  MemberInput,
  MembersView,
  MemberView,
} from './member-schema'

/** The members of the actor's own agency. Refuses with `forbidden` whoever doesn't administer it. */
export async function listMembers(actor: Actor): Promise<Result<MembersView>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const members = await listMembersOf(tx, actor.agency)
    const units = await listUnitsOf(tx, actor.agency)
    await record(tx, { type: 'member.listed' })
    return ok({ members, units, roles: rolesOfKind(actor.agencyKind) })
  })
}

/** One member of the actor's own agency. Refuses as `listMembers`, and with `not_found` any other code. */
export async function viewMember(
  actor: Actor,
  input: MemberInput,
): Promise<Result<MemberView & Pick<MembersView, 'units'> & { readonly choices: MembersView['roles'] }>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const member = await findMember(tx, input.member, actor.agency)
    if (member === null) return refuse('not_found')
    const { id: _id, ...view } = member
    const units = await listUnitsOf(tx, actor.agency)
    await record(tx, { type: 'member.listed', subject: view.code })
    return ok({ ...view, units, choices: rolesOfKind(actor.agencyKind) })
  })
}

/**
 * Invites a colleague into the actor's own agency; gives the secret of the link, which is stored as a digest only.
 *
 * Refuses with `forbidden` whoever doesn't administer the agency, `invalid` roles that don't go together or don't fit
 * the agency, a unit of another agency, and `conflict` an address that a member has already.
 */
export async function inviteMember(actor: Actor, input: InviteMemberInput): Promise<Result<InvitationSecret>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  if (!mayHoldTogether(input.roles)) return refuse('invalid', 'roles', { roles: ['agencies.member.roles.together'] })
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const secret = newSecret()
    const { email, name, roles, unit = null } = input
    const member = { id: newId(), agency: actor.agency, email, name, roles, unit }
    const refused = refusalOf(await insertInvited(tx, member, digestOf(secret)))
    if (refused !== null) return refused
    return ok({ member: await findMemberCode(tx, member.id), secret })
  })
}

/**
 * Gives someone who hasn't joined yet, or who left and comes back, a new link; the one before stops working.
 * Refuses with `not_found` members of other agencies, `conflict` one who is active.
 */
export async function reinviteMember(actor: Actor, input: MemberInput): Promise<Result<InvitationSecret>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const id = await findMemberId(tx, input.member)
    if (id === null) return refuse('not_found')
    const secret = newSecret()
    return refusalOf(await markInvitedAgain(tx, id, digestOf(secret))) ?? ok({ member: input.member, secret })
  })
}

/**
 * Changes a colleague's name, roles or unit; with roles or unit their sessions and tokens end at once.
 *
 * Refuses with `not_found` members of other agencies, `forbidden` one's own record (trap T13), `invalid` roles that
 * don't go together, and `stale` when the member changed since `version`.
 */
export async function changeMember(actor: Actor, input: ChangeMemberInput): Promise<Result<undefined>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  if (!mayHoldTogether(input.roles)) return refuse('invalid', 'roles', { roles: ['agencies.member.roles.together'] })
  return pastDeadlocks(() =>
    withActor(actor, async (tx) => {
      const stale = await requireFresh(tx)
      if (stale !== null) return stale
      const id = await findMemberId(tx, input.member)
      if (id === null) return refuse('not_found')
      const { name, roles, unit = null, version } = input
      return refusalOf(await markChanged(tx, id, { name, roles, unit, version })) ?? ok()
    }),
  )
}

/**
 * Removes a colleague: sessions, tokens and open invitations end in the same moment, what they wrote stays.
 * Refuses with `not_found` members of other agencies, `forbidden` oneself, `conflict` one who has left.
 */
export async function deactivateMember(actor: Actor, input: MemberInput): Promise<Result<undefined>> {
  return pastDeadlocks(() => withActor(actor, (tx) => deactivateMemberIn(tx, actor, input)))
}

/** The same inside a transaction. */
export async function deactivateMemberIn(tx: ActorTx, actor: Actor, input: MemberInput): Promise<Result<undefined>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  const stale = await requireFresh(tx)
  if (stale !== null) return stale
  const id = await findMemberId(tx, input.member)
  if (id === null) return refuse('not_found')
  return refusalOf(await markDeactivated(tx, id)) ?? ok()
}
