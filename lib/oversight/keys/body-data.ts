import type { ActorTx } from '@/lib/access/with-actor'

/** A data key of an agency, as the database hands it to whoever seals for that agency, or opens as its auditor. */
export type ReceivingKey = { readonly agency: string; readonly version: number; readonly wrapped: Uint8Array }

/** The keys of the auditor's body, the newest last. */
export function listBodyKeys(tx: ActorTx): Promise<ReceivingKey[]> {
  return tx.$queryRaw<ReceivingKey[]>`SELECT agency_id AS agency, version, wrapped FROM app.body_keys()`
}
