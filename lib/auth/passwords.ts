import 'server-only'
import type { Actor, RequestOrigin } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { passwords, PasswordsBusy } from '@/lib/platform/crypto/passwords'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countersFor } from './counters'
import {
  beginSignIn,
  findInvitation,
  markInvitationAccepted,
  markPasswordChanged,
  type FoundInvitation,
  type NewPassword,
} from './data'
import { standsBesideFactor } from './factor-data'
import { findPasswordFault, standsAlone } from './password-rules'
import type { AcceptInvitationInput, ChangePasswordInput, InvitationView } from './schema'
import type { SignInRequest } from './sign-in'

/** Whom an invitation is for; null when it is used, too old, or never was. */
export async function viewInvitation(secret: string): Promise<InvitationView | null> {
  const found = await findInvitation(digestOf(secret))
  if (found === null) return null
  const { email, displayName, agencyName, besideFactor } = found
  return { email, displayName, agencyName, besideFactor }
}

/**
 * Joins: sets the password and uses the invitation up.
 *
 * Refuses with `invalid` a password that the rules don't take, and `not_found` an invitation that doesn't hold, whatever
 * the reason.
 */
export async function acceptInvitation(
  secret: string,
  input: Pick<AcceptInvitationInput, 'password'>,
  origin: RequestOrigin,
): Promise<Result<undefined>> {
  const hash = digestOf(secret)
  const invitation = await findInvitation(hash)
  if (invitation === null) return refuse('not_found', 'invitation_gone')
  const fault = passwordFault(input.password, invitation)
  if (fault !== null) return refuse('invalid', undefined, { password: [fault] })
  return whileNotBusy(async () => {
    const accepted = await markInvitationAccepted(hash, await newPassword(input.password), origin)
    return accepted ? ok() : refuse('not_found', 'invitation_gone')
  })
}

/**
 * Changes one's own password. Every session and token of the member ends with it, this one included: the caller starts
 * a new one. The present password is asked for, and counted like a sign-in.
 *
 * Refuses with `invalid` a wrong present password or a new one that the rules don't take, `too_many` after too many
 * tries, and `forbidden` a request that came with a token.
 */
export async function changePassword(
  actor: Actor,
  input: Pick<ChangePasswordInput, 'current' | 'password'>,
  request: SignInRequest,
): Promise<Result<undefined>> {
  if (actor.credential.kind !== 'session') return refuse('forbidden')
  const beside = await withActor(actor, async (tx) => ok(await standsBesideFactor(tx)))
  const fault = passwordFault(input.password, { ...actor, besideFactor: beside.ok && beside.value })
  if (fault !== null) return refuse('invalid', undefined, { password: [fault] })
  return whileNotBusy(async () => {
    const counters = countersFor(actor.email, request.origin.networkPrefix, request.device)
    const begun = await beginSignIn(actor.email, counters)
    if (begun.waitSeconds > 0) return refuse('too_many', 'sign_in_wait')
    if (begun.passwordHash === null || !(await passwords.verify(begun.passwordHash, input.current))) {
      return refuse('invalid', undefined, { current: ['auth.password.current_wrong'] })
    }
    const verified = begun.passwordHash
    const password = await newPassword(input.password)
    return withActor(actor, async (tx) =>
      (await markPasswordChanged(tx, verified, password)) ? ok() : refuse('conflict', 'wrong_state'),
    )
  })
}

type Whose = Pick<FoundInvitation, 'email' | 'displayName' | 'agencyName' | 'besideFactor'>

/** Why a password of this member isn't taken; shorter ones are where a second factor stands beside them (A02). */
export function passwordFault(password: string, { email, displayName, agencyName, besideFactor }: Whose) {
  return findPasswordFault(password, { hasSecondFactor: besideFactor, words: [email, displayName, agencyName] })
}

/** A new password as it is stored. Throws `PasswordsBusy`. */
export async function newPassword(password: string): Promise<NewPassword> {
  return { hash: await passwords.hash(password), standsAlone: standsAlone(password) }
}

/** Runs what checks or makes passwords; refuses with `unavailable` when too many are under way. */
export async function whileNotBusy(work: () => Promise<Result<undefined>>): Promise<Result<undefined>> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PasswordsBusy) return refuse('unavailable', 'sign_in_busy')
    throw error
  }
}
