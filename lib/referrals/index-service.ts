import 'server-only'
import { agencyIndexKey } from '@/lib/access/agency-keys'
import type { ActorTx } from '@/lib/access/with-actor'
import { tokensToFindBy } from '@/lib/people/find-tokens-service'
import { countryOfOwnAgency } from '@/lib/people/search-service'
import type { SealingKey } from '@/lib/platform/crypto/envelope'

import { findToIndex, keepTokens } from './data'
import { identityOfFacts } from './identity-rules'
import { openFact, openOwnKey } from './keys'

/**
 * Lets those who have just accepted a referral find its person by name, where identity was shared in full: tokens under
 * their own agency's key, which go with the grant. Nothing is shown; the acceptance is the event that tells of it.
 */
export async function indexAcceptedIn(tx: ActorTx, code: string, holder: string): Promise<void> {
  const pieces = await findToIndex(tx, code)
  const [first] = pieces
  if (first === undefined) return
  const key = await openOwnKey(tx, 'package', first)
  const facts = new Map(pieces.map(({ field, place, sealed }) => [field, openFact(key, holder, place, sealed)]))
  const tokens = tokensOfFacts(await agencyIndexKey(tx), await countryOfOwnAgency(tx), facts)
  await keepTokens(tx, code, tokens)
}

/** What an agency finds somebody by, from the fields that were shared with it. */
export function tokensOfFacts(
  index: SealingKey,
  country: string,
  facts: ReadonlyMap<string, unknown>,
): readonly Uint8Array[] {
  return tokensToFindBy(index, identityOfFacts(facts), country)
}
