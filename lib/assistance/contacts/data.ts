import { Prisma } from '@/generated/prisma/client'
import { aboutSubject, actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import { lookOf } from '@/lib/audit/record'
import type { CaseRef } from '@/lib/cases/reference-service'
import type { Cursor, CursorPosition } from '@/lib/platform/cursor'
import { newCode, newId, parseCode } from '@/lib/platform/ids'

import type { ContactKind, ContactOutcome } from './schema'

/** An entry of the contact log with what its reader needs beside it. Only the team of its case ever gets one. */
export type ContactRow = {
  readonly id: string
  readonly code: string
  readonly caseId: string
  readonly caseCode: string
  readonly person: string
  readonly personCode: string | null
  readonly holder: string
  readonly agency: string
  readonly agencyKey: string
  readonly agencyName: string
  readonly kind: ContactKind
  readonly outcome: ContactOutcome
  readonly occurredAt: Date
  readonly worker: string | null
  readonly hasText: boolean
  readonly voidedAt: Date | null
  readonly enteredAt: Date
  readonly version: number
}

const COLUMNS = Prisma.sql`
  e.id, e.code, e.case_id AS "caseId", c.code AS "caseCode", e.person_id AS person, p.code AS "personCode",
  e.holder_agency_id AS holder, e.agency_id AS agency, a.key AS "agencyKey", a.name AS "agencyName", e.kind, e.outcome,
  e.occurred_at AS "occurredAt", w.display_name AS worker, e.has_text AS "hasText", e.voided_at AS "voidedAt",
  e.entered_at AS "enteredAt", e.version`
const BESIDE = Prisma.sql`
  JOIN case_file c ON c.id = e.case_id JOIN agency a ON a.id = e.agency_id
  LEFT JOIN person p ON p.id = e.person_id LEFT JOIN member w ON w.id = e.worker_id`

/** The contact that a code names, or null. */
export async function findContact(tx: ActorTx, text: string): Promise<ContactRow | null> {
  const code = parseCode(text, 'CTC')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<ContactRow[]>`SELECT ${COLUMNS} FROM contact_entry e ${BESIDE} WHERE e.code = ${code}`
  return rows[0] ?? null
}

/** Contacts of a case, the newest first, one more than the page shows, in the cursor's direction. */
export async function listContactRows(
  tx: ActorTx,
  caseId: string,
  limit: number,
  cursor: Cursor | null,
): Promise<readonly ContactRow[]> {
  const order = cursor?.direction === 'before' ? Prisma.sql`ASC` : Prisma.sql`DESC`
  return tx.$queryRaw<ContactRow[]>`
    WITH page AS MATERIALIZED (
      SELECT * FROM contact_entry e WHERE e.case_id = ${caseId}::uuid ${beyond(cursor)}
      ORDER BY e.occurred_at ${order}, e.id ${order} LIMIT ${limit + 1}
    )
    SELECT ${COLUMNS} FROM page e ${BESIDE} ORDER BY e.occurred_at ${order}, e.id ${order}`
}

/** Where a contact stands in its list. */
export function contactPosition(contact: ContactRow): CursorPosition {
  return [contact.occurredAt.toISOString(), contact.id]
}

function beyond(cursor: Cursor | null): Prisma.Sql {
  if (cursor === null) return Prisma.empty
  const [at, id] = cursor.position
  const than = cursor.direction === 'before' ? Prisma.sql`>` : Prisma.sql`<`
  return Prisma.sql`AND (e.occurred_at, e.id) ${than} (${at}::timestamptz, ${id}::uuid)`
}

export type NewContact = {
  readonly id: string
  readonly code: string
  readonly kind: ContactKind
  readonly outcome: ContactOutcome
  readonly occurredAt: Date
  readonly sealed: Uint8Array<ArrayBuffer> | null
}

/** A fresh id and code for a contact, which its texts are sealed for. */
export function newContactName(): { readonly id: string; readonly code: string } {
  return { id: newId(), code: newCode('CTC') }
}

/** Adds an entry to the contact log of a case, with its sealed text apart. */
export async function insertContact(tx: ActorTx, on: CaseRef, contact: NewContact): Promise<void> {
  const { agency, member } = actorOf(tx)
  const both = { holderAgencyId: on.holderAgency, agencyId: agency }
  await tx.contactEntry.createMany({
    data: [
      {
        id: contact.id,
        code: contact.code,
        caseId: on.id,
        personId: on.person,
        ...both,
        kind: contact.kind,
        outcome: contact.outcome,
        occurredAt: contact.occurredAt,
        workerId: member,
        hasText: contact.sealed !== null,
        enteredAt: nowIn(tx),
      },
    ],
  })
  if (contact.sealed !== null) {
    await tx.contactText.createMany({
      data: [{ contactId: contact.id, caseId: on.id, sealed: contact.sealed, ...both }],
    })
  }
}

/** Marks a contact as voided. Returns false if it changed since `version`. */
export async function markContactVoided(tx: ActorTx, id: string, version: number): Promise<boolean> {
  const { count } = await tx.contactEntry.updateMany({
    where: { id, version, voidedAt: null },
    data: { voidedAt: nowIn(tx), version: { increment: 1 } },
  })
  return count === 1
}

/** The sealed text of a contact, or null. The database checks the team and writes the look before it answers. */
export async function openText(tx: ActorTx, contact: string): Promise<Uint8Array | null> {
  const rows = await tx.$queryRaw<{ sealed: Uint8Array }[]>`
    SELECT o.sealed FROM app.read_contact_texts(${[contact]}::uuid[], ${lookOf(tx, 'case')}::jsonb) o`
  return rows[0]?.sealed ?? null
}
