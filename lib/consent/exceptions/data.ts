import { aboutSubject, actorOf, type ActorTx } from '@/lib/access/with-actor'
import { lookOf } from '@/lib/audit/record'
import { parseCode } from '@/lib/platform/ids'

import type { FieldKey } from '../fields'
import type { SharingPurpose } from '../sharing/schema'
import type { ExceptionBasis, ExceptionVerdict, MakeExceptionInput } from './schema'

export type ExceptionRow = {
  readonly id: string
  readonly code: string
  readonly caseCode: string
  readonly person: string
  readonly agencyName: string
  readonly purpose: SharingPurpose
  readonly fields: readonly FieldKey[]
  readonly basis: ExceptionBasis
  readonly by: string | null
  readonly madeAt: Date
  readonly endsAt: Date
  readonly endedAt: Date | null
}

/** Whether the database lets this member share without consent. */
export async function mayShareWithoutConsent(tx: ActorTx): Promise<boolean> {
  const rows = await tx.$queryRaw<{ may: boolean }[]>`SELECT app.may_share_without_consent() AS may`
  return rows[0]?.may === true
}

/** Writes it down, checked by the database once more; coordinators and auditors are told. Returns its code. */
export async function insertException(
  tx: ActorTx,
  made: MakeExceptionInput & {
    readonly id: string
    readonly caseId: string
    readonly receiver: string
    readonly sealed: Uint8Array<ArrayBuffer>
    readonly until: Date
  },
): Promise<string> {
  const rows = await tx.$queryRaw<{ code: string }[]>`
    SELECT app.make_exception(${made.id}::uuid, ${made.caseId}::uuid, ${made.receiver}::uuid, ${made.purpose},
      ${[...new Set(made.fields)]}::text[], ${made.basis}, ${made.sealed}, ${made.until}, ${originText(tx)}::jsonb) AS code`
  const code = rows[0]?.code
  if (code === undefined) throw new Error('Sharing without consent was written down without a code')
  return code
}

/** What was shared of a case without consent, the latest first. */
export function listCaseExceptions(tx: ActorTx, caseId: string): Promise<readonly ExceptionRow[]> {
  return tx.$queryRaw<ExceptionRow[]>`
    SELECT x.id, x.code, c.code AS "caseCode", x.person_id AS person, t.name AS "agencyName", x.purpose, x.fields, x.basis,
      m.display_name AS by, x.made_at AS "madeAt", x.ends_at AS "endsAt", x.ended_at AS "endedAt"
    FROM sharing_exception x JOIN case_file c ON c.id = x.case_id JOIN agency t ON t.id = x.to_agency_id
    LEFT JOIN member m ON m.id = x.made_by_id
    WHERE x.case_id = ${caseId}::uuid ORDER BY x.made_at DESC, x.id DESC LIMIT 200`
}

/** One of them by its code, for the team of its case; null for everyone else. */
export async function findException(tx: ActorTx, text: string): Promise<ExceptionRow | null> {
  const code = parseCode(text, 'EXC')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<ExceptionRow[]>`
    SELECT x.id, x.code, c.code AS "caseCode", x.person_id AS person, t.name AS "agencyName", x.purpose, x.fields, x.basis,
      m.display_name AS by, x.made_at AS "madeAt", x.ends_at AS "endsAt", x.ended_at AS "endedAt"
    FROM sharing_exception x JOIN case_file c ON c.id = x.case_id JOIN agency t ON t.id = x.to_agency_id
    LEFT JOIN member m ON m.id = x.made_by_id WHERE x.code = ${code}`
  return rows[0] ?? null
}

/** Ends one before its time; false when it has ended. */
export async function markEnded(tx: ActorTx, code: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ ended: boolean }[]>`
    SELECT app.end_exception(${code}, ${originText(tx)}::jsonb) AS ended`
  return rows[0]?.ended === true
}

/** Why, in words, sealed. The database checks the team and writes the look before it answers. */
export async function openReason(tx: ActorTx, exception: string): Promise<Uint8Array | null> {
  const rows = await tx.$queryRaw<{ sealed: Uint8Array }[]>`
    SELECT o.sealed FROM app.read_exception_reason(${exception}::uuid, ${lookOf(tx, 'case')}::jsonb) o`
  return rows[0]?.sealed ?? null
}

export type QueuedRow = {
  readonly code: string
  readonly agency: string
  readonly receiver: string
  readonly purpose: SharingPurpose
  readonly fields: readonly FieldKey[]
  readonly basis: ExceptionBasis
  readonly madeAt: Date
  readonly endsAt: Date
  readonly endedAt: Date | null
  readonly own: ExceptionVerdict | null
  readonly coordinator: ExceptionVerdict | null
  readonly auditor: ExceptionVerdict | null
}

/** The network's, what waits for the asking coordinator or auditor first; one alone by its code. */
export function listQueued(tx: ActorTx, code: string | null): Promise<readonly QueuedRow[]> {
  return tx.$queryRaw<QueuedRow[]>`
    SELECT x.code, x.agency, x.receiver, x.purpose, x.fields, x.basis, x.made_at AS "madeAt", x.ends_at AS "endsAt",
      x.ended_at AS "endedAt", x.own_verdict AS own, x.coordinator_verdict AS coordinator, x.auditor_verdict AS auditor
    FROM app.exception_rows(${code}) x`
}

/** What the asking coordinator or auditor finds of one, once. */
export async function markSettled(
  tx: ActorTx,
  code: string,
  verdict: ExceptionVerdict,
): Promise<'ok' | 'not_found' | 'wrong_state'> {
  const rows = await tx.$queryRaw<{ answer: 'ok' | 'not_found' | 'wrong_state' }[]>`
    SELECT app.settle_exception(${code}, ${verdict}, ${originText(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'not_found'
}

function originText(tx: ActorTx): string {
  return JSON.stringify(actorOf(tx).origin ?? {})
}
