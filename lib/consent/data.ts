import { Prisma } from '@/generated/prisma/client'
import { aboutSubject, actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import { lookOf } from '@/lib/audit/record'
import type { CaseRef } from '@/lib/cases/reference-service'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import type { Cursor, CursorPosition } from '@/lib/platform/cursor'
import { newCode, newId, parseCode } from '@/lib/platform/ids'

import type { FieldKey, IdentityLevel } from './fields'
import {
  isAboutHelp,
  type ChildView,
  type ConsentAnswer,
  type ConsentMethod,
  type ConsentPurpose,
  type ExplainedPoint,
  type GivenBy,
  type ReceiverKind,
  type ReceiverView,
  type RecordConsentEntry,
  type ThreeAnswerView,
  type WithdrawConsentEntry,
  type WithheldReason,
} from './schema'

/** An answer with what its reader needs beside it. Only the team of its case ever gets one. */
export type ConsentRow = {
  readonly id: string
  readonly code: string
  readonly caseId: string
  readonly caseCode: string
  readonly person: string
  readonly personCode: string | null
  readonly holder: string
  readonly agency: string
  readonly edition: number
  readonly purpose: ConsentPurpose
  readonly answer: ConsentAnswer
  readonly toAgency: string | null
  readonly toAgencyName: string | null
  readonly toKind: ReceiverKind | null
  readonly categories: readonly CategoryKey[]
  readonly identity: IdentityLevel
  readonly startsOn: string
  readonly endsOn: string | null
  readonly givenBy: GivenBy
  readonly method: ConsentMethod
  readonly language: string | null
  readonly interpreter: boolean
  readonly explained: readonly ExplainedPoint[]
  readonly explainedBy: string | null
  readonly withheld: readonly FieldKey[]
  readonly withheldWhy: WithheldReason | null
  readonly child: boolean
  readonly childView: ChildView | null
  readonly hasTexts: boolean
  readonly recordedAt: Date
  readonly recordedBy: string | null
  readonly withdrawnAt: Date | null
  readonly withdrawnBy: GivenBy | null
  readonly replaces: string | null
  readonly replacedBy: string | null
}

const COLUMNS = Prisma.sql`
  x.id, x.code, x.case_id AS "caseId", c.code AS "caseCode", x.person_id AS person, p.code AS "personCode",
  x.holder_agency_id AS holder, x.agency_id AS agency, x.version AS edition, x.purpose, x.answer, t.key AS "toAgency",
  t.name AS "toAgencyName", x.to_kind AS "toKind", x.categories, x.identity, x.starts_on::text AS "startsOn",
  x.ends_on::text AS "endsOn", x.given_by AS "givenBy", x.method, x.language, x.interpreter, x.explained,
  e.display_name AS "explainedBy", x.withheld, x.withheld_why AS "withheldWhy", x.child, x.child_view AS "childView",
  x.has_texts OR coalesce(w.has_reason, false) AS "hasTexts", x.recorded_at AS "recordedAt", m.display_name AS "recordedBy",
  w.withdrawn_at AS "withdrawnAt", w.given_by AS "withdrawnBy", b.code AS replaces, n.code AS "replacedBy"`
const BESIDE = Prisma.sql`
  JOIN case_file c ON c.id = x.case_id LEFT JOIN person p ON p.id = x.person_id LEFT JOIN agency t ON t.id = x.to_agency_id
  LEFT JOIN member e ON e.id = x.explained_by_id LEFT JOIN member m ON m.id = x.recorded_by_id
  LEFT JOIN consent_withdrawal w ON w.consent_id = x.id LEFT JOIN consent b ON b.id = x.replaces_id
  LEFT JOIN consent n ON n.replaces_id = x.id`

/** The answer that a code names, or null. */
export async function findConsent(tx: ActorTx, text: string): Promise<ConsentRow | null> {
  const code = parseCode(text, 'CON')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<ConsentRow[]>`SELECT ${COLUMNS} FROM consent x ${BESIDE} WHERE x.code = ${code}`
  return rows[0] ?? null
}

/** The answers of a case that no newer one replaces, the latest first, one more than the page shows. */
export function listConsentRows(
  tx: ActorTx,
  caseId: string,
  limit: number,
  cursor: Cursor | null,
): Promise<readonly ConsentRow[]> {
  const order = cursor?.direction === 'before' ? Prisma.sql`ASC` : Prisma.sql`DESC`
  const [at, id] = cursor?.position ?? []
  const than = cursor?.direction === 'before' ? Prisma.sql`>` : Prisma.sql`<`
  const beyond =
    cursor === null
      ? Prisma.empty
      : Prisma.sql`AND (x.recorded_at, x.id) ${than} (${String(at)}::timestamptz, ${String(id)}::uuid)`
  return tx.$queryRaw<ConsentRow[]>`
    SELECT ${COLUMNS} FROM consent x ${BESIDE} WHERE x.case_id = ${caseId}::uuid AND n.id IS NULL ${beyond}
    ORDER BY x.recorded_at ${order}, x.id ${order} LIMIT ${limit + 1}`
}

/** Where an answer stands in its list. */
export function consentPosition(consent: ConsentRow): CursorPosition {
  return [consent.recordedAt.toISOString(), consent.id]
}

/** An answer with the older and newer ones of its line, the newest first. */
export function listEditions(tx: ActorTx, id: string): Promise<readonly ConsentRow[]> {
  return tx.$queryRaw<ConsentRow[]>`
    WITH RECURSIVE older AS (
      SELECT o.id, o.replaces_id FROM consent o WHERE o.id = ${id}::uuid
      UNION ALL SELECT o.id, o.replaces_id FROM consent o JOIN older l ON o.id = l.replaces_id
    ), newer AS (
      SELECT o.id FROM consent o WHERE o.replaces_id = ${id}::uuid
      UNION ALL SELECT o.id FROM consent o JOIN newer l ON o.replaces_id = l.id
    )
    SELECT ${COLUMNS} FROM consent x ${BESIDE}
    WHERE x.id IN (SELECT id FROM older UNION ALL SELECT id FROM newer) ORDER BY x.version DESC`
}

/** All answers of a case, the latest first. */
export function listAllRows(tx: ActorTx, caseId: string): Promise<readonly ConsentRow[]> {
  return tx.$queryRaw<ConsentRow[]>`
    SELECT ${COLUMNS} FROM consent x ${BESIDE} WHERE x.case_id = ${caseId}::uuid ORDER BY x.recorded_at DESC, x.id DESC`
}

/** All answers of a case that no newer one replaces: what decides when the team is reminded. */
export function listStandings(tx: ActorTx, caseId: string): Promise<readonly ConsentRow[]> {
  return tx.$queryRaw<ConsentRow[]>`
    SELECT ${COLUMNS} FROM consent x ${BESIDE} WHERE x.case_id = ${caseId}::uuid AND n.id IS NULL`
}

/** A fresh id and code for an answer, which its texts are sealed for. */
export function newConsentName(): { readonly id: string; readonly code: string } {
  return { id: newId(), code: newCode('CON') }
}

/** Adds an answer to a case. Returns false when another took the place of what it replaces in the meantime. */
export async function insertConsent(
  tx: ActorTx,
  on: CaseRef,
  said: RecordConsentEntry,
  beside: {
    readonly id: string
    readonly code: string
    readonly toAgency: string | null
    readonly startsOn: string
    readonly replaces: ConsentRow | null
    readonly sealed: Uint8Array<ArrayBuffer> | null
  },
): Promise<boolean> {
  const { agency, member } = actorOf(tx)
  const { count } = await tx.consent.createMany({
    data: [
      {
        id: beside.id,
        code: beside.code,
        caseId: on.id,
        personId: on.person,
        holderAgencyId: on.holderAgency,
        agencyId: agency,
        replacesId: beside.replaces?.id ?? null,
        version: (beside.replaces?.edition ?? 0) + 1,
        purpose: said.purpose,
        answer: said.answer,
        toAgencyId: beside.toAgency,
        toKind: said.agencyKind ?? null,
        // The engine looks for answers by kind of help; one that is about none holds whatever is asked with.
        categories: isAboutHelp(said.purpose) ? [...new Set(said.categories)] : [...CATEGORY_KEYS],
        identity: said.identity,
        startsOn: new Date(beside.startsOn),
        endsOn: said.endsOn === undefined ? null : new Date(said.endsOn),
        givenBy: said.givenBy,
        method: said.method,
        language: said.language ?? null,
        interpreter: said.interpreter || said.method === 'interpreter',
        explained: [...new Set(said.explained)],
        explainedById: said.explained.length === 0 ? null : member,
        withheld: [...new Set(said.withheld)],
        withheldWhy: said.withheld.length === 0 ? null : (said.withheldWhy ?? null),
        child: said.child,
        childView: said.child ? (said.childView ?? null) : null,
        sealed: beside.sealed,
        hasTexts: beside.sealed !== null,
        recordedById: member,
        recordedAt: nowIn(tx),
      },
    ],
    skipDuplicates: true,
  })
  return count === 1
}

/** Ends a consent by the person's word. Returns false when that was done already. */
export async function insertWithdrawal(
  tx: ActorTx,
  consent: ConsentRow,
  said: WithdrawConsentEntry,
  reason: Uint8Array<ArrayBuffer> | null,
): Promise<boolean> {
  const { agency, member } = actorOf(tx)
  const { count } = await tx.consentWithdrawal.createMany({
    data: [
      {
        consentId: consent.id,
        caseId: consent.caseId,
        personId: consent.person,
        holderAgencyId: consent.holder,
        agencyId: agency,
        givenBy: said.givenBy,
        method: said.method,
        language: said.language ?? null,
        reason,
        hasReason: reason !== null,
        recordedById: member,
        withdrawnAt: nowIn(tx),
      },
    ],
    skipDuplicates: true,
  })
  return count === 1
}

export type SealedWords = { readonly place: 'consent' | 'consent_withdrawal'; readonly sealed: Uint8Array }

/** What was said beside a consent and its withdrawal. The database checks the team and writes the look before it answers. */
export function openTexts(tx: ActorTx, consent: string): Promise<readonly SealedWords[]> {
  return tx.$queryRaw<SealedWords[]>`
    SELECT o.place, o.sealed FROM app.read_consent_texts(${consent}::uuid, ${lookOf(tx, 'case')}::jsonb) o`
}

/** The agencies of the actor's network that something may go to, by name. */
export async function listReceivers(tx: ActorTx): Promise<readonly ReceiverView[]> {
  const { network, agency } = actorOf(tx)
  return tx.agency.findMany({
    where: { networkId: network, kind: { notIn: ['operator', 'oversight'] }, id: { not: agency } },
    orderBy: [{ name: 'asc' }, { key: 'asc' }],
    select: { key: true, name: true },
    take: 1000,
  })
}

export type ReceiverRow = { readonly id: string; readonly key: string; readonly name: string }

/** The agency of the actor's network that a key names, the actor's own left out; null for all others. */
export async function findReceiver(tx: ActorTx, key: string): Promise<ReceiverRow | null> {
  const { network, agency } = actorOf(tx)
  return tx.agency.findFirst({
    where: { key, networkId: network, kind: { notIn: ['operator', 'oversight'] }, id: { not: agency } },
    select: { id: true, key: true, name: true },
  })
}

/** The three answers of a case, each with the moment it became what it is. */
export async function listThreeAnswers(tx: ActorTx, caseId: string): Promise<readonly ThreeAnswerView[]> {
  const rows = await tx.$queryRaw<
    { question: ThreeAnswerView['question']; answer: ThreeAnswerView['answer']; since: Date | null }[]
  >`
    SELECT q.question, q.answer::text AS answer,
      (SELECT max(a.recorded_at) FROM case_answer a WHERE a.case_id = k.case_id AND a.question = q.question) AS since
    FROM case_content k CROSS JOIN LATERAL (VALUES (1, 'wants_support', k.wants_support), (2, 'data_use', k.data_use),
      (3, 'takes_part', k.takes_part)) q (place, question, answer)
    WHERE k.case_id = ${caseId}::uuid ORDER BY q.place`
  return rows.map((row) => ({ ...row, since: row.since?.toISOString() ?? null }))
}
