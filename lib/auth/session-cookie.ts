import 'server-only'
import { cookies } from 'next/headers'
import { decode, encode } from 'next-auth/jwt'

import { settings } from '@/lib/platform/env'
import { cookieSecret } from './secrets'

/**
 * How long the cookie opens at all, in seconds. The session behind it ends after 12 hours, or earlier, in the database,
 * which alone decides; the cookie outlives it by a day so that a form sent too late still finds its member.
 */
export const COOKIE_SECONDS = 36 * 60 * 60

/** The name of a cookie of ours: bound to exactly this host wherever the origin is https (requirement A09). */
export function cookieName(name: string): string {
  return settings.secureCookies ? `__Host-${name}` : name
}

/** The session cookie's name. No other cookie's begins like it: next-auth takes those for further pieces of it. */
export function sessionCookieName(): string {
  return cookieName('amparo')
}

/** What every cookie of ours has: never read by a script, never sent along from other sites' forms. */
export function cookieOptions() {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: settings.secureCookies } as const
}

/** The value of next-auth's cookie around a session id. */
export function sealSession(session: string): Promise<string> {
  return encode({ token: { session }, secret: cookieSecret(), maxAge: COOKIE_SECONDS })
}

/** The session id inside the cookie of this request; null without one, or when it isn't ours. Says nothing about its being alive. */
export async function readSessionCookie(): Promise<string | null> {
  return openSessionCookie((await cookies()).get(sessionCookieName())?.value)
}

/** The session id inside a cookie's value, or null. */
export async function openSessionCookie(value: string | undefined): Promise<string | null> {
  if (value === undefined || value === '') return null
  try {
    const token = await decode({ token: value, secret: cookieSecret() })
    const session = token?.['session']
    return typeof session === 'string' ? session : null
  } catch {
    return null
  }
}

/** Gives the browser its session. It goes when the browser closes. Only actions and route handlers may call this. */
export async function setSessionCookie(session: string): Promise<void> {
  ;(await cookies()).set(sessionCookieName(), await sealSession(session), cookieOptions())
}

/** Takes the session from the browser. Only actions and route handlers may call this. */
export async function clearSessionCookie(): Promise<void> {
  ;(await cookies()).set(sessionCookieName(), '', { ...cookieOptions(), maxAge: 0 })
}
