import { type ActorTx, originOf } from '@/lib/access/with-actor'
import type { WorkerSql } from '@/lib/platform/db/worker'

import type { EmergencyEnd, EmergencyReason, EmergencyStanding } from './schema'

export type OpenedRow = {
  readonly outcome: 'opened' | 'on_team'
  readonly code: string | null
  readonly person: string
  readonly address: string
  readonly endsAt: Date | null
}

/** Opens what a code names; null when it names nothing of the agency, or nothing that this member may open. */
export async function insertEmergency(
  tx: ActorTx,
  given: { readonly id: string; readonly code: string; readonly reason: EmergencyReason },
): Promise<OpenedRow | null> {
  const rows = await tx.$queryRaw<OpenedRow[]>`
    SELECT o.outcome, o.code, o.person, o.address, o.ends_at AS "endsAt"
    FROM app.open_emergency_access(${given.id}::uuid, ${given.code}, ${given.reason}) o`
  return rows[0] ?? null
}

/** Adds the sealed words of the reason; with them the access has begun, is on record, and its team knows. */
export async function stateReason(tx: ActorTx, id: string, sealed: Uint8Array<ArrayBuffer>): Promise<void> {
  await tx.$queryRaw`SELECT app.state_emergency_reason(${id}::uuid, ${sealed}, ${originOf(tx)}::jsonb)::text`
}

/** Ends the actor's own access; false when it is not theirs or has ended. */
export async function endEmergency(tx: ActorTx, code: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ done: boolean }[]>`
    SELECT app.end_emergency_access(${code}, ${originOf(tx)}::jsonb) AS done`
  return rows[0]?.done === true
}

export type EmergencyRow = {
  readonly id: string
  readonly code: string
  readonly standing: EmergencyStanding
  readonly member: string
  readonly agency: string
  readonly person: string
  readonly subject: string | null
  readonly reasonCode: EmergencyReason
  readonly reasonText: Uint8Array | null
  readonly openedAt: Date
  readonly endsAt: Date
  readonly endedAt: Date | null
  readonly endReason: EmergencyEnd | null
  readonly reviewDueAt: Date
  readonly calendarVersion: number | null
  readonly late: boolean
  readonly looks: number
  readonly changes: number
  readonly reviewedAt: Date | null
  readonly reviewer: string | null
  readonly verdict: string | null
  readonly verdictReason: string | null
}

/** The access that a code names, for those who have to do with it. */
export async function findEmergency(tx: ActorTx, code: string): Promise<EmergencyRow | null> {
  const [row] = await listRows(tx, code, null)
  if (row !== undefined && row.code !== code) throw new Error('The database answered with another record')
  return row ?? null
}

/** The accesses that wait for the actor's review or had one lately: what is due first stands first. */
export function listReviews(tx: ActorTx): Promise<readonly EmergencyRow[]> {
  return listRows(tx, null, 'review')
}

function listRows(tx: ActorTx, code: string | null, standing: string | null): Promise<EmergencyRow[]> {
  return tx.$queryRaw<EmergencyRow[]>`
    SELECT r.id, r.code, r.standing, r.member, r.agency, r.person, r.subject, r.reason_code AS "reasonCode",
      r.reason_text AS "reasonText", r.opened_at AS "openedAt", r.ends_at AS "endsAt", r.ended_at AS "endedAt",
      r.end_reason AS "endReason", r.review_due_at AS "reviewDueAt", r.calendar_version AS "calendarVersion", r.late, r.looks, r.changes,
      r.reviewed_at AS "reviewedAt", r.reviewer, r.verdict, r.verdict_reason AS "verdictReason"
    FROM app.emergency_rows(${code}, ${standing}) r`
}

/** What was done through an access: times and kinds, never records. */
export function listEmergencyLooks(tx: ActorTx, code: string): Promise<{ readonly at: Date; readonly type: string }[]> {
  return tx.$queryRaw`SELECT l.at, l.type FROM app.emergency_looks(${code}) l`
}

/** Writes the look at an access. */
export async function recordView(tx: ActorTx, code: string): Promise<void> {
  await tx.$queryRaw`SELECT app.record_emergency_view(${code}, ${originOf(tx)}::jsonb)::text`
}

export type ReviewOutcome = 'ok' | 'not_found' | 'forbidden' | 'wrong_state' | 'still_open'

/** Writes what a review came to. */
export async function markReviewed(tx: ActorTx, code: string, verdict: string, reason: string): Promise<ReviewOutcome> {
  const rows = await tx.$queryRaw<{ outcome: ReviewOutcome }[]>`
    SELECT app.review_emergency_access(${code}, ${verdict}, ${reason}, ${originOf(tx)}::jsonb) AS outcome`
  return rows[0]?.outcome ?? 'not_found'
}

/** Ends what has run out, as the worker; returns how many. */
export async function endDue(sql: WorkerSql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`SELECT app.end_due_emergencies() AS n`
  return row?.n ?? 0
}

/** Raises the alarm for reviews that stay away, as the worker; returns how many. */
export async function alarmMissing(sql: WorkerSql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`SELECT app.alarm_missing_reviews() AS n`
  return row?.n ?? 0
}
