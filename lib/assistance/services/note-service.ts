import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { unsealUnder } from '@/lib/people/sealing'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { reasonOfEvent, sealTexts } from '../seal-texts'
import { findService, insertNote, openNotes } from './data'
import { mayReadDetail, mayReadServices } from './policy'
import { keysToRead, keyToWrite } from './record-key'
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
    const keyOf = await keysToRead(tx, service)
    return ok(
      notes.map(({ id, sealed, writtenBy, writtenAt }) => ({
        text: unsealUnder(keyOf(sealed), actor.agency, { table: 'service_note', column: 'sealed', row: id }, sealed),
        writtenBy: writtenBy ?? '',
        writtenAt: writtenAt.toISOString(),
      })),
    )
  })
}

/** Seals a note apart and writes the event; gives back the sealed reason why a text with identity in it stays. */
export async function writeNoteIn(
  tx: ActorTx,
  service: {
    readonly id: string
    readonly code: string
    readonly caseId: string
    readonly person: string
    readonly holder: string
  },
  text: string,
  kept: string | undefined,
): Promise<Uint8Array | undefined> {
  const id = newId()
  const sealed = sealTexts(tx, await keyToWrite(tx, service), {
    note: { place: { table: 'service_note', column: 'sealed', row: id }, text },
    why: { place: reasonOfEvent(service.code), text: kept ?? '' },
  })
  await insertNote(tx, service, { id, sealed: sealed.note })
  await record(tx, {
    type: 'service-note.written',
    subject: service.code,
    personId: service.person,
    caseId: service.caseId,
    holderAgencyId: service.holder,
  })
  return kept === undefined ? undefined : sealed.why
}
