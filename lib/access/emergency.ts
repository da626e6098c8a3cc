import 'server-only'
import { appClient } from '@/lib/platform/db/client'

import type { Actor } from './actor'

/** An emergency access that is open, as a page that rests on it tells of it. */
export type OwnEmergency = {
  readonly code: string
  readonly reason: string
  readonly endsAt: Date
  readonly secondsLeft: number
  readonly reviewers: readonly string[]
}

/**
 * The emergency access through which this session shows the case or person with this code, or which has this code
 * itself; null when there is none. Asking is no use of the session and no look, so that a page may ask every few seconds.
 */
export async function ownEmergency(actor: Actor, code: string): Promise<OwnEmergency | null> {
  if (actor.credential.kind !== 'session') return null
  return emergencyOfSession(actor.credential.hash, code)
}

/** The same for a session that nobody has opened yet. */
export async function emergencyOfSession(session: Uint8Array<ArrayBuffer>, code: string): Promise<OwnEmergency | null> {
  const rows = await appClient().$queryRaw<OwnEmergency[]>`
    SELECT e.code, e.reason_code AS reason, e.ends_at AS "endsAt", e.seconds_left AS "secondsLeft", e.reviewers
    FROM app.own_emergency(${session}, ${code}) e`
  return rows[0] ?? null
}
