import type { ActorTx } from '@/lib/access/with-actor'
import type { WorkerSql } from '@/lib/platform/db/worker'

import type { NoticeKind } from './schema'

/** Tells members of the actor's agency; answers how many were told. */
export async function insertNotices(
  tx: ActorTx,
  members: readonly string[],
  kind: NoticeKind,
  subject: string | null,
  urgent: boolean,
): Promise<number> {
  const rows = await tx.$queryRaw<{ told: number }[]>`
    SELECT app.notify_colleagues(${[...members]}::uuid[], ${kind}, ${subject}, ${urgent}) AS told`
  return rows[0]?.told ?? 0
}

/** What the database says of a delivery: what to send, or that there is nothing to do. */
export type Claim =
  | { readonly answer: 'ended' | 'taken' }
  | {
      readonly answer: 'send'
      readonly email: string
      readonly locale: string
      readonly kind: string
      readonly subject: string | null
      readonly urgent: boolean
      readonly productName: string | null
      readonly leaseSeconds: number
    }

/** Takes a delivery for this process. */
export async function claimDelivery(sql: WorkerSql, delivery: string): Promise<Claim> {
  const rows = await sql<Claim[]>`
    SELECT answer, email, locale, kind, subject, urgent, product_name AS "productName", lease_seconds AS "leaseSeconds"
    FROM app.claim_delivery(${delivery}::uuid)`
  return rows[0] ?? { answer: 'ended' }
}

/** Marks a claimed delivery as sent, or gives it back for the next try. */
export async function endDelivery(sql: WorkerSql, delivery: string, wasSent: boolean): Promise<void> {
  await sql`SELECT app.end_delivery(${delivery}::uuid, ${wasSent})`
}

/** Deletes notices that have served their time; returns how many. */
export async function sweepNotices(sql: WorkerSql): Promise<number> {
  const [row] = await sql<{ swept: number }[]>`SELECT app.sweep_notices() AS swept`
  return row?.swept ?? 0
}
