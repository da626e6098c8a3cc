import 'server-only'
import { originOf, type ActorTx } from '@/lib/access/with-actor'

import type { WrappedKey } from '../data'
import type { Authority, NotNow } from './schema'

export type FoundAuthority = Authority & { readonly id: string }

/** The authority that decides on identification in the actor's network; null when none is named. */
export async function findAuthority(tx: ActorTx): Promise<FoundAuthority | null> {
  const rows = await tx.$queryRaw<FoundAuthority[]>`
    SELECT agency_id AS id, agency_key AS agency, agency_name AS "agencyName", service_code AS service, service_name AS "serviceName"
    FROM app.identifying_authority()`
  return rows[0] ?? null
}

type IdentificationAnswer = 'ok' | 'not_found' | Exclude<NotNow, 'no_basis' | 'own_authority'>

/** Stores a question to the authority; it goes within the same transaction. */
export async function insertIdentification(
  tx: ActorTx,
  draft: {
    readonly id: string
    readonly code: string
    readonly caseId: string
    readonly anonymous: boolean
    readonly reconsiders: string | null
    readonly fields: readonly string[]
    readonly previewKey: WrappedKey
    readonly packageKey: WrappedKey
    readonly reason: { readonly id: string; readonly sealed: Uint8Array<ArrayBuffer> } | null
  },
): Promise<IdentificationAnswer> {
  const rows = await tx.$queryRaw<{ answer: IdentificationAnswer }[]>`
    SELECT app.draft_identification(${draft.id}::uuid, ${draft.code}, ${draft.caseId}::uuid, ${draft.anonymous}, ${draft.reconsiders},
      ${[...draft.fields]}::text[], ${JSON.stringify(draft.previewKey)}::jsonb, ${JSON.stringify(draft.packageKey)}::jsonb,
      ${draft.reason?.id ?? null}::uuid, ${draft.reason?.sealed ?? null}::bytea, ${originOf(tx)}::jsonb) AS answer`
  const [row] = rows
  if (row === undefined) throw new Error('A question to the authority gives one answer')
  return row.answer
}
