import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { withActor } from '@/lib/access/with-actor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { record } from '../record'
import { keyLineOf, verifierOf } from '../seal/note'
import { findEventText, findProofRow, type ProofRow } from './data'
import { pathOf, placeAmong } from './rules'
import type { EventProof, ProofView } from './schema'

/**
 * The proof that an event is in the sealed log. Whoever may read the event gets its text too; an auditor proves it without:
 * the text names an agency's own codes. Refuses with `not_found` an event that the actor can't know of.
 */
export async function proveEvent(actor: Actor, input: { readonly event: string }): Promise<Result<ProofView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'log:prove')) return refuse('not_found')
    const oversees = holds(actor, 'log:read-network')
    const text = oversees ? null : await findEventText(tx, input.event)
    if (text === null && !oversees) return refuse('not_found')
    const row = await findProofRow(tx, input.event)
    if (row === null) return refuse('not_found')
    await record(tx, { type: 'audit.proved', subject: input.event })
    return ok({ code: input.event, proof: proofOf(input.event, text, row) })
  })
}

function proofOf(code: string, text: string | null, row: ProofRow): EventProof | null {
  const { leaf, size, note, leaves, public_key: key } = row
  if (size === null || note === null || leaves === null || key === null) return null
  const previous = { size: Number(row.previous_size ?? 0), frontier: row.previous_frontier ?? new Uint8Array() }
  const place = placeAmong(leaves, leaf)
  return {
    code,
    text,
    leaf: Buffer.from(leaf).toString('hex'),
    position: previous.size + place,
    size: Number(size),
    path: [...pathOf(previous, leaves, place)],
    checkpoint: note,
    publicKey: keyLineOf(verifierOf(key, row.origin ?? undefined)),
  }
}
