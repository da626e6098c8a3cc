import 'server-only'
import { createHash, createHmac, randomBytes } from 'node:crypto'

import { deriveSecret } from '@/lib/platform/crypto/derive-secret'
import { masterKeys } from '@/lib/platform/crypto/master-keys'

/** 256 random bits as text: a session id, an API token, an invitation. It is shown or sent once and stored as a digest. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * What the database stores in place of such a secret. A plain digest is enough: nobody guesses 256 random bits, and
 * looking one up takes no longer for being right in its first bytes.
 */
export function digestOf(secret: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(secret).digest())
}

/** A keyed digest for a purpose, as hex: equal values can be counted, and none can be guessed from the table. */
export function keyedDigestOf(purpose: string, ...parts: readonly string[]): string {
  const mac = createHmac('sha256', deriveSecret(masterKeys(), purpose))
  for (const part of parts) mac.update(`${String(Buffer.byteLength(part))}:${part}`)
  return mac.digest('hex').slice(0, 40)
}

/** The secret under which next-auth seals its cookie; the same on every instance. */
export function cookieSecret(): string {
  return deriveSecret(masterKeys(), 'next-auth').toString('base64url')
}
