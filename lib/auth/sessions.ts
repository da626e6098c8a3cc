import 'server-only'
import { cookies } from 'next/headers'

import type { Actor } from '@/lib/access/actor'
import { log } from '@/lib/platform/log'
import { countUnread, findSecondsLeft, findSignInPage, type SignInPage } from './data'
import { confirmWithPassword } from './confirm'
import { newDeviceMark } from './counters'
import { changePassword } from './passwords'
import { requestOrigin } from './request-origin'
import { currentActor } from './require-actor'
import type { ChangePasswordInput, SignInInput } from './schema'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { clearSessionCookie, cookieName, cookieOptions, readSessionCookie, setSessionCookie } from './session-cookie'
import { signIn, signOut } from './sign-in'
import { ok, type Result } from '@/lib/platform/result'

const ONE_YEAR = 365 * 24 * 60 * 60

/**
 * Signs in and gives the browser its session, always under a new id. The browser is also marked as known for this
 * account. Only actions and route handlers may call this. Refuses as `signIn` does.
 */
export async function startSession(input: SignInInput): Promise<Result<{ readonly session: string }>> {
  const jar = await cookies()
  const device = cookieName('device')
  const started = await signIn(input, { origin: await requestOrigin(), device: jar.get(device)?.value })
  if (!started.ok) return started
  // A session that this browser still had is over: two would outlive the sign-out of one.
  await endSession()
  await setSessionCookie(started.value.session)
  jar.set(device, newDeviceMark(input.email), { ...cookieOptions(), maxAge: ONE_YEAR })
  return ok(started.value)
}

/**
 * Ends the session of this request, if there is one, and takes its cookie. Where the database can't be reached the
 * cookie goes all the same: whoever leaves must be able to leave.
 */
export async function endSession(): Promise<void> {
  const session = await readSessionCookie()
  if (session === null) return
  await clearSessionCookie()
  try {
    await signOut(session, await requestOrigin())
  } catch (error) {
    log.error({ err: error }, 'a session could not be ended')
  }
}

/**
 * Changes one's own password and starts a new session in place of the one that ends with it, under a new id.
 * Refuses as `changePassword` does.
 */
export async function changeOwnPassword(
  actor: Actor,
  input: Pick<ChangePasswordInput, 'current' | 'password'>,
): Promise<Result<undefined>> {
  const device = (await cookies()).get(cookieName('device'))?.value
  const changed = await changePassword(actor, input, { origin: await requestOrigin(), device })
  if (!changed.ok) return changed
  const started = await startSession({ email: actor.email, password: input.password })
  return started.ok ? ok() : started
}

/**
 * Confirms that it is still the member who sits there; the browser gets the session's new id. Only actions may call
 * this. Refuses as `confirmWithPassword` does.
 */
export async function confirmSession(actor: Actor, password: string): Promise<Result<undefined>> {
  const device = (await cookies()).get(cookieName('device'))?.value
  const confirmed = await confirmWithPassword(actor, password, { origin: await requestOrigin(), device })
  if (!confirmed.ok) return confirmed
  await setSessionCookie(confirmed.value.session)
  return ok()
}

/** Seconds until the session of this request ends; null when it has. Asking is no use of the session. */
export async function secondsLeft(): Promise<number | null> {
  const session = await readSessionCookie()
  return session === null ? null : findSecondsLeft(digestOf(session))
}

/** How many notices wait for the member of this request; null when the session has ended. Asking is no use of it. */
export async function unreadNotices(): Promise<number | null> {
  const session = await readSessionCookie()
  return session === null ? null : countUnread(digestOf(session))
}

/** Uses the session, so that it stays; seconds until its end, or null when it has ended. */
export async function staySignedIn(): Promise<number | null> {
  const actor = await currentActor()
  if (actor === null) return null
  const end = Math.min(actor.idleAt.getTime(), actor.expiresAt.getTime())
  return Math.max(0, Math.floor((end - Date.now()) / 1000))
}

/** What the pages before sign-in show of the installation. */
export function signInPage(): Promise<SignInPage> {
  return findSignInPage()
}

/** Where leaving leads: the agency's neutral address, else the network's; null when neither set one or nothing answers. */
export async function leaveAddress(): Promise<string | null> {
  try {
    const address = (await currentActor())?.leaveUrl ?? (await findSignInPage()).leaveUrl
    return address !== null && /^https:\/\/[\x21-\x7e]+$/.test(address) ? address : null
  } catch {
    return null
  }
}
