import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { passwords, PasswordsBusy } from '@/lib/platform/crypto/passwords'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { markConfirmedWithPassword } from './confirm-data'
import { countersFor } from './counters'
import { beginSignIn, recordRefusedSignIn } from './data'
import type { SignInRequest, StartedSession } from './sign-in'

/**
 * Confirms with the password that it is still the member who sits there. The session goes on under a new id, which is
 * given back, and is fresh for five minutes (requirements A08, A11). Counted like a sign-in.
 *
 * Refuses with `invalid` a wrong password, `too_many` after too many tries, `unavailable` when too many passwords are
 * being checked already, and `forbidden` a request that came with a token.
 */
export async function confirmWithPassword(
  actor: Actor,
  password: string,
  request: SignInRequest,
): Promise<Result<StartedSession>> {
  if (actor.credential.kind !== 'session') return refuse('forbidden')
  const counters = countersFor(actor.email, request.origin.networkPrefix, request.device)
  const begun = await beginSignIn(actor.email, counters)
  if (begun.waitSeconds > 0) {
    await recordRefusedSignIn(begun.member, 'too_many', request.origin)
    return refuse('too_many', 'sign_in_wait')
  }
  try {
    if (begun.passwordHash !== null && (await passwords.verify(begun.passwordHash, password))) {
      const session = newSecret()
      const renewed = { old: actor.credential.hash, renewed: digestOf(session) }
      if (await markConfirmedWithPassword(renewed, begun.passwordHash, counters, request.origin)) return ok({ session })
    }
  } catch (error) {
    if (error instanceof PasswordsBusy) return refuse('unavailable', 'sign_in_busy')
    throw error
  }
  await recordRefusedSignIn(begun.member, 'wrong', request.origin)
  return refuse('invalid', undefined, { password: ['auth.password.current_wrong'] })
}
