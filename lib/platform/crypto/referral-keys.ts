import { open, seal, type Place, type SealingKey } from './envelope'

/**
 * A referral has two keys of its own: of what the other agency sees at once, and of the rest. Each is wrapped for every
 * side that may open it, under that agency's key. A third is the receiving agency's alone: of what it writes itself.
 */
export type ReferralPart = 'preview' | 'package' | 'notes'

/** Wraps a key of a referral under the key of one side's agency. */
export function wrapReferralKey(agencyKey: SealingKey, part: ReferralPart, key: SealingKey): Buffer {
  return seal(agencyKey, placeOf(agencyKey, part, key.id), key.bytes)
}

/** Opens a wrapped key. Throws `SealBroken` when it was wrapped for another side, part or referral. */
export function unwrapReferralKey(
  agencyKey: SealingKey,
  part: ReferralPart,
  keyId: string,
  wrapped: Uint8Array,
): SealingKey {
  return { id: keyId, version: 1, bytes: open(agencyKey, placeOf(agencyKey, part, keyId), wrapped) }
}

function placeOf(agencyKey: SealingKey, part: ReferralPart, keyId: string): Place {
  return { table: 'referral_key', column: part, row: keyId, agency: agencyKey.id }
}
