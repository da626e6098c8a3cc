import 'server-only'
import { cookies } from 'next/headers'

import { cookieName, cookieOptions } from './session-cookie'

const THIRTY_MINUTES = 30 * 60

/** Remembers the invitation whose link was opened. Text that can be none is dropped. Route handlers only. */
export async function keepInvitation(secret: string | null): Promise<void> {
  if (secret === null || !/^[\w-]{43}$/.test(secret)) return
  ;(await cookies()).set(cookieName('invitation'), secret, { ...cookieOptions(), maxAge: THIRTY_MINUTES })
}

/** The invitation whose link was opened in this browser, or null. */
export async function readInvitation(): Promise<string | null> {
  return (await cookies()).get(cookieName('invitation'))?.value ?? null
}

/** Forgets it. Actions and route handlers only. */
export async function forgetInvitation(): Promise<void> {
  ;(await cookies()).set(cookieName('invitation'), '', { ...cookieOptions(), maxAge: 0 })
}
