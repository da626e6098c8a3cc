import { actorOf, type ActorTx } from '@/lib/access/with-actor'

export type LookedRow = {
  readonly day: string
  readonly agency: string | null
  readonly who: string | null
  readonly roles: readonly string[]
  readonly types: readonly string[]
  readonly emergency: boolean
  readonly times: number
}

/**
 * Who looked at a person, by day and member, the latest first; of another agency's members which agency, and what they are
 * there. The database's policies leave out what isn't the actor's: cases that they are not on.
 */
export function listWhoLooked(tx: ActorTx, person: string, limit: number): Promise<readonly LookedRow[]> {
  const { agency, timeZone } = actorOf(tx)
  return tx.$queryRaw<LookedRow[]>`
    SELECT l.day, a.name AS agency, m.display_name AS who, l.roles, l.types, l.emergency, l.times
    FROM (
      SELECT (e.at AT TIME ZONE ${timeZone})::date::text AS day, e.agency_id, e.actor_id, e.roles, array_agg(DISTINCT e.type) AS types,
        coalesce(e.purpose = 'emergency', false) AS emergency, count(*)::int AS times, max(e.id) AS last
      FROM audit_event e
      WHERE (e.agency_id = ${agency}::uuid OR e.holder_agency_id = ${agency}::uuid) AND e.person_id = ${person}::uuid
        AND e.outcome = 'success' AND e.action IN ('read', 'list', 'search', 'print', 'export')
      GROUP BY 1, e.agency_id, e.actor_id, e.roles, 6
      ORDER BY last DESC LIMIT ${limit}
    ) l LEFT JOIN member m ON m.id = l.actor_id AND m.agency_id = ${agency}::uuid LEFT JOIN agency a ON a.id = l.agency_id
    ORDER BY l.day DESC, l.last DESC`
}
