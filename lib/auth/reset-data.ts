import 'server-only'
import type { RequestOrigin } from '@/lib/access/actor'
import { keysOf, kindsOf, type Counter } from '@/lib/access/counters'
import { appClient } from '@/lib/platform/db/client'

import type { FoundInvitation, NewPassword } from './data'

type Bytes = Uint8Array<ArrayBuffer>

/** Puts the sealed address into the queue; the seconds to wait while a counter is closed, else 0. */
export async function insertResetRequest(
  request: { readonly id: string; readonly sealed: Bytes },
  counters: readonly Counter[],
): Promise<number> {
  const rows = await appClient().$queryRaw<{ wait: number }[]>`
    SELECT app.ask_reset(${request.id}::uuid, ${request.sealed}, ${keysOf(counters)}, ${kindsOf(counters)}::text[]) AS wait`
  return rows[0]?.wait ?? 0
}

/** Whom a link to set a password is for; null when it is used, too old, or never was. */
export async function findReset(hash: Bytes): Promise<Omit<FoundInvitation, 'locale'> | null> {
  const rows = await appClient().$queryRaw<Omit<FoundInvitation, 'locale'>[]>`
    SELECT email, display_name AS "displayName", agency_name AS "agencyName", beside_factor AS "besideFactor"
    FROM app.find_reset(${hash})`
  return rows[0] ?? null
}

/** Uses the link up and sets the password; every session and token of the member ends. False when it doesn't hold. */
export async function markPasswordReset(hash: Bytes, password: NewPassword, origin: RequestOrigin): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ done: boolean }[]>`
    SELECT app.complete_reset(${hash}, ${password.hash}, ${password.standsAlone}, ${JSON.stringify(origin)}::jsonb) AS done`
  return rows[0]?.done === true
}
