import { createHmac } from 'node:crypto'

import type { SealingKey } from './envelope'

/**
 * The width of a search token. Ten bytes make two different values of one agency collide once in 2^80, and tell less
 * than a whole digest would to someone who holds the table and guesses (requirement C05).
 */
export const TOKEN_BYTES = 10

/**
 * A blind-index token: what stands in the database in place of a searchable value. Made under the agency's own index
 * key, so the same name gives unrelated tokens in two agencies, and none can be made again without the key.
 */
export function indexToken(indexKey: SealingKey, kind: string, value: string): Buffer {
  return mac(indexKey, 'token', kind, value).subarray(0, TOKEN_BYTES)
}

/**
 * A keyed digest of a value for the audit log: two equal values of one field can be told to be equal, and neither can
 * be guessed from its digest without the key.
 */
export function keyedDigest(indexKey: SealingKey, field: string, value: string): Buffer {
  return mac(indexKey, 'digest', field, value)
}

function mac(key: SealingKey, use: 'token' | 'digest', kind: string, value: string): Buffer {
  // The kind can't hold the separator, or `a` + `b\0c` would give the token of `a\0b` + `c`.
  if (kind.includes('\0')) throw new TypeError('A kind of token is a plain word')
  return createHmac('sha256', key.bytes).update(`amparo:${use}:v1\0${key.id}\0${kind}\0`).update(value, 'utf8').digest()
}
