import { Prisma } from '@/generated/prisma/client'
import { nowIn, type ActorTx } from '@/lib/access/with-actor'
import type { Cursor } from '@/lib/platform/cursor'

import type { CaseRef } from './data'
import type { TimelineKind } from './log-schema'

export type LogRow = {
  readonly id: bigint
  readonly code: string
  readonly at: Date
  readonly type: string
  readonly action: string
  readonly by: string | null
  readonly subject: string | null
  readonly fields: readonly string[]
  readonly outcome: string
  readonly purpose: string | null
}

const LOOKS = Prisma.sql`e.action IN ('read', 'list', 'search', 'print', 'export')`

/** What the log holds of a case and, where no case is named, of its person; the latest first. */
export function listLog(
  tx: ActorTx,
  ref: CaseRef,
  kind: 'looks' | 'changes' | undefined,
  cursor: Cursor | null,
  limit: number,
): Promise<readonly LogRow[]> {
  const isBackward = cursor?.direction === 'before'
  const from = cursor === null ? null : String(cursor.position[0])
  const place =
    from === null
      ? Prisma.empty
      : isBackward
        ? Prisma.sql`AND e.id > ${from}::bigint`
        : Prisma.sql`AND e.id < ${from}::bigint`
  const which =
    kind === undefined ? Prisma.empty : kind === 'looks' ? Prisma.sql`AND ${LOOKS}` : Prisma.sql`AND NOT ${LOOKS}`
  const order = isBackward ? Prisma.sql`e.id ASC` : Prisma.sql`e.id DESC`
  const columns = Prisma.sql`e.id, e.code, e.at, e.type, e.action, e.actor_id, e.subject, e.fields, e.outcome, e.purpose`
  return tx.$queryRaw<LogRow[]>`
    SELECT e.id, e.code, e.at, e.type, e.action, m.display_name AS by, e.subject, e.fields, e.outcome, e.purpose
    FROM (
      (SELECT ${columns} FROM audit_event e
        WHERE e.agency_id = ${ref.agency}::uuid AND e.case_id = ${ref.id}::uuid ${which} ${place}
        ORDER BY ${order} LIMIT ${limit})
      UNION ALL
      (SELECT ${columns} FROM audit_event e
        WHERE e.agency_id = ${ref.agency}::uuid AND e.person_id = ${ref.person}::uuid AND e.case_id IS NULL ${which} ${place}
        ORDER BY ${order} LIMIT ${limit})
    ) e LEFT JOIN member m ON m.id = e.actor_id
    ORDER BY ${order} LIMIT ${limit}`
}

/** How many looks there were in the last 30 days. */
export async function countLooks(tx: ActorTx, ref: CaseRef): Promise<number> {
  const since = new Date(nowIn(tx).getTime() - 30 * 86_400_000)
  const rows = await tx.$queryRaw<{ n: number }[]>`
    SELECT (SELECT count(*) FROM audit_event e
        WHERE e.agency_id = ${ref.agency}::uuid AND e.case_id = ${ref.id}::uuid AND e.at >= ${since} AND ${LOOKS})::int
      + (SELECT count(*) FROM audit_event e WHERE e.agency_id = ${ref.agency}::uuid
        AND e.person_id = ${ref.person}::uuid AND e.case_id IS NULL AND e.at >= ${since} AND ${LOOKS})::int AS n`
  return rows[0]?.n ?? 0
}

export type HappeningRow = {
  readonly id: string
  readonly kind: TimelineKind
  readonly code: string
  readonly day: string
  /** The order within the day, as text that the database reads back. */
  readonly sort: string
  readonly at: Date | null
  readonly by: string
  readonly what: string
  readonly category: string | null
  readonly state: string | null
  readonly paragraphs: readonly string[]
}

/**
 * What happened on a case, by true date, the latest first: services, contacts, needs, what the person agreed to, and
 * changes of the case itself.
 * Each source gives at most one page in its own order, so the length of the story costs nothing.
 */
