import { createHash, randomBytes } from 'node:crypto'

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
