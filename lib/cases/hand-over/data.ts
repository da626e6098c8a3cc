import { Prisma } from '@/generated/prisma/client'
import { actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'

import type { ReceiverView, WaitingCaseView } from './schema'

export type WaitingRow = WaitingCaseView & { readonly id: string }

// What waits for this supervisor, as the database's policy has it; open cases before closed ones, the longest wait first.
const WAITING = Prisma.sql`FROM hand_over h JOIN case_file c ON c.id = h.case_id`
const ORDER = Prisma.sql`ORDER BY c.status IN ('closed', 'closed_referred'), h.since, h.id`

/** The cases that wait, at most `limit`; those with the codes given when there are any. */
export function listWaiting(tx: ActorTx, limit: number, codes?: readonly string[]): Promise<WaitingRow[]> {
  const chosen = codes === undefined ? Prisma.empty : Prisma.sql`AND c.code = ANY (${[...codes]})`
  return tx.$queryRaw<WaitingRow[]>`
    SELECT h.id, c.code, c.status::text AS status, c.stage::text AS stage, c.risk::text AS risk, u.name AS unit,
      m.display_name AS from, h.since
    ${WAITING} JOIN member m ON m.id = h.from_member_id LEFT JOIN agency_unit u ON u.id = h.unit_id
    WHERE h.agency_id = ${actorOf(tx).agency}::uuid AND h.done_at IS NULL ${chosen} ${ORDER} LIMIT ${limit}`
}

export async function countWaiting(tx: ActorTx): Promise<number> {
  const rows = await tx.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM hand_over h WHERE h.agency_id = ${actorOf(tx).agency}::uuid AND h.done_at IS NULL`
  return rows[0]?.n ?? 0
}

export type ReceiverRow = ReceiverView & { readonly id: string }

/** The agency's active members with case roles, the supervisor's own unit first, and how many open cases each has. */
export function listReceivers(tx: ActorTx): Promise<ReceiverRow[]> {
  const { agency, unit } = actorOf(tx)
  return tx.$queryRaw<ReceiverRow[]>`
    SELECT m.id, m.code, m.display_name AS name, u.name AS unit, coalesce(l.n, 0)::int AS load,
      EXISTS (SELECT 1 FROM absence a WHERE a.agency_id = m.agency_id AND a.member_id = m.id
        AND a.starts_at <= ${nowIn(tx)} AND a.ends_at > ${nowIn(tx)}) AS "isAway"
    FROM member m
    LEFT JOIN agency_unit u ON u.id = m.unit_id
    LEFT JOIN LATERAL (
      SELECT count(*) AS n FROM assignment a JOIN case_file c ON c.id = a.case_id AND c.status IN ('active', 'follow_up')
      WHERE a.member_id = m.id AND a.agency_id = m.agency_id AND a.ended_at IS NULL
    ) l ON true
    WHERE m.agency_id = ${agency}::uuid AND m.status = 'active' AND m.roles && ARRAY['caseworker', 'supervisor']::role[]
    ORDER BY m.unit_id IS NOT DISTINCT FROM ${unit}::uuid DESC, m.display_name, m.id LIMIT 200`
}

/** Gives cases that wait to members, pair by pair, each with its event; returns how many were still waiting. */
export async function markHandedOver(
  tx: ActorTx,
  pairs: readonly { readonly case: string; readonly member: string }[],
): Promise<number> {
  const waiting = pairs.map((pair) => pair.case)
  const receivers = pairs.map((pair) => pair.member)
  const rows = await tx.$queryRaw<{ n: number }[]>`
    SELECT app.hand_over_cases(${waiting}::uuid[], ${receivers}::uuid[]) AS n`
  return rows[0]?.n ?? 0
}
