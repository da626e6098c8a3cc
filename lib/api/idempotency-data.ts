import { actorOf, type ActorTx } from '@/lib/access/with-actor'

/** What a claimed key holds: what it was claimed for, and what came of it. */
export type StoredKey = { readonly route: string; readonly bodyHash: Uint8Array; readonly outcome: string | null }

/** How long a second request with a key waits for the first, and how long a key is kept. */
const WAIT = '10s'

/**
 * Claims a key for this member. When another transaction is just claiming it, waits for that one to end, at most ten
 * seconds; then PostgreSQL raises 55P03. A key older than a day is free again.
 *
 * Returns whether the key is ours.
 */
export async function claimKey(
  tx: ActorTx,
  key: string,
  route: string,
  bodyHash: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { member, agency } = actorOf(tx)
  await tx.$executeRaw`SELECT set_config('lock_timeout', ${WAIT}, true)`
  const claimed = await tx.$executeRaw`
    INSERT INTO idempotency_key AS k (member_id, agency_id, key, route, body_hash, created_at)
    VALUES (${member}::uuid, ${agency}::uuid, ${key}, ${route}, ${bodyHash}, clock_timestamp())
    ON CONFLICT (member_id, key) DO UPDATE
      SET route = excluded.route, body_hash = excluded.body_hash, outcome = NULL, created_at = excluded.created_at
      WHERE k.created_at < clock_timestamp() - interval '24 hours'`
  await tx.$executeRaw`SELECT set_config('lock_timeout', '0', true)`
  return claimed === 1
}

export async function findKey(tx: ActorTx, key: string): Promise<StoredKey | null> {
  const found = await tx.idempotencyKey.findUnique({
    where: { memberId_key: { memberId: actorOf(tx).member, key } },
    select: { route: true, bodyHash: true, outcome: true },
  })
  if (found === null) return null
  const outcome = typeof found.outcome === 'string' ? found.outcome : null
  return { route: found.route, bodyHash: found.bodyHash, outcome }
}

/** Keeps the code of what was made under the key. */
export async function keepOutcome(tx: ActorTx, key: string, made: string): Promise<void> {
  await tx.idempotencyKey.updateMany({ where: { memberId: actorOf(tx).member, key }, data: { outcome: made } })
}
