import 'server-only'
import type { RequestOrigin } from '@/lib/access/actor'
import { keysOf, kindsOf, type Counter } from '@/lib/access/counters'
import { appClient } from '@/lib/platform/db/client'

/** A session that goes on under a new id. */
export type RenewedSession = { readonly old: Uint8Array<ArrayBuffer>; readonly renewed: Uint8Array<ArrayBuffer> }

/** Makes a session fresh after its member has shown the password; false when session or password changed meanwhile. */
export async function markConfirmedWithPassword(
  session: RenewedSession,
  verifiedHash: string,
  counters: readonly Counter[],
  origin: RequestOrigin,
): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ done: boolean }[]>`
    SELECT app.confirm_with_password(${session.old}, ${session.renewed}, ${verifiedHash}, ${keysOf(counters)},
      ${kindsOf(counters)}::text[], ${JSON.stringify(origin)}::jsonb) AS done`
  return rows[0]?.done === true
}
