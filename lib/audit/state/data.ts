import type { ActorTx } from '@/lib/access/with-actor'

export type SealRow = {
  readonly size: bigint
  readonly root: Uint8Array | null
  readonly sealed_at: Date | null
  readonly note: string | null
  readonly epoch: number
  readonly origin: string | null
  readonly public_key: Uint8Array | null
  readonly waiting: number
  readonly waiting_since: Date | null
  readonly check_id: bigint | null
  readonly checked_at: Date | null
  readonly checked_size: bigint | null
  readonly fault: string | null
  readonly position: bigint | null
  readonly code: string | null
  readonly checkpoint_size: bigint | null
  readonly acknowledged_at: Date | null
  readonly checking: boolean
}

/** How the seal stands; null for roles that the database doesn't tell. */
export async function findSealState(tx: ActorTx): Promise<SealRow | null> {
  const rows = await tx.$queryRaw<SealRow[]>`SELECT * FROM app.seal_state()`
  return rows[0] ?? null
}

export async function hasAlarm(tx: ActorTx): Promise<boolean> {
  const rows = await tx.$queryRaw<{ alarm: boolean }[]>`SELECT app.seal_alarm() AS alarm`
  return rows[0]?.alarm === true
}

export async function askCheck(tx: ActorTx): Promise<boolean> {
  const rows = await tx.$queryRaw<{ asked: boolean }[]>`SELECT app.ask_seal_check() AS asked`
  return rows[0]?.asked === true
}

export async function markAcknowledged(tx: ActorTx, check: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ done: boolean }[]>`SELECT app.acknowledge_seal_fault(${check}::bigint) AS done`
  return rows[0]?.done === true
}
