import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { personKey, unsealUnder } from '@/lib/people/sealing'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findService, openNotes } from './data'
import { mayReadDetail, mayReadServices } from './policy'
import type { ServiceNoteView } from './schema'

/**
 * Opens the confidential notes of a service, on an explicit press. The database checks the team again and writes the
 * look in the same transaction; without the event there is no text (invariant 2).
 *
 * Refuses with `not_found` when the actor may not know of the service, and `forbidden` off the team that gave it.
 */
export async function readServiceNotes(
  actor: Actor,
  input: { readonly service: string },
): Promise<Result<readonly ServiceNoteView[]>> {
  return withActor(actor, async (tx) => {
    if (!mayReadServices(actor)) return refuse('not_found')
    const service = await findService(tx, input.service)
    if (service === null) return refuse('not_found')
    if (!mayReadDetail(actor, service)) return refuse('forbidden')

    const notes = await openNotes(tx, service.id)
    if (notes.length === 0) return ok([])
    const key = await personKey(tx, service.person)
    return ok(
      notes.map(({ id, sealed, writtenBy, writtenAt }) => ({
        text: unsealUnder(key, actor.agency, { table: 'service_note', column: 'sealed', row: id }, sealed),
        writtenBy: writtenBy ?? '',
        writtenAt: writtenAt.toISOString(),
      })),
    )
  })
}
