import { Frontier, HASH_BYTES, inclusionPath, leafOf, rootByPath } from '../seal/merkle'
import { openCheckpoint, type SealVerifier } from '../seal/note'
import type { EventProof } from './schema'

/** Where a leaf stands among leaves that lie one after another; -1 when it isn't one of them. */
export function placeAmong(leaves: Uint8Array, leaf: Uint8Array): number {
  const bytes = Buffer.from(leaves)
  for (let at = bytes.indexOf(leaf); at >= 0; at = bytes.indexOf(leaf, at + 1))
    if (at % HASH_BYTES === 0) return at / HASH_BYTES
  return -1
}

/** The path of one of the leaves that were new in a checkpoint, from what the tree was before it. */
export function pathOf(
  previous: { readonly size: number; readonly frontier: Uint8Array },
  leaves: Uint8Array,
  place: number,
): readonly string[] {
  const added = Array.from({ length: leaves.length / HASH_BYTES }, (_, at) =>
    Buffer.from(leaves.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)),
  )
  const path = inclusionPath(Frontier.from(previous.size, previous.frontier), added, previous.size + place)
  return path.map((node) => node.toString('hex'))
}

/** What a proof fails at; null when it holds. */
export type ProofFault = 'checkpoint' | 'text' | 'path'

/**
 * Checks a proof with nothing but public keys: that one of them signed the checkpoint, that the text, where there is one, has
 * this leaf and names this event, and that the path leads from the leaf to the checkpoint's root.
 */
export function faultOfProof(proof: EventProof, verifiers: readonly SealVerifier[]): ProofFault | null {
  const checkpoint = openCheckpoint(verifiers, proof.checkpoint)
  if (checkpoint?.size !== proof.size) return 'checkpoint'
  const leaf = Buffer.from(proof.leaf, 'hex')
  if (proof.text !== null && !(leafOf(proof.text).equals(leaf) && codeIn(proof.text) === proof.code)) return 'text'
  const path = proof.path.map((node) => Buffer.from(node, 'hex'))
  const root = rootByPath(leaf, proof.position, proof.size, path)
  return root?.equals(checkpoint.root) === true ? null : 'path'
}

function codeIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { code?: unknown }).code
  } catch {
    return null
  }
}
