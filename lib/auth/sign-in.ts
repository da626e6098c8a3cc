import 'server-only'
import type { RequestOrigin } from '@/lib/access/actor'
import { needsRehash, passwords, PasswordsBusy } from '@/lib/platform/crypto/passwords'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countersFor } from './counters'
import { beginSignIn, completeSignIn, markSessionEnded, recordRefusedSignIn } from './data'
import type { SignInInput } from './schema'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'

/** What is known of the request beside its input: where it came from, and the mark of a browser known from before. */
export type SignInRequest = { readonly origin: RequestOrigin; readonly device?: string | undefined }

/** The id of a session just started. It goes into the cookie and nowhere else. */
export type StartedSession = { readonly session: string }

/**
 * Signs a member in: every way in, next-auth's own endpoint included, comes through here.
 *
 * An unknown address, a member who may not sign in and a wrong password are one case: the same two statements, one
 * verification of a password, the same answer (requirement A06).
 *
 * Refuses with `forbidden` when address and password don't fit, `too_many` while a counter is closed, and
 * `unavailable` when too many passwords are being checked already.
 */
export async function signIn(input: SignInInput, request: SignInRequest): Promise<Result<StartedSession>> {
  const counters = countersFor(input.email, request.origin.networkPrefix, request.device)
  const begun = await beginSignIn(input.email, counters)
  if (begun.waitSeconds > 0) {
    await recordRefusedSignIn(begun.member, 'too_many', request.origin)
    return refuse('too_many', 'sign_in_wait')
  }
  try {
    const fits = await passwords.verify(begun.passwordHash, input.password)
    if (fits && begun.member !== null && begun.passwordHash !== null) {
      const session = newSecret()
      const newPasswordHash = needsRehash(begun.passwordHash) ? await passwords.hash(input.password) : null
      const verified = { member: begun.member, passwordHash: begun.passwordHash }
      if (await completeSignIn(verified, { hash: digestOf(session), newPasswordHash }, counters, request.origin)) {
        return ok({ session })
      }
    }
  } catch (error) {
    if (error instanceof PasswordsBusy) return refuse('unavailable', 'sign_in_busy')
    throw error
  }
  await recordRefusedSignIn(begun.member, 'wrong', request.origin)
  return refuse('forbidden', 'sign_in_wrong')
}

/** Ends a session by its id. Ending one that has ended already is no fault. */
export async function signOut(session: string, origin: RequestOrigin): Promise<void> {
  await markSessionEnded(digestOf(session), origin)
}
