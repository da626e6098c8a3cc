import 'server-only'
import { cookies } from 'next/headers'

import { cookieName, cookieOptions } from './session-cookie'

const THIRTY_MINUTES = 30 * 60

/** What a link that came by mail or from a colleague is for. */
export type LinkKind = 'invitation' | 'reset'

/** Remembers the link that was opened. Text that can be none is dropped. Route handlers only. */
export async function keepLink(kind: LinkKind, secret: string | null): Promise<void> {
  if (secret === null || !/^[\w-]{43}$/.test(secret)) return
  ;(await cookies()).set(cookieName(kind), secret, { ...cookieOptions(), maxAge: THIRTY_MINUTES })
}

/** The link that was opened in this browser, or null. */
export async function readLink(kind: LinkKind): Promise<string | null> {
  return (await cookies()).get(cookieName(kind))?.value ?? null
}

/** Forgets it. Actions and route handlers only. */
export async function forgetLink(kind: LinkKind): Promise<void> {
  ;(await cookies()).set(cookieName(kind), '', { ...cookieOptions(), maxAge: 0 })
}
