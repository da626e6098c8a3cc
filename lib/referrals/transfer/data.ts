import { originOf, type ActorTx } from '@/lib/access/with-actor'
import type { CategoryKey } from '@/lib/mandate/categories'

import type { Basis, WrappedKey } from '../data'
import type { ReferralUrgency } from '../schema'
import type { LedNeed, PossibleLead } from './schema'

const MOST_SERVICES = 200

/** The listed services whose receivers the team of a case could ask to take over its lead. */
export async function listPossibleLeads(tx: ActorTx, caseId: string): Promise<readonly PossibleLead[]> {
  return tx.$queryRaw<PossibleLead[]>`
    SELECT code, name, category, type, agency_key AS agency, agency_name AS "agencyName"
    FROM app.services_to_lead(${caseId}::uuid, ${MOST_SERVICES}::int)`
}

/** Which fields may go along with the lead of the team's case, and why not. */
export async function findTransferBases(
  tx: ActorTx,
  question: { readonly caseId: string; readonly receiver: string; readonly fields: readonly string[] },
): Promise<readonly Basis[]> {
  return tx.$queryRaw<Basis[]>`
    SELECT field, allowed, basis, code, until, reason
    FROM app.transfer_offer(${question.caseId}::uuid, ${question.receiver}::uuid, ${[...question.fields]}::text[])`
}

type TransferAnswer = 'ok' | 'not_found' | 'case_closed' | 'no_service' | 'leads_already' | 'under_way'

/** Stores a transfer; it goes within the same transaction. */
export async function insertTransfer(
  tx: ActorTx,
  draft: {
    readonly id: string
    readonly code: string
    readonly caseId: string
    readonly serviceId: string
    readonly urgency: ReferralUrgency
    readonly fields: readonly string[]
    readonly previewKey: WrappedKey
    readonly packageKey: WrappedKey
    readonly reason: { readonly id: string; readonly sealed: Uint8Array<ArrayBuffer> } | null
  },
): Promise<TransferAnswer> {
  const rows = await tx.$queryRaw<{ answer: TransferAnswer }[]>`
    SELECT app.draft_transfer(${draft.id}::uuid, ${draft.code}, ${draft.caseId}::uuid, ${draft.serviceId}::uuid, ${draft.urgency},
      ${[...draft.fields]}::text[], ${JSON.stringify(draft.previewKey)}::jsonb, ${JSON.stringify(draft.packageKey)}::jsonb,
      ${draft.reason?.id ?? null}::uuid, ${draft.reason?.sealed ?? null}::bytea, ${originOf(tx)}::jsonb) AS answer`
  return answerOf(rows)
}

/** Who leads a case of the actor's agency, when another agency does. */
export async function findLead(
  tx: ActorTx,
  caseId: string,
): Promise<{ readonly agencyName: string; readonly since: Date } | null> {
  const rows = await tx.$queryRaw<{ agencyName: string; since: Date }[]>`
    SELECT a.name AS "agencyName", g.started_at AS since FROM case_grant g JOIN agency a ON a.id = g.agency_id
    WHERE g.case_id = ${caseId}::uuid AND g.leads AND g.ended_at IS NULL`
  return rows[0] ?? null
}

/** A case that the actor's agency leads, as the database shows it to those who answer for it. */
export type LedCaseRow = {
  readonly caseId: string
  readonly case: string
  readonly person: string
  readonly holderId: string
  readonly transfer: string
  readonly holder: string
  readonly holderName: string
  readonly since: Date
  readonly categories: readonly CategoryKey[]
  readonly needsOpen: number
}

/** The cases that the actor's agency leads, the latest first; one when its code is given. */
export async function listLedCases(tx: ActorTx, code: string | null): Promise<readonly LedCaseRow[]> {
  return tx.$queryRaw<LedCaseRow[]>`
    SELECT case_id AS "caseId", case_code AS "case", person_id AS person, holder_id AS "holderId", referral_code AS transfer, holder_key AS holder,
      holder_name AS "holderName", since, categories, needs_open AS "needsOpen" FROM app.led_cases(${code})`
}

export type LedNeedRow = Omit<LedNeed, 'contactDueAt'> & { readonly contactDueAt: Date }

/** The needs of a case that the actor's agency leads. */
export async function listLedNeeds(tx: ActorTx, caseId: string): Promise<readonly LedNeedRow[]> {
  return tx.$queryRaw<LedNeedRow[]>`
    SELECT code, category, type, urgency, state, found_on AS "foundOn", contact_due_at AS "contactDueAt", version, finder
    FROM app.led_needs(${caseId}::uuid)`
}

/** Adds a need to a case that the actor's agency leads. */
export async function insertLedNeed(
  tx: ActorTx,
  caseId: string,
  need: {
    readonly id: string
    readonly code: string
    readonly category: CategoryKey
    readonly type: string | null
    readonly urgency: ReferralUrgency
    readonly foundOn: string
    readonly contactDueAt: Date
  },
): Promise<'ok' | 'not_found' | 'no_basis'> {
  return answerOf(
    await tx.$queryRaw<{ answer: 'ok' | 'not_found' | 'no_basis' }[]>`
      SELECT app.add_led_need(${caseId}::uuid, ${need.id}::uuid, ${need.code}, ${need.category}, ${need.type}, ${need.urgency}, ${need.foundOn}::date,
        ${need.contactDueAt}, ${originOf(tx)}::jsonb) AS answer`,
  )
}

/** Moves a need of a case that the actor's agency leads. */
export async function markLedNeedMoved(
  tx: ActorTx,
  caseId: string,
  move: {
    readonly need: string
    readonly version: number
    readonly state: string
    readonly notMetReason: string | null
    readonly metOn: string | null
  },
): Promise<'ok' | 'not_found' | 'stale'> {
  return answerOf(
    await tx.$queryRaw<{ answer: 'ok' | 'not_found' | 'stale' }[]>`
      SELECT app.move_led_need(${caseId}::uuid, ${move.need}, ${move.version}::int, ${move.state}, ${move.notMetReason}, ${move.metOn}::date,
        ${originOf(tx)}::jsonb) AS answer`,
  )
}

function answerOf<T>(rows: readonly { readonly answer: T }[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('A change of a transfer gives one answer')
  return row.answer
}
