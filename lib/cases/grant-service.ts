import 'server-only'
import { holds } from '@/lib/access/permissions'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findGranted, findGrantedNeed, listGrantedNeeds, type GrantedCase } from './grant-data'

export { findGrantedNeed, listGrantedNeeds }
export type { GrantedCase }

/**
 * Another agency's case that a code names, for the records of the actor's own agency on it. Refuses with `not_found` alone,
 * as for a case that there isn't.
 */
export async function findGrantedCase(tx: ActorTx, code: string): Promise<Result<GrantedCase>> {
  if (!holds(actorOf(tx), 'case:read')) return refuse('not_found')
  const found = await findGranted(tx, code)
  return found === null ? refuse('not_found') : ok(found)
}
