import type { SealingKey } from '@/lib/platform/crypto/envelope'
import { indexToken } from '@/lib/platform/crypto/tokens'

import { findableTokens } from './identity-rules'
import type { IdentityRecord } from './identity-schema'

/** The digests by which an agency finds somebody, under the key of its index: of what it holds, or was shared with it. */
export function tokensToFindBy(index: SealingKey, identity: IdentityRecord, country: string): readonly Uint8Array[] {
  const digests = findableTokens(identity, country).map(({ kind, value }) => indexToken(index, kind, value))
  return [...new Map(digests.map((token) => [token.toString('hex'), Uint8Array.from(token)])).values()]
}
