import 'server-only'
import type { Actor, RequestOrigin } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { passwords, PasswordsBusy } from '@/lib/platform/crypto/passwords'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countersFor } from './counters'
import { beginSignIn, findInvitation, markInvitationAccepted, markPasswordChanged } from './data'
import { findPasswordFault } from './password-rules'
import type { AcceptInvitationInput, ChangePasswordInput, InvitationView } from './schema'
import type { SignInRequest } from './sign-in'

/** Whom an invitation is for; null when it is used, too old, or never was. */
export async function viewInvitation(secret: string): Promise<InvitationView | null> {
  const found = await findInvitation(digestOf(secret))
  return found === null ? null : { email: found.email, displayName: found.displayName, agencyName: found.agencyName }
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
  const fault = faultOf(input.password, [invitation.email, invitation.displayName, invitation.agencyName])
  if (fault !== null) return refuse('invalid', undefined, { password: [fault] })
  return whileNotBusy(async () => {
    const accepted = await markInvitationAccepted(hash, await passwords.hash(input.password), origin)
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
  const fault = faultOf(input.password, [actor.email, actor.displayName, actor.agencyName])
  if (fault !== null) return refuse('invalid', undefined, { password: [fault] })
  return whileNotBusy(async () => {
    const counters = countersFor(actor.email, request.origin.networkPrefix, request.device)
    const begun = await beginSignIn(actor.email, counters)
    if (begun.waitSeconds > 0) return refuse('too_many', 'sign_in_wait')
    if (begun.passwordHash === null || !(await passwords.verify(begun.passwordHash, input.current))) {
      return refuse('invalid', undefined, { current: ['auth.password.current_wrong'] })
    }
    const verified = begun.passwordHash
    const newHash = await passwords.hash(input.password)
    return withActor(actor, async (tx) =>
      (await markPasswordChanged(tx, verified, newHash)) ? ok() : refuse('conflict', 'wrong_state'),
    )
  })
}

function faultOf(password: string, words: readonly string[]) {
  return findPasswordFault(password, { hasSecondFactor: false, words })
}

async function whileNotBusy(work: () => Promise<Result<undefined>>): Promise<Result<undefined>> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PasswordsBusy) return refuse('unavailable', 'sign_in_busy')
    throw error
  }
}
