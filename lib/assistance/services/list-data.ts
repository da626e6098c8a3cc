import { Prisma } from '@/generated/prisma/client'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import type { CategoryKey } from '@/lib/mandate/categories'
import type { MandateReason } from '@/lib/mandate/rules'
import type { Cursor, CursorPosition } from '@/lib/platform/cursor'

import type { ServiceStatus } from './schema'

/** The coded line of a service with what its readers need beside it. */
export type ServiceRow = {
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
  readonly needId: string | null
  readonly needCode: string | null
  readonly category: CategoryKey
  readonly type: string
  readonly deliveredOn: string
  readonly endedOn: string | null
  readonly status: ServiceStatus
  readonly worker: string | null
  readonly groupId: string | null
  readonly hasNote: boolean
  readonly version: number
  readonly enteredAt: Date
  readonly mandate: readonly { readonly paragraph: string; readonly reason: MandateReason }[]
}

/** The columns of a `ServiceRow`, over `service s` and `BESIDE_SERVICE`; the paragraphs come from the record's own rows. */
export const SERVICE_COLUMNS = Prisma.sql`
  s.id, s.code, s.case_id AS "caseId",
  coalesce(c.code, (SELECT g.case_code FROM case_grant g WHERE g.agency_id = s.agency_id AND g.case_id = s.case_id LIMIT 1)) AS "caseCode", s.person_id AS person, p.code AS "personCode",
  s.holder_agency_id AS holder, s.agency_id AS agency, a.key AS "agencyKey", a.name AS "agencyName",
  s.need_id AS "needId",
  CASE WHEN s.need_id IS NOT NULL AND s.agency_id <> s.holder_agency_id AND n.code IS NULL
    THEN (SELECT o.code FROM app.granted_needs(s.case_id, s.need_id) o) ELSE n.code END AS "needCode", s.category, s.type,
  to_char(s.delivered_on, 'YYYY-MM-DD') AS "deliveredOn", to_char(s.ended_on, 'YYYY-MM-DD') AS "endedOn",
  s.status::text AS status, w.display_name AS worker, s.group_id AS "groupId", s.has_note AS "hasNote", s.version,
  s.entered_at AS "enteredAt",
  (SELECT coalesce(json_agg(json_build_object('paragraph', m.paragraph, 'reason', m.reason)), '[]')
   FROM service_mandate m WHERE m.service_id = s.id) AS mandate`
export const BESIDE_SERVICE = Prisma.sql`
  LEFT JOIN case_file c ON c.id = s.case_id JOIN agency a ON a.id = s.agency_id
  LEFT JOIN person p ON p.id = s.person_id LEFT JOIN member w ON w.id = s.worker_id LEFT JOIN need n ON n.id = s.need_id`

export type ServiceFilter = {
  readonly caseId?: string | undefined
  readonly category?: CategoryKey | undefined
  readonly type?: string | undefined
  readonly status?: ServiceStatus | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** The agency that wrote it, by its id; without it and without a case, the actor's own. */
  readonly agencyId?: string | undefined
}

/** Services, the newest day first, one more than the page shows, in the cursor's direction. One query. */
export async function listServiceRows(
  tx: ActorTx,
  filter: ServiceFilter,
  limit: number,
  cursor: Cursor | null,
): Promise<readonly ServiceRow[]> {
  const order = cursor?.direction === 'before' ? Prisma.sql`ASC` : Prisma.sql`DESC`
  return tx.$queryRaw<ServiceRow[]>`
    WITH page AS MATERIALIZED (
      SELECT * FROM service s WHERE ${conditions(actorOf(tx).agency, filter, cursor)}
      ORDER BY s.delivered_on ${order}, s.id ${order} LIMIT ${limit + 1}
    )
    SELECT ${SERVICE_COLUMNS} FROM page s ${BESIDE_SERVICE} ORDER BY s.delivered_on ${order}, s.id ${order}`
}

/** Where a service stands in its list. */
export function servicePosition(service: ServiceRow): CursorPosition {
  return [service.deliveredOn, service.id]
}

function conditions(agency: string, filter: ServiceFilter, cursor: Cursor | null): Prisma.Sql {
  const all = whose(agency, filter)
  if (filter.category !== undefined) all.push(Prisma.sql`s.category = ${filter.category}`)
  if (filter.type !== undefined) all.push(Prisma.sql`s.type = ${filter.type}`)
  if (filter.status !== undefined) all.push(Prisma.sql`s.status = ${filter.status}::service_status`)
  if (filter.from !== undefined) all.push(Prisma.sql`s.delivered_on >= ${filter.from}::date`)
  if (filter.to !== undefined) all.push(Prisma.sql`s.delivered_on <= ${filter.to}::date`)
  if (cursor !== null) {
    const [on, id] = cursor.position
    const than = cursor.direction === 'before' ? Prisma.sql`>` : Prisma.sql`<`
    all.push(Prisma.sql`(s.delivered_on, s.id) ${than} (${on}::date, ${id}::uuid)`)
  }
  return Prisma.join(all, ' AND ')
}

/**
 * The agency stands in the condition itself, so that its index drives the page: under the policy alone, which also
 * admits the rows that the agency holds, the planner would have no order to read in.
 */
function whose(agency: string, filter: ServiceFilter): Prisma.Sql[] {
  if (filter.caseId !== undefined) {
    const writer = filter.agencyId
    return [
      Prisma.sql`s.case_id = ${filter.caseId}::uuid`,
      ...(writer === undefined ? [] : [Prisma.sql`s.agency_id = ${writer}::uuid`]),
    ]
  }
  if (filter.agencyId === undefined || filter.agencyId === agency) return [Prisma.sql`s.agency_id = ${agency}::uuid`]
  return [Prisma.sql`s.agency_id = ${filter.agencyId}::uuid`, Prisma.sql`s.holder_agency_id = ${agency}::uuid`]
}
