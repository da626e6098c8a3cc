import { Prisma } from '@/generated/prisma/client'
import { aboutSubject, actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import type { Cursor, CursorPosition } from '@/lib/platform/cursor'
import { newCode, newId, parseCode } from '@/lib/platform/ids'

import type {
  ListTurnedAwayInput,
  RecordTurnedAwayInput,
  TurnedAwayCount,
  TurnedAwayView,
  TurnedAwayVoidReason,
} from './schema'

export type TurnedAwayRow = Omit<TurnedAwayView, 'enteredAt' | 'mayVoid'> & {
  readonly id: string
  readonly enteredAt: Date
}

const COLUMNS = Prisma.sql`t.id, t.code, t.asked_on::text AS "askedOn", t.entered_at AS "enteredAt", t.reason, t.category, t.gender, t.age,
  t.language, t.migration, t.seen, t.sent_to AS "sentTo", a.key AS "sentAgency", a.name AS "sentAgencyName",
  t.void_reason AS "voidReason", t.version`

/** Writes a record and answers its code. */
export async function insertTurnedAway(
  tx: ActorTx,
  input: RecordTurnedAwayInput & { readonly askedOn: string; readonly sentAgencyId: string | null },
): Promise<string> {
  const { agency, member } = actorOf(tx)
  const code = newCode('TAW')
  await tx.$executeRaw`
    INSERT INTO turned_away (id, code, agency_id, recorded_by_id, asked_on, entered_at, reason, category, gender, age, language, migration, seen,
      sent_to, sent_agency_id)
    VALUES (${newId()}::uuid, ${code}, ${agency}::uuid, ${member}::uuid, ${input.askedOn}::date, ${nowIn(tx)}, ${input.reason}, ${input.category},
      ${input.gender ?? null}, ${input.age ?? null}, ${input.language ?? null}, ${input.migration ?? null}, ${[...new Set(input.seen ?? [])]}::text[],
      ${input.sentTo}, ${input.sentAgencyId}::uuid)`
  return code
}

/** The record that a code names, when the actor may know it. */
export async function findTurnedAway(tx: ActorTx, text: string): Promise<TurnedAwayRow | null> {
  const code = parseCode(text, 'TAW')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<TurnedAwayRow[]>`
    SELECT ${COLUMNS} FROM turned_away t LEFT JOIN agency a ON a.id = t.sent_agency_id WHERE t.code = ${code}`
  return rows[0] ?? null
}

/** Voids a record that nobody has changed meanwhile. */
export async function markTurnedAwayVoided(
  tx: ActorTx,
  { id, version }: Pick<TurnedAwayRow, 'id' | 'version'>,
  reason: TurnedAwayVoidReason,
): Promise<boolean> {
  const done = await tx.$executeRaw`
    UPDATE turned_away SET voided_at = ${nowIn(tx)}, void_reason = ${reason}, version = version + 1
    WHERE id = ${id}::uuid AND version = ${version} AND voided_at IS NULL`
  return done === 1
}

/** One page, the latest first; one row more than it shows, in the cursor's direction. */
export async function listTurnedAwayRows(
  tx: ActorTx,
  { reason, category, limit }: ListTurnedAwayInput,
  onlyOwn: boolean,
  cursor: Cursor | null,
): Promise<readonly TurnedAwayRow[]> {
  const { agency, member } = actorOf(tx)
  const isBackward = cursor?.direction === 'before'
  const order = isBackward ? Prisma.sql`t.asked_on ASC, t.id ASC` : Prisma.sql`t.asked_on DESC, t.id DESC`
  const conditions = [Prisma.sql`t.agency_id = ${agency}::uuid`]
  if (onlyOwn) conditions.push(Prisma.sql`t.recorded_by_id = ${member}::uuid`)
  if (reason !== undefined) conditions.push(Prisma.sql`t.reason = ${reason}`)
  if (category !== undefined) conditions.push(Prisma.sql`t.category = ${category}`)
  if (cursor !== null) {
    const place = Prisma.sql`(${String(cursor.position[0])}::date, ${String(cursor.position[1])}::uuid)`
    conditions.push(Prisma.sql`(t.asked_on, t.id) ${isBackward ? Prisma.sql`>` : Prisma.sql`<`} ${place}`)
  }
  return tx.$queryRaw<TurnedAwayRow[]>`
    SELECT ${COLUMNS} FROM turned_away t LEFT JOIN agency a ON a.id = t.sent_agency_id
    WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY ${order} LIMIT ${limit + 1}`
}

/** Where a record stands in the list. */
export function turnedAwayPosition({ askedOn, id }: TurnedAwayRow): CursorPosition {
  return [askedOn, id]
}

/** How many the agency turned away since a day, by reason and by category; what was voided is left out. */
export async function countTurnedAway(
  tx: ActorTx,
  since: string,
): Promise<{ readonly byReason: readonly TurnedAwayCount[]; readonly byCategory: readonly TurnedAwayCount[] }> {
  const { agency } = actorOf(tx)
  const rows = await tx.$queryRaw<{ reason: string | null; category: string | null; n: number }[]>`
    SELECT reason, category, count(*)::int AS n FROM turned_away
    WHERE agency_id = ${agency}::uuid AND asked_on > ${since}::date AND voided_at IS NULL
    GROUP BY GROUPING SETS ((reason), (category)) ORDER BY n DESC, 1, 2`
  const countsBy = (by: 'reason' | 'category') =>
    rows.flatMap((row) => (row[by] === null ? [] : [{ key: row[by], n: row.n }]))
  return { byReason: countsBy('reason'), byCategory: countsBy('category') }
}

/** The other agencies of the network, which somebody may be sent to. */
export async function listNeighbours(
  tx: ActorTx,
): Promise<readonly { readonly id: string; readonly key: string; readonly name: string }[]> {
  const { network, agency } = actorOf(tx)
  return tx.agency.findMany({
    where: { networkId: network, kind: { not: 'operator' }, id: { not: agency } },
    orderBy: [{ name: 'asc' }, { key: 'asc' }],
    select: { id: true, key: true, name: true },
    take: 1000,
  })
}
