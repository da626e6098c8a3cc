import { keysOf, kindsOf, type Counter } from '@/lib/access/counters'
import { originOf, type ActorTx } from '@/lib/access/with-actor'
import type { Cursor } from '@/lib/platform/cursor'

import type { ReceivingKey } from '../keys/body-data'
import type {
  AnswerWay,
  ComplaintGround,
  ComplaintLine,
  ComplaintResult,
  ListComplaintsInput,
  MoveComplaintInput,
  NextStep,
} from './schema'

/** Prints a slip for the person of a case; its code, or null for everybody but the case's team. */
export async function insertSlip(tx: ActorTx, file: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ code: string | null }[]>`
    SELECT app.print_complaint_slip(${file}, ${originOf(tx)}::jsonb) AS code`
  return rows[0]?.code ?? null
}

/** The slips that were printed for a case of the actor's team. */
export function listSlipRows(
  tx: ActorTx,
  file: string,
): Promise<
  { readonly code: string; readonly envelope: string; readonly printedAt: Date; readonly printedBy: string }[]
> {
  return tx.$queryRaw`
    SELECT code, envelope, printed_at AS "printedAt", printed_by AS "printedBy" FROM app.complaint_slips(${file})`
}

/** The newest key of the body that takes complaints in the member's network; null while none does. */
export async function findRecipientOfMember(tx: ActorTx): Promise<ReceivingKey | null> {
  const rows = await tx.$queryRaw<ReceivingKey[]>`
    SELECT body AS agency, version, wrapped FROM app.complaint_recipient_of_member()`
  return rows[0] ?? null
}

export type NewMemberComplaint = {
  readonly id: string
  readonly about: string | null
  readonly counters: readonly Counter[]
  readonly told: Readonly<Record<string, string | boolean | null>>
  readonly text: {
    readonly sealed: Uint8Array<ArrayBuffer>
    readonly version: number
    readonly wrapped: Uint8Array<ArrayBuffer>
  } | null
}

/** Adds a member's complaint; its code, or the seconds to wait. */
export async function insertMemberComplaint(
  tx: ActorTx,
  { id, about, counters, told, text }: NewMemberComplaint,
): Promise<{ readonly wait: number; readonly code: string | null } | null> {
  const rows = await tx.$queryRaw<{ wait: number; code: string | null }[]>`
    SELECT wait, code FROM app.file_member_complaint(${id}::uuid, ${about}, ${JSON.stringify(told)}::jsonb, ${text?.sealed ?? null},
      ${text?.version ?? null}::int, ${text?.wrapped ?? null}, ${keysOf(counters)}, ${kindsOf(counters)}::text[])`
  return rows[0] ?? null
}

export type ComplaintRow = Omit<ComplaintLine, 'filedAt'> & {
  readonly id: string
  readonly filedAt: Date
  readonly sort: string
}

/** One page of the complaints of the auditor's body; one row more than it shows, in the cursor's direction. */
export function listComplaintRows(
  tx: ActorTx,
  { state, subject }: ListComplaintsInput,
  cursor: Cursor | null,
  limit: number,
): Promise<ComplaintRow[]> {
  const [at, id] = cursor?.position ?? [null, null]
  return tx.$queryRaw<ComplaintRow[]>`
    SELECT id, code, filed_at AS "filedAt", sort, source, subject, state, agency, agency_name AS "agencyName", has_text AS "hasText"
    FROM app.complaints(${state ?? null}, ${subject ?? null}, ${cursor?.direction === 'before'},
      ${at === null ? null : String(at)}::timestamptz, ${id === null ? null : String(id)}::uuid, ${limit}::int)`
}

export type OpenedComplaint = Omit<ComplaintLine, 'filedAt' | 'hasText'> & {
  readonly id: string
  readonly filedAt: Date
  readonly ground: ComplaintGround | null
  readonly case: string | null
  readonly envelope: string | null
  readonly member: string | null
  readonly answerBy: AnswerWay
  readonly locale: 'en' | 'zh-Hans'
  readonly result: ComplaintResult | null
  readonly nextStep: NextStep | null
  readonly movedAt: Date | null
  readonly version: number
  readonly sealed: Uint8Array | null
  readonly wrapVersion: number | null
  readonly wrapped: Uint8Array | null
}

/** One complaint of the auditor's body; the database writes the look first. */
export async function openComplaint(tx: ActorTx, code: string): Promise<OpenedComplaint | null> {
  const rows = await tx.$queryRaw<OpenedComplaint[]>`
    SELECT id, code, filed_at AS "filedAt", source, subject, ground, state, agency, agency_name AS "agencyName", case_subject AS "case", envelope, member,
      answer_by AS "answerBy", locale, result, next_step AS "nextStep", moved_at AS "movedAt", version, sealed, wrap_version AS "wrapVersion", wrapped
    FROM app.read_complaint(${code}, ${originOf(tx)}::jsonb)`
  return rows[0] ?? null
}

/** Moves a complaint: `ok`, `not_found`, `stale` or `wrong_state`. */
export async function moveComplaint(
  tx: ActorTx,
  { complaint, version, state, result, nextStep }: MoveComplaintInput,
): Promise<string> {
  const rows = await tx.$queryRaw<{ answer: string }[]>`
    SELECT app.move_complaint(${complaint}, ${version}::int, ${state}, ${result ?? null}, ${nextStep ?? null}, ${originOf(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'not_found'
}
