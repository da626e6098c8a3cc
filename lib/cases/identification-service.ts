import 'server-only'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { personKey, personKeys, sealUnder, unsealUnder, type TextPlace } from '@/lib/people/sealing'

import type { CaseContentView, ChangeCaseFields } from './schema'

type Case = { readonly id: string; readonly code: string; readonly person: string }
type Fields = Pick<ChangeCaseFields, 'identification' | 'identifiedBy' | 'identifiedOn' | 'identificationReason'>

/** Identification is somebody's decision on a day: no decision without its body, none in the future, no reason of none. */
export function identificationErrors(
  before: CaseContentView | null,
  fields: Fields,
  today: string,
): Record<string, string[]> | null {
  const status = fields.identification ?? before?.identification
  const by = fields.identifiedBy === undefined ? before?.identifiedBy : fields.identifiedBy
  if (fields.identification !== undefined && status !== 'possible' && (by ?? null) === null) {
    return { identifiedBy: ['cases.errors.identified_by'] }
  }
  if (typeof fields.identifiedOn === 'string' && fields.identifiedOn > today) {
    return { identifiedOn: ['cases.errors.future'] }
  }
  if (status === 'possible' && reasonOf(fields) !== null) {
    return { identificationReason: ['cases.errors.no_decision'] }
  }
  return null
}

/** The reason as it is stored after an edit: sealed, null for none, undefined where the edit leaves it. */
export async function sealedReason(
  tx: ActorTx,
  ref: Case,
  fields: Fields,
): Promise<Uint8Array<ArrayBuffer> | null | undefined> {
  // What nobody has decided has no reason; it goes with the decision that it was given for.
  if (fields.identification === 'possible') return null
  if (fields.identificationReason === undefined) return undefined
  const text = reasonOf(fields)
  return text === null ? null : sealText(tx, ref, placeOfReason(ref), text)
}

/** Why a text with identity in it stays, sealed for the event of the edit. */
export function sealedWhy(tx: ActorTx, ref: Case, why: string): Promise<Uint8Array<ArrayBuffer>> {
  return sealText(tx, ref, { table: 'audit_event', column: 'reason', row: ref.code }, why)
}

/** Opens a stored reason for the team; null for none, and for one that went with the key of an erased person. */
export async function openedReason(tx: ActorTx, ref: Case, sealed: Uint8Array | null): Promise<string | null> {
  if (sealed === null) return null
  const key = (await personKeys(tx, [ref.person])).get(ref.person)
  return key === undefined ? null : unsealUnder(key, actorOf(tx).agency, placeOfReason(ref), sealed)
}

async function sealText(tx: ActorTx, ref: Case, place: TextPlace, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return sealUnder(await personKey(tx, ref.person), actorOf(tx).agency, place, text)
}

function placeOfReason(ref: Case): TextPlace {
  return { table: 'case_content', column: 'identification_reason', row: ref.id }
}

function reasonOf({ identificationReason: text }: Fields): string | null {
  return text === undefined || text === null || text === '' ? null : text
}
