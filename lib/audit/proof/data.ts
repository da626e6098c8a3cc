import type { ActorTx } from '@/lib/access/with-actor'

export type ProofRow = {
  readonly leaf: Uint8Array
  readonly size: bigint | null
  readonly note: string | null
  readonly leaves: Uint8Array | null
  readonly previous_size: bigint | null
  readonly previous_frontier: Uint8Array | null
  readonly origin: string | null
  readonly public_key: Uint8Array | null
}

/** The checkpoint that was the first to seal an event, with what its tree was before; null for an event out of reach. */
export async function findProofRow(tx: ActorTx, code: string): Promise<ProofRow | null> {
  const rows = await tx.$queryRaw<ProofRow[]>`SELECT * FROM app.event_proof(${code})`
  return rows[0] ?? null
}

/** The text of an event as it was sealed, where the actor may read the event itself. */
export async function findEventText(tx: ActorTx, code: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ canonical: string }[]>`SELECT canonical FROM audit_event WHERE code = ${code}`
  return rows[0]?.canonical ?? null
}
