import { aboutSubject, type ActorTx } from '@/lib/access/with-actor'
import type { CategoryKey } from '@/lib/mandate/categories'
import { parseCode } from '@/lib/platform/ids'

/** Another agency's case on which the actor's agency works, or worked, after a referral that it accepted. */
export type GrantedCase = {
  readonly caseId: string
  readonly code: string
  readonly person: string
  readonly holderAgency: string
  /** The categories that may be logged now; empty once the grant, or what it rests on, has ended. */
  readonly categories: readonly CategoryKey[]
  /** Whether the actor is among those of their agency who answer for it. */
  readonly served: boolean
}

/** The granted case that a code names, or null: none such, no grant, or no code at all. */
export async function findGranted(tx: ActorTx, text: string): Promise<GrantedCase | null> {
  const code = parseCode(text, 'CAS')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<GrantedCase[]>`
    SELECT g.case_id AS "caseId", g.case_code AS code, g.person_id AS person, g.holder_agency_id AS "holderAgency", app.served(g.case_id) AS served,
      coalesce(array_agg(DISTINCT k.category) FILTER (WHERE g.ended_at IS NULL AND app.may_serve(g.case_id, k.category)), '{}') AS categories
    FROM case_grant g LEFT JOIN LATERAL unnest(g.categories) k (category) ON true
    WHERE g.case_code = ${code} AND g.agency_id = app.casework_agency()
    GROUP BY g.case_id, g.case_code, g.person_id, g.holder_agency_id`
  const [row] = rows
  if (row !== undefined && row.code !== code) throw new Error('The database answered with another record')
  return row ?? null
}

/** The agencies that work on a case of the actor's own agency by a grant that lives, whoever leads first. */
export async function listGrantees(
  tx: ActorTx,
  caseId: string,
): Promise<readonly { agencyName: string; referral: string; leads: boolean; since: Date }[]> {
  return tx.$queryRaw`SELECT agency_name AS "agencyName", referral, leads, since FROM app.case_grantees(${caseId}::uuid)`
}

/** The needs of another agency's case that the actor's agency took on with what lives of its referrals. */
export async function listGrantedNeeds(tx: ActorTx, caseId: string): Promise<readonly GrantedNeed[]> {
  return tx.$queryRaw<GrantedNeed[]>`
    SELECT code, category, type, urgency, state FROM app.granted_needs(${caseId}::uuid, NULL)`
}

export type GrantedNeed = {
  readonly code: string
  readonly category: CategoryKey
  readonly type: string | null
  readonly urgency: 'emergency' | 'urgent' | 'routine'
  readonly state: 'open' | 'planned' | 'being_met' | 'met' | 'not_met' | 'withdrawn'
}

/** A need that an accepted referral is for, by its code. */
export async function findGrantedNeed(
  tx: ActorTx,
  caseId: string,
  text: string,
): Promise<{ readonly id: string; readonly code: string } | null> {
  const code = parseCode(text, 'NED')
  if (code === null) return null
  const rows = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM app.granted_need(${caseId}::uuid, ${code})`
  const [row] = rows
  return row === undefined ? null : { ...row, code }
}

/** A key of what the actor's agency writes on another agency's case, wrapped; one that seals what is written now. */
export type NotesKey = {
  readonly key_id: string
  readonly wrap_version: number
  readonly wrapped: Uint8Array
  readonly writes: boolean
}

/** The keys of what the actor's agency writes on another agency's case, the newest first. */
export async function listNotesKeys(tx: ActorTx, caseId: string): Promise<readonly NotesKey[]> {
  return tx.$queryRaw<NotesKey[]>`SELECT key_id, wrap_version, wrapped, writes FROM app.notes_keys(${caseId}::uuid)`
}

/** Keeps such a key with the newest living grant, unless one is there. */
export async function insertNotesKey(
  tx: ActorTx,
  caseId: string,
  key: { readonly keyId: string; readonly wrapVersion: number; readonly wrapped: string },
): Promise<void> {
  await tx.$queryRaw`SELECT app.keep_notes_key(${caseId}::uuid, ${JSON.stringify(key)}::jsonb)`
}
