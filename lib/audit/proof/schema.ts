import { z } from 'zod'

const hex = z.string().regex(/^[0-9a-f]{64}$/)

/**
 * What proves that an event is in the sealed log (RFC 6962): its leaf, where it stands, the path from there to the root, and
 * the signed checkpoint with that root. `text` is the event as it was sealed, for those who may read it.
 */
export const eventProof = z.object({
  code: z.string(),
  text: z.string().nullable(),
  leaf: hex,
  /** From 0. */
  position: z.int().min(0),
  size: z.int().min(1),
  path: z.array(hex).max(64),
  checkpoint: z.string(),
  publicKey: z.string(),
})
export type EventProof = z.output<typeof eventProof>

/** Not sealed yet: it will be within moments. */
export type ProofView = { readonly code: string; readonly proof: EventProof | null }
