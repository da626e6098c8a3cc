import { open, seal, type Place, type SealingKey } from './envelope'

/** Wraps the key of a complaint's text under the key of the body that reads it. */
export function wrapComplaintKey(bodyKey: SealingKey, key: SealingKey): Buffer {
  return seal(bodyKey, placeOf(bodyKey, key.id), key.bytes)
}

/** Opens a wrapped key. Throws `SealBroken` when it was wrapped for another body or complaint. */
export function unwrapComplaintKey(bodyKey: SealingKey, complaint: string, wrapped: Uint8Array): SealingKey {
  return { id: complaint, version: 1, bytes: open(bodyKey, placeOf(bodyKey, complaint), wrapped) }
}

function placeOf(bodyKey: SealingKey, complaint: string): Place {
  return { table: 'complaint_key', column: 'wrapped', row: complaint, agency: bodyKey.id }
}
