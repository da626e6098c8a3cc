import 'server-only'
import { actorOf, type ActorTx, nowIn, originOf } from '@/lib/access/with-actor'
import { parseCode } from '@/lib/platform/ids'

import type { Span } from './staffing-rules'

/** What a function of the database says of cover and absence. */
export type StaffingAnswer =
  | 'ok'
  | 'not_found'
  | 'forbidden'
  | 'own_record'
  | 'unit'
  | 'member'
  | 'stand_in'
  | 'dates'
  | 'overlap'
  | 'stand_in_away'
  | 'wrong_state'

export type ColleagueRow = {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly unitId: string | null
  readonly unit: string | null
}

/** The agency's active members with case roles, by name. */
export async function listColleagues(tx: ActorTx): Promise<ColleagueRow[]> {
  const rows = await tx.member.findMany({
    where: { agencyId: actorOf(tx).agency, status: 'active', roles: { hasSome: ['caseworker', 'supervisor'] } },
    orderBy: [{ displayName: 'asc' }, { id: 'asc' }],
    select: { id: true, code: true, displayName: true, unitId: true, unit: { select: { name: true } } },
    take: 2000,
  })
  return rows.map(({ id, code, displayName, unitId, unit }) => ({
    id,
    code,
    name: displayName,
    unitId,
    unit: unit?.name ?? null,
  }))
}

export type CoverRow = {
  readonly code: string
  readonly unitId: string
  readonly unit: string
  readonly unitCode: string
  readonly memberId: string
  readonly name: string
  readonly startsAt: Date
  readonly endsAt: Date
}

/** Cover of the agency that holds or is to come, the next to begin first; one of a unit when it is given. */
export function listCovers(tx: ActorTx): Promise<CoverRow[]> {
  return tx.$queryRaw<CoverRow[]>`
    SELECT c.code, u.id AS "unitId", u.name AS unit, u.code AS "unitCode", m.id AS "memberId", m.display_name AS name,
      c.starts_at AS "startsAt", c.ends_at AS "endsAt"
    FROM unit_cover c JOIN agency_unit u ON u.id = c.unit_id JOIN member m ON m.id = c.member_id
    WHERE c.agency_id = ${actorOf(tx).agency}::uuid AND c.ends_at > ${nowIn(tx)} AND c.ends_at > c.starts_at
    ORDER BY c.starts_at, c.id LIMIT 500`
}

export type AbsenceRow = {
  readonly code: string
  readonly memberId: string
  readonly member: string
  readonly unitId: string | null
  readonly name: string
  readonly standInId: string
  readonly standIn: string
  readonly startsAt: Date
  readonly endsAt: Date
}

/** Absences of the agency that hold or are to come, the next to begin first. */
export function listAbsences(tx: ActorTx): Promise<AbsenceRow[]> {
  return tx.$queryRaw<AbsenceRow[]>`
    SELECT a.code, m.id AS "memberId", m.code AS member, m.unit_id AS "unitId", m.display_name AS name,
      s.id AS "standInId", s.display_name AS "standIn", a.starts_at AS "startsAt", a.ends_at AS "endsAt"
    FROM absence a JOIN member m ON m.id = a.member_id JOIN member s ON s.id = a.stand_in_id
    WHERE a.agency_id = ${actorOf(tx).agency}::uuid AND a.ends_at > ${nowIn(tx)} AND a.ends_at > a.starts_at
    ORDER BY a.starts_at, a.id LIMIT 500`
}

export async function insertCover(
  tx: ActorTx,
  cover: { readonly id: string; readonly unit: string; readonly member: string } & Span,
): Promise<StaffingAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.set_cover(${cover.id}::uuid, ${cover.unit}::uuid, ${cover.member}::uuid, ${cover.starts}, ${cover.ends},
        ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function insertAbsence(
  tx: ActorTx,
  absence: { readonly id: string; readonly member: string; readonly standIn: string } & Span,
): Promise<StaffingAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.set_absence(${absence.id}::uuid, ${absence.member}::uuid, ${absence.standIn}::uuid, ${absence.starts},
        ${absence.ends}, ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function markCoverEnded(tx: ActorTx, text: string): Promise<StaffingAnswer> {
  const code = parseCode(text, 'COV')
  if (code === null) return 'not_found'
  return answered(await tx.$queryRaw<Answered>`SELECT app.end_cover(${code}, ${originOf(tx)}::jsonb) AS answer`)
}

export async function markAbsenceEnded(tx: ActorTx, text: string): Promise<StaffingAnswer> {
  const code = parseCode(text, 'ABS')
  if (code === null) return 'not_found'
  return answered(await tx.$queryRaw<Answered>`SELECT app.end_absence(${code}, ${originOf(tx)}::jsonb) AS answer`)
}

type Answered = { answer: StaffingAnswer }[]

function answered(rows: Answered): StaffingAnswer {
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('A change to cover or absence gives one answer')
  return answer
}
