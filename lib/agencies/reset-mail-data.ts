import 'server-only'
import { workerSql } from '@/lib/platform/db/worker'

/** The sealed address of a request; null when it was seen to or is too old. */
export async function findResetRequest(request: string): Promise<Uint8Array | null> {
  const rows = await workerSql()<{ sealed: Uint8Array }[]>`SELECT sealed FROM app.find_reset_request(${request}::uuid)`
  return rows[0]?.sealed ?? null
}

export type ResetRecipient = { readonly email: string; readonly locale: string }

/** Makes the link's row; where to send the link, or null for an address that nobody active has. */
export async function insertReset(request: string, email: string, hash: Uint8Array): Promise<ResetRecipient | null> {
  const rows = await workerSql()<ResetRecipient[]>`
    SELECT email, locale FROM app.make_reset(${request}::uuid, ${email}, ${Buffer.from(hash)})`
  return rows[0] ?? null
}

/** The request has been seen to. */
export async function deleteResetRequest(request: string): Promise<void> {
  await workerSql()`SELECT app.end_reset_request(${request}::uuid)::text`
}
