import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { sealResetRequest } from '@/lib/access/reset-request'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findAdministered } from './administration-data'
import { findMember } from './member-data'
import { mayAdministerAgencies, mayAdministerMembers } from './member-policy'
import type { MemberInput } from './member-schema'
import {
  findFactorStateOf,
  insertResetFor,
  listSessionsOf,
  markAsksForFactor,
  markFactorsReset,
  markSessionOfEnded,
} from './member-security-data'
import type {
  FactorResetOutcome,
  MemberSecurityView,
  MemberSessionInput,
  SecondFactorInput,
} from './member-security-schema'

/** How a colleague signs in: their sessions, and that they have a second factor. Refuses as `viewMember` does. */
export async function viewMemberSecurity(actor: Actor, input: MemberInput): Promise<Result<MemberSecurityView>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const member = await findMember(tx, input.member, actor.agency)
    const factors = member === null ? null : await findFactorStateOf(tx, member.id)
    if (member === null || factors === null) return refuse('not_found')
    const sessions = await listSessionsOf(tx, member.id)
    await record(tx, { type: 'member.listed', subject: member.code, fields: ['sessions'] })
    return ok({ sessions, factors })
  })
}

/**
 * Ends a session of a colleague, whoever sits at it (requirement A12). No confirmation is asked: it takes something
 * away and opens nothing. Refuses with `not_found` what is over or another agency's.
 */
export async function endMemberSession(actor: Actor, input: MemberSessionInput): Promise<Result<undefined>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const member = await findMember(tx, input.member, actor.agency)
    if (member === null) return refuse('not_found')
    return (await markSessionOfEnded(tx, member.id, input.session)) ? ok() : refuse('not_found')
  })
}

/**
 * Sends a colleague a link to set a new password. The link goes to them alone: an administrator never learns it, nor
 * the password (requirement A13). Refuses with `step_up_required`, `not_found`, `conflict` one who has not joined.
 */
export async function sendPasswordReset(actor: Actor, input: MemberInput): Promise<Result<undefined>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const member = await findMember(tx, input.member, actor.agency)
    if (member === null) return refuse('not_found')
    const id = newId()
    const answer = await insertResetFor(tx, member.id, { id, sealed: sealResetRequest(id, member.email) })
    if (answer === 'ok') return ok()
    return answer === 'wrong_state' ? refuse('conflict', 'wrong_state') : refuse('not_found')
  })
}

/**
 * Removes a colleague's lost second factor, by two administrators: the first press asks, and another administrator's
 * within a day does it. The member is told of both; sessions and tokens end.
 *
 * Refuses with `step_up_required`, `not_found`, `forbidden` oneself and a second press by the same administrator, and
 * `conflict` a member without a second factor.
 */
export async function resetFactors(actor: Actor, input: MemberInput): Promise<Result<FactorResetOutcome>> {
  if (!mayAdministerMembers(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const member = await findMember(tx, input.member, actor.agency)
    if (member === null) return refuse('not_found')
    const answer = await markFactorsReset(tx, member.id)
    switch (answer) {
      case 'ok':
        return ok('removed')
      case 'asked':
        return ok('asked')
      case 'own_record':
      case 'second_person':
        return refuse('forbidden', answer)
      case 'wrong_state':
        return refuse('conflict', 'wrong_state')
      case 'step_up':
        return refuse('step_up_required')
      case 'not_found':
        return refuse('not_found')
    }
  })
}

/**
 * Says whether an agency asks its members for a second factor. It does unless a system administrator has said
 * otherwise, which the log keeps. Refuses with `forbidden`, `step_up_required` and `not_found`.
 */
export async function setSecondFactor(actor: Actor, input: SecondFactorInput): Promise<Result<undefined>> {
  if (!mayAdministerAgencies(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const agency = await findAdministered(tx, input.agency)
    if (agency === null) return refuse('not_found')
    const answer = await markAsksForFactor(tx, agency.id, input.required === 'yes')
    return answer === 'ok' ? ok() : refuse(answer === 'step_up' ? 'step_up_required' : answer)
  })
}
