import { open, seal, type Place, type SealingKey } from './envelope'

/** Wraps the key of a finding's texts under the key of one side: the body that made it, or the agency it was sent to. */
export function wrapFindingKey(agencyKey: SealingKey, key: SealingKey): Buffer {
  return seal(agencyKey, placeOf(agencyKey, key.id), key.bytes)
}

/** Opens a wrapped key. Throws `SealBroken` when it was wrapped for another side or finding. */
export function unwrapFindingKey(agencyKey: SealingKey, keyId: string, wrapped: Uint8Array): SealingKey {
  return { id: keyId, version: 1, bytes: open(agencyKey, placeOf(agencyKey, keyId), wrapped) }
}

function placeOf(agencyKey: SealingKey, keyId: string): Place {
  return { table: 'finding_key', column: 'wrapped', row: keyId, agency: agencyKey.id }
}