export function listHappenings(
  tx: ActorTx,
  ref: CaseRef,
  zone: string,
  kind: TimelineKind | undefined,
  cursor: Cursor | null,
  limit: number,
): Promise<readonly HappeningRow[]> {
  const isBackward = cursor?.direction === 'before'
  const [day, at, id] = (cursor?.position ?? []).map(String)
  const place =
    cursor === null
      ? Prisma.sql`true`
      : isBackward
        ? Prisma.sql`(h.day, h.sort, h.id) > (${day}::date, ${at}::timestamptz, ${id})`
        : Prisma.sql`(h.day, h.sort, h.id) < (${day}::date, ${at}::timestamptz, ${id})`
  const order = isBackward
    ? Prisma.sql`h.day ASC, h.sort ASC, h.id ASC`
    : Prisma.sql`h.day DESC, h.sort DESC, h.id DESC`
  const sources = (Object.keys(SOURCES) as TimelineKind[])
    .filter((source) => kind === undefined || kind === source)
    .map(
      (source) =>
        Prisma.sql`(SELECT * FROM (${SOURCES[source](ref, zone)}) h WHERE ${place} ORDER BY ${order} LIMIT ${limit})`,
    )
  return tx.$queryRaw<HappeningRow[]>`
    SELECT h.id, h.kind, h.code, h.day::text AS day, h.sort::text AS sort, h.at, coalesce(m.display_name, a.name, '') AS by, h.what, h.category, h.state,
      coalesce((SELECT array_agg(s.paragraph ORDER BY s.reason <> 'category', s.paragraph <> '9', s.paragraph)
        FROM service_mandate s WHERE h.kind = 'service' AND s.service_id = h.id::uuid), '{}') AS paragraphs
    FROM (${Prisma.join(sources, ' UNION ALL ')}) h
    LEFT JOIN member m ON m.id = h.actor LEFT JOIN agency a ON a.id = h.agency
    ORDER BY ${order} LIMIT ${limit}`
}

/** Where the story comes from. `sort` orders within a day: the entry's own time for what is known by its day only. */
const SOURCES: Readonly<Record<TimelineKind, (ref: CaseRef, zone: string) => Prisma.Sql>> = {
  service: (ref) => Prisma.sql`
    SELECT s.id::text AS id, 'service' AS kind, s.code, s.delivered_on AS day, s.entered_at AS sort, NULL::timestamptz AS at,
      s.worker_id AS actor, s.agency_id AS agency, s.type AS what, s.category, s.status::text AS state
    FROM service s WHERE s.case_id = ${ref.id}::uuid`,
  contact: (ref, zone) => Prisma.sql`
    SELECT k.id::text AS id, 'contact' AS kind, k.code, (k.occurred_at AT TIME ZONE ${zone})::date AS day, k.occurred_at AS sort,
      k.occurred_at AS at, k.worker_id AS actor, k.agency_id AS agency, k.kind AS what, NULL AS category,
      CASE WHEN k.voided_at IS NULL THEN k.outcome ELSE 'voided' END AS state
    FROM contact_entry k WHERE k.case_id = ${ref.id}::uuid`,
  need: (ref) => Prisma.sql`
    SELECT n.id::text AS id, 'need' AS kind, n.code, n.found_on AS day, n.created_at AS sort, NULL::timestamptz AS at,
      n.found_by_id AS actor, n.agency_id AS agency, coalesce(n.type, n.category) AS what, n.category, n.state::text AS state
    FROM need n WHERE n.holder_agency_id = ${ref.holderAgency}::uuid AND n.case_id = ${ref.id}::uuid`,
  consent: (ref, zone) => Prisma.sql`
    SELECT c.id::text AS id, 'consent' AS kind, c.code, (c.recorded_at AT TIME ZONE ${zone})::date AS day, c.recorded_at AS sort, c.recorded_at AS at,
      c.recorded_by_id AS actor, c.agency_id AS agency, c.purpose AS what, NULL AS category, c.answer AS state
    FROM consent c WHERE c.case_id = ${ref.id}::uuid
    UNION ALL
    SELECT c.id::text || ' withdrawn', 'consent', c.code, (w.withdrawn_at AT TIME ZONE ${zone})::date, w.withdrawn_at, w.withdrawn_at,
      w.recorded_by_id, w.agency_id, c.purpose, NULL, 'withdrawn'
    FROM consent_withdrawal w JOIN consent c ON c.id = w.consent_id WHERE w.case_id = ${ref.id}::uuid`,
  case: (ref, zone) => Prisma.sql`
    SELECT e.id::text AS id, 'case' AS kind, e.code, (e.at AT TIME ZONE ${zone})::date AS day, e.at AS sort, e.at,
      e.actor_id AS actor, e.agency_id AS agency, e.type AS what, NULL AS category, e.basis AS state
    FROM audit_event e WHERE e.agency_id = ${ref.agency}::uuid AND e.case_id = ${ref.id}::uuid
      AND e.type IN ('case.opened', 'case.changed', 'case.closed', 'case.reopened', 'case.restricted', 'case.unrestricted', 'case.lead-moved', 'case.lead-returned',
        'assignment.started', 'assignment.ended')`,
}
