import 'server-only'
import type { Actor, RequestOrigin } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import { factorCounters } from './counters'
import { recordRefusedSignIn } from './data'
import {
  deleteOwnFactor,
  findPendingApp,
  findSignInState,
  insertPendingApp,
  listFactors,
  markAppConfirmed,
  markAppShown,
  markRecoveryCodeShown,
  replaceRecoveryCodes,
  takeTries,
  type EnrolAnswer,
} from './factor-data'
import { appAddress, newAppSecret, newRecoveryCode, readCode, RECOVERY_CODES, stepOfCode } from './factor-rules'
import { openAppSecret, recoveryDigest, recoveryDigests, sealAppSecret } from './factor-secrets'
import type { FactorView, PendingAppView, SignInState } from './factor-schema'
import type { SignInRequest, StartedSession } from './sign-in'

/** What is known of a session that may still lack its second factor; null when it is over. */
export function signInState(session: string): Promise<SignInState | null> {
  return findSignInState(digestOf(session))
}

/** Whether a session opens nothing yet but the pages of the second factor (requirement A01). */
export function isWaiting(state: SignInState): boolean {
  return state.strength < state.required
}

/** A session and the new id that it goes on under. */
export function renewalOf(session: string) {
  const renewed = newSecret()
  return { session: renewed, hashes: { old: digestOf(session), renewed: digestOf(renewed) } }
}

/** What the database said of an addition, as a refusal; null when it was done. */
export function enrolRefusal(answer: EnrolAnswer): Refused | null {
  switch (answer) {
    case 'ok':
      return null
    case 'step_up':
      return refuse('step_up_required')
    case 'too_many':
      return refuse('conflict', 'factor_many')
    case 'known':
      return refuse('conflict', 'factor_known')
    case 'ended':
      return refuse('forbidden', 'session_over')
  }
}

/**
 * Makes the secret of a new authenticator app. It counts for nothing until a code of it has been shown.
 *
 * The first second factor may be added with the password just shown; each further one asks for a confirmation
 * (`step_up_required`). Refuses with `forbidden` a session that is over or has to show its factor first.
 */
export async function beginApp(session: string): Promise<Result<undefined>> {
  const state = await signInState(session)
  if (state === null) return refuse('forbidden', 'session_over')
  const app = { id: newId(), agency: state.agency }
  const sealed = sealAppSecret(app, newAppSecret())
  return enrolRefusal(await insertPendingApp(digestOf(session), app.id, sealed)) ?? ok()
}

/** The app that waits for its first code; null when there is none. */
export async function viewPendingApp(session: string): Promise<PendingAppView | null> {
  const [state, pending] = [await signInState(session), await findPendingApp(digestOf(session))]
  if (state === null || pending === null) return null
  const { secret } = openAppSecret(pending, pending.sealed)
  return { address: appAddress(secret, state.code), secret: (secret.match(/.{1,4}/g) ?? []).join(' ') }
}

/**
 * Adds the app that waits, when this is a code of it. The session goes on under a new id with its second factor; every
 * other session and every token of the member ends (requirement A07).
 */
export async function confirmApp(
  session: string,
  text: string,
  origin: RequestOrigin,
): Promise<Result<StartedSession>> {
  const pending = await findPendingApp(digestOf(session))
  if (pending === null) return refuse('conflict', 'app_gone')
  const typed = readCode(text)
  const { secret } = openAppSecret(pending, pending.sealed)
  const step = typed?.kind === 'app' ? stepOfCode(secret, typed.code, new Date()) : null
  if (step === null) return refuse('invalid', undefined, { code: ['auth.code.wrong'] })
  const { session: renewed, hashes } = renewalOf(session)
  const answer = await markAppConfirmed(hashes, { id: pending.id, step }, origin)
  return enrolRefusal(answer) ?? ok({ session: renewed })
}

/**
 * Takes a code of an authenticator app, or a recovery code, each once (requirement A04). The session goes on under a
 * new id, with its second factor and freshly shown.
 *
 * Refuses with `invalid` a code that doesn't fit or was taken before, `too_many` after a few of those, with growing
 * waits and never for good, and `forbidden` when the session is over.
 */
export async function showCode(session: string, text: string, request: SignInRequest): Promise<Result<StartedSession>> {
  const state = await signInState(session)
  if (state === null) return refuse('forbidden', 'session_over')
  const counters = factorCounters(state.member, state.email, request.device)
  if ((await takeTries(counters)) > 0) {
    await recordRefusedSignIn(state.member, 'too_many', request.origin)
    return refuse('too_many', 'sign_in_wait')
  }
  const { session: renewed, hashes } = renewalOf(session)
  const typed = readCode(text)
  if (typed?.kind === 'recovery') {
    const digests = recoveryDigests(state.member, typed.code)
    if (await markRecoveryCodeShown(hashes, digests, counters, request.origin)) return ok({ session: renewed })
  } else if (typed !== null) {
    for (const { id, agency, sealed } of await listFactors(hashes.old)) {
      if (sealed === null) continue
      const { secret, newSealed } = openAppSecret({ id, agency }, sealed)
      const step = stepOfCode(secret, typed.code, new Date())
      if (step === null) continue
      if (await markAppShown(hashes, { id, step, newSealed }, counters, request.origin)) return ok({ session: renewed })
    }
  }
  await recordRefusedSignIn(state.member, 'wrong', request.origin)
  return refuse('invalid', undefined, { code: ['auth.code.wrong'] })
}

/** One's own second factors, without anything that opens something. */
export async function listOwnFactors(session: string): Promise<readonly FactorView[]> {
  const factors = await listFactors(digestOf(session))
  return factors.map(({ id, kind, name, createdAt, lastUsedAt }) => ({ id, kind, name, createdAt, lastUsedAt }))
}

/**
 * Removes one of one's own second factors; other sessions and all tokens end. Refuses with `step_up_required`,
 * `not_found`, and `conflict` the last one where the agency asks for one.
 */
export async function removeFactor(actor: Actor, input: { readonly factor: string }): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => {
    const answer = await deleteOwnFactor(tx, input.factor)
    switch (answer) {
      case 'ok':
        return ok()
      case 'step_up':
        return refuse('step_up_required')
      case 'not_found':
        return refuse('not_found')
      case 'last_factor':
        return refuse('conflict', 'last_factor')
    }
  })
}

/**
 * Makes ten recovery codes in place of all earlier ones, and gives them here, once. Refuses with `step_up_required`,
 * and `conflict` a member without a second factor.
 */
export async function makeRecoveryCodes(actor: Actor): Promise<Result<readonly string[]>> {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
  const digests = codes.map((code) => recoveryDigest(actor.member, code.replaceAll('-', '')))
  return withActor(actor, async (tx) => {
    const answer = await replaceRecoveryCodes(tx, digests)
    if (answer === 'ok') return ok(codes)
    return answer === 'step_up' ? refuse('step_up_required') : refuse('conflict', 'no_factor')
  })
}
