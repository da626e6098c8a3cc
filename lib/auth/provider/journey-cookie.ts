import 'server-only'
import { cookies } from 'next/headers'
import { decode, encode } from 'next-auth/jwt'

import { cookieName, cookieOptions } from '@/lib/auth/session-cookie'
import { deriveSecret } from '@/lib/platform/crypto/derive-secret'
import { masterKeys } from '@/lib/platform/crypto/master-keys'

import { journeySchema, type Journey } from './schema'

const TEN_MINUTES = 10 * 60

/** Remembers, sealed, what this browser goes to the provider for. Actions and route handlers only. */
export async function keepJourney(journey: Journey): Promise<void> {
  const sealed = await encode({ token: { journey }, secret: secret(), maxAge: TEN_MINUTES })
  ;(await cookies()).set(name(), sealed, { ...cookieOptions(), maxAge: TEN_MINUTES })
}

/** What this browser went to the provider for; null when it didn't, or longer than ten minutes ago. */
export async function readJourney(): Promise<Journey | null> {
  const value = (await cookies()).get(name())?.value
  if (value === undefined || value === '') return null
  try {
    const token = await decode({ token: value, secret: secret() })
    const journey = journeySchema.safeParse(token?.['journey'])
    return journey.success ? journey.data : null
  } catch {
    return null
  }
}

/** Forgets it: what came back is used once. Actions and route handlers only. */
export async function forgetJourney(): Promise<void> {
  ;(await cookies()).set(name(), '', { ...cookieOptions(), maxAge: 0 })
}

function name(): string {
  return cookieName('provider')
}

function secret(): string {
  return deriveSecret(masterKeys(), 'provider-journey').toString('base64url')
}
