import 'server-only'
import { createHmac } from 'node:crypto'

import { deriveSecret } from '@/lib/platform/crypto/derive-secret'
import { masterKeys } from '@/lib/platform/crypto/master-keys'

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
