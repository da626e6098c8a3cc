import { hkdfSync } from 'node:crypto'

import type { SealingKey } from './envelope'
import type { MasterKeys } from './key-tree'

/**
 * A secret for another purpose, derived from a master key, the newest unless said, so that every instance has the same
 * one and none has to be stored.
 */
export function deriveSecret(keys: MasterKeys, purpose: string, from: SealingKey = keys.current): Buffer {
  return Buffer.from(hkdfSync('sha256', from.bytes, '', `amparo:${purpose}`, 32))
}
