import { actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'

import { workerHandle } from './data'
import type { LoadLine } from './today-schema'

/**
 * What each member of the supervisor's unit carries: open cases, those at high risk, tasks that are late. Restricted
 * cases off the supervisor's team are in none of these numbers.
 */
export async function listLoad(tx: ActorTx): Promise<readonly LoadLine[]> {
  const { agency, unit } = actorOf(tx)
  const rows = await tx.$queryRaw<(Omit<LoadLine, 'handle'> & { readonly member: string })[]>`
    SELECT m.id AS member, m.display_name AS name, coalesce(l.cases, 0)::int AS cases, coalesce(l.high, 0)::int AS "highRisk",
      coalesce(t.late, 0)::int AS late
    FROM member m
    LEFT JOIN LATERAL (
      SELECT count(*) AS cases, count(*) FILTER (WHERE c.risk = 'high') AS high
      FROM assignment a JOIN case_file c ON c.id = a.case_id AND c.status IN ('active', 'follow_up')
      WHERE a.member_id = m.id AND a.agency_id = ${agency}::uuid AND a.ended_at IS NULL
    ) l ON true
    LEFT JOIN LATERAL (
      SELECT count(*) AS late FROM task k
      WHERE k.owner_id = m.id AND k.agency_id = ${agency}::uuid AND k.done_at IS NULL AND k.due_at < ${nowIn(tx)}
    ) t ON true
    WHERE m.agency_id = ${agency}::uuid AND m.status = 'active' AND m.roles && ARRAY['caseworker', 'supervisor']::role[]
      AND (${unit}::uuid IS NULL OR m.unit_id = ${unit}::uuid)
    ORDER BY l.cases DESC NULLS LAST, m.display_name, m.id LIMIT 100`
  return rows.map(({ member, ...line }) => ({ handle: workerHandle(member), ...line }))
}
