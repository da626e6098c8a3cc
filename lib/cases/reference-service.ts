import 'server-only'
import { holds } from '@/lib/access/permissions'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findCaseRef, type CaseRef } from './data'
import { worksOn } from './policy'
import { isClosed, takesEntryOf } from './rules'

export { takesEntryOf }
export type { CaseRef }

/**
 * The case that a code names, for reading; `onTeam` says whether its content may be read. Refuses with `not_found`
 * alone: absent, restricted and off the team, another agency's and no code at all are the same.
 */
export async function findCaseForRead(tx: ActorTx, code: string): Promise<Result<CaseRef>> {
  if (!holds(actorOf(tx), 'case:read')) return refuse('not_found')
  const found = await findCaseRef(tx, code)
  return found === null ? refuse('not_found') : ok(found)
}

/**
 * The case that a code names, for entering what happened on it, also when it is closed: `takesEntryOf` says of which
 * days. Refuses with `not_found`, and `forbidden` for colleagues who see its skeleton only.
 */
export async function findCaseForEntry(tx: ActorTx, code: string): Promise<Result<CaseRef>> {
  const found = await findCaseForRead(tx, code)
  return found.ok && !worksOn(actorOf(tx), found.value) ? refuse('forbidden') : found
}

/**
 * The case that a code names, for writing on it. Refuses as `findCaseForEntry` does, and with `conflict`
 * (`case_closed`) when it has to be reopened first.
 */
export async function findCaseForWrite(tx: ActorTx, code: string): Promise<Result<CaseRef>> {
  const found = await findCaseForEntry(tx, code)
  return found.ok && isClosed(found.value.status) ? refuse('conflict', 'case_closed') : found
}
