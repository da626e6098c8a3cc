import 'server-only'
import { cache } from 'react'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'

import { ok, type Result } from '@/lib/platform/result'
import type { SignInState } from './factor-schema'
import { isWaiting, signInState } from './factors'
import { requestOrigin } from './request-origin'
import { confirmAddress } from './return-path'
import { cookieName, readSessionCookie, setSessionCookie } from './session-cookie'
import type { SignInRequest, StartedSession } from './sign-in'

/** The session of this request as the pages of the second factor know it; null when there is none alive. */
export const currentSignInState = cache(async (): Promise<SignInState | null> => {
  const session = await readSessionCookie()
  return session === null ? null : signInState(session)
})

/** Whether this browser has shown a password, and a second factor is still to come. */
export async function isHalfSignedIn(): Promise<boolean> {
  const state = await currentSignInState()
  return state !== null && isWaiting(state)
}

/** The id of the session of this request; whoever has none is sent to sign in. */
export async function requireSession(): Promise<string> {
  return (await readSessionCookie()) ?? redirect('/sign-in')
}

/**
 * A session that may add a second factor now; anyone else is sent to where they get one: to sign in, to show their
 * factor, or to confirm on the way back to `path` that it is them.
 */
export async function requireEnrolment(path: string): Promise<SignInState> {
  const state = await currentSignInState()
  if (state === null) redirect('/sign-in')
  if (state.enrol === 'step_up' && !isWaiting(state)) redirect(confirmAddress(path))
  if (state.enrol === 'step_up') redirect('/sign-in')
  if (state.enrol === 'ended') redirect('/mfa')
  return state
}

/**
 * Takes one step of the second factor for the session of this request; the browser gets the session's new id. Only
 * actions may call this. Refuses as the step does.
 */
export async function takeFactorStep(
  step: (session: string, request: SignInRequest) => Promise<Result<StartedSession>>,
): Promise<Result<StartedSession>> {
  const session = await requireSession()
  const device = (await cookies()).get(cookieName('device'))?.value
  const taken = await step(session, { origin: await requestOrigin(), device })
  if (!taken.ok) return taken
  await setSessionCookie(taken.value.session)
  return ok(taken.value)
}
