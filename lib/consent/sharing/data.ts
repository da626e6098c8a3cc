import { Prisma } from '@/generated/prisma/client'
import type { ActorTx } from '@/lib/access/with-actor'
import type { Cursor, CursorPosition } from '@/lib/platform/cursor'

import type { FieldDecision } from '../engine'
import type { DisclosureWay } from './schema'

/** What the database says of these fields to this receiver, now; it says it to the team of the case alone. */
export function listDecisions(
  tx: ActorTx,
  caseId: string,
  receiver: string,
  purpose: string,
  fields: readonly string[],
): Promise<readonly FieldDecision[]> {
  return tx.$queryRaw<FieldDecision[]>`
    SELECT b.field, b.allowed, b.basis, b.code, b.until, b.reason
    FROM app.sharing_basis(${caseId}::uuid, ${receiver}::uuid, ${purpose}, ${[...fields]}::text[]) b`
}

export type DisclosureRow = {
  readonly id: string
  readonly code: string
  readonly at: Date
  readonly way: DisclosureWay
  readonly receiver: 'agency' | 'person' | 'administrator'
  readonly agencyName: string | null
  readonly purpose: string
  readonly fields: readonly string[]
  readonly bases: readonly string[]
  readonly basisCodes: readonly string[]
  readonly subject: string | null
  readonly by: string | null
}

const COLUMNS = Prisma.sql`
  d.id, d.code, d.at, d.way, d.receiver, t.name AS "agencyName", d.purpose, d.fields, d.bases, d.basis_codes AS "basisCodes",
  d.subject, m.display_name AS by`
const BESIDE = Prisma.sql`LEFT JOIN agency t ON t.id = d.to_agency_id LEFT JOIN member m ON m.id = d.member_id`

/** What left of a case and of its person, the latest first, one more than the page shows. */
export function listDisclosureRows(
  tx: ActorTx,
  on: { readonly caseId: string | null; readonly person: string },
  limit: number,
  cursor: Cursor | null,
): Promise<readonly DisclosureRow[]> {
  const order = cursor?.direction === 'before' ? Prisma.sql`ASC` : Prisma.sql`DESC`
  const than = cursor?.direction === 'before' ? Prisma.sql`>` : Prisma.sql`<`
  const [at, id] = cursor?.position ?? []
  const beyond =
    cursor === null
      ? Prisma.empty
      : Prisma.sql`AND (d.at, d.id) ${than} (${String(at)}::timestamptz, ${String(id)}::uuid)`
  const which =
    on.caseId === null ? Prisma.empty : Prisma.sql`AND (d.case_id = ${on.caseId}::uuid OR d.case_id IS NULL)`
  return tx.$queryRaw<DisclosureRow[]>`
    SELECT ${COLUMNS} FROM disclosure d ${BESIDE} WHERE d.person_id = ${on.person}::uuid ${which} ${beyond}
    ORDER BY d.at ${order}, d.id ${order} LIMIT ${limit + 1}`
}

/** Where a line stands in the ledger. */
export function disclosurePosition(row: DisclosureRow): CursorPosition {
  return [row.at.toISOString(), row.id]
}
