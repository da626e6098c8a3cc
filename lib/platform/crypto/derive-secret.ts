import { hkdfSync } from 'node:crypto'

import type { SealingKey } from './envelope'
import type { MasterKeys } from './key-tree'

/**
 * A secret for another purpose, derived from a master key, so that every instance has the same one and none has to be
 * stored. The oldest unless said: a new master key beside it signs nobody out, and the secrets change only when the old
 * one is taken away.
 */
export function deriveSecret(keys: MasterKeys, purpose: string, from: SealingKey = keys.oldest): Buffer {
  return Buffer.from(hkdfSync('sha256', from.bytes, '', `amparo:${purpose}`, 32))
}
