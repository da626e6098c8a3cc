import { Prisma } from '@/generated/prisma/client'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import type { Cursor } from '@/lib/platform/cursor'

import type { CaseFilters, CaseLineView, ListTab, PersonTraits } from './schema'
import type { TaskKind } from './tasks/schema'

/** Filters with the worker's handle and the unit's code made out: the ids, or null where nobody has it. */
export type ResolvedFilters = Omit<CaseFilters, 'worker' | 'unit'> & {
  readonly worker?: string | null | undefined
  readonly unit?: string | null | undefined
}

export type CaseLineRow = Omit<CaseLineView, 'next' | 'about'> & {
  readonly id: string
  /** What the list is ordered by, as text that the database reads back. */
  readonly sortKey: string
  readonly nextKind: TaskKind | null
  readonly nextDueAt: Date | null
  readonly about: PersonTraits | null
}

const OPEN = Prisma.sql`c.status IN ('active', 'follow_up')`
const ENDED = Prisma.sql`c.status IN ('closed', 'closed_referred')`

/**
 * One page of cases, read in the cursor's direction: the member's own with the next date first, or the agency's with
 * the latest opened first. The page is cut before anything is joined to it, so it costs what it shows.
 */
export function listCaseLines(
  tx: ActorTx,
  tab: ListTab,
  filters: ResolvedFilters,
  cursor: Cursor | null,
  limit: number,
): Promise<readonly CaseLineRow[]> {
  const order = ORDER[tab]
  const isBackward = cursor?.direction === 'before'
  return tx.$queryRaw<CaseLineRow[]>`
    WITH page AS MATERIALIZED (
      SELECT c.*, p.code AS person_code, p.birth_band, ${order.key} AS sort_key
      FROM case_file c JOIN person p ON p.id = c.person_id
      WHERE ${whichCases(tx, tab)} ${conditions(filters)} ${after(tab, cursor)}
      ORDER BY ${isBackward ? order.backward : order.forward} LIMIT ${limit}
    )
    SELECT c.id, c.code, c.person_code AS person, c.number, c.status::text AS status, c.stage::text AS stage,
      c.risk::text AS risk, c.restricted, c.opened_on::text AS "openedOn",
      (SELECT l.name FROM agency l WHERE l.id = c.lead_agency_id AND c.lead_agency_id <> c.agency_id) AS "ledBy", c.needs_open AS "needsOpen",
      c.sort_key::text AS "sortKey", t.kind AS "nextKind", t.due_at AS "nextDueAt",
      coalesce(w.workers, '{}') AS workers, coalesce(n.counts, '{}') AS services,
      CASE WHEN r.person_id IS NOT NULL THEN jsonb_build_object('birthBand', c.birth_band, 'gender', r.gender,
        'languages', r.languages, 'interpreter', r.interpreter_needed) END AS about
    FROM page c
    LEFT JOIN person_profile r ON r.person_id = c.person_id
    LEFT JOIN LATERAL (
      SELECT k.kind, k.due_at FROM task k WHERE k.case_id = c.id AND k.done_at IS NULL ORDER BY k.due_at, k.id LIMIT 1
    ) t ON true
    LEFT JOIN LATERAL (
      SELECT array_agg(m.display_name ORDER BY a.lead DESC, a.started_at, a.id) AS workers
      FROM assignment a JOIN member m ON m.id = a.member_id WHERE a.case_id = c.id AND a.ended_at IS NULL
    ) w ON true
    LEFT JOIN LATERAL (
      SELECT jsonb_object_agg(s.category, s.n) AS counts
      FROM (SELECT x.category, sum(x.n) AS n FROM case_service_count x WHERE x.case_id = c.id GROUP BY 1) s WHERE s.n > 0
    ) n ON true
    ORDER BY ${isBackward ? order.backward : order.forward}`
}

const DUE = Prisma.sql`coalesce(c.next_due_at, 'infinity'::timestamptz)`

const ORDER = {
  mine: {
    key: DUE,
    forward: Prisma.sql`${DUE} ASC, c.id ASC`,
    backward: Prisma.sql`${DUE} DESC, c.id DESC`,
  },
  agency: {
    key: Prisma.sql`c.opened_on`,
    forward: Prisma.sql`c.opened_on DESC, c.id DESC`,
    backward: Prisma.sql`c.opened_on ASC, c.id ASC`,
  },
} as const satisfies Record<ListTab, unknown>

function whichCases(tx: ActorTx, tab: ListTab): Prisma.Sql {
  const { agency, member } = actorOf(tx)
  return tab === 'agency'
    ? Prisma.sql`c.agency_id = ${agency}::uuid`
    : Prisma.sql`c.id IN (SELECT a.case_id FROM assignment a
        WHERE a.member_id = ${member}::uuid AND a.agency_id = ${agency}::uuid AND a.ended_at IS NULL)`
}

function after(tab: ListTab, cursor: Cursor | null): Prisma.Sql {
  if (cursor === null) return Prisma.empty
  const [key, id] = cursor.position.map(String)
  const isBackward = cursor.direction === 'before'
  if (tab === 'mine') {
    const place = Prisma.sql`(${key}::timestamptz, ${id}::uuid)`
    return isBackward ? Prisma.sql`AND (${DUE}, c.id) < ${place}` : Prisma.sql`AND (${DUE}, c.id) > ${place}`
  }
  const place = Prisma.sql`(${key}::date, ${id}::uuid)`
  return isBackward ? Prisma.sql`AND (c.opened_on, c.id) > ${place}` : Prisma.sql`AND (c.opened_on, c.id) < ${place}`
}

function conditions(filters: ResolvedFilters): Prisma.Sql {
  const parts: Prisma.Sql[] = []
  if (filters.status === 'open') parts.push(OPEN)
  else if (filters.status === 'ended') parts.push(ENDED)
  else if (filters.status !== undefined) parts.push(Prisma.sql`c.status = ${filters.status}::case_status`)
  if (filters.risk === 'none') parts.push(Prisma.sql`c.risk IS NULL`)
  else if (filters.risk !== undefined) parts.push(Prisma.sql`c.risk = ${filters.risk}::risk_level`)
  if (filters.need !== undefined) {
    parts.push(Prisma.sql`EXISTS (SELECT 1 FROM need n WHERE n.holder_agency_id = c.holder_agency_id AND n.case_id = c.id
      AND n.category = ${filters.need} AND n.state IN ('open', 'planned', 'being_met'))`)
  }
  if (filters.worker === null) parts.push(Prisma.sql`false`)
  else if (filters.worker !== undefined) {
    parts.push(Prisma.sql`EXISTS (SELECT 1 FROM assignment a
      WHERE a.case_id = c.id AND a.member_id = ${filters.worker}::uuid AND a.ended_at IS NULL)`)
  }
  if (filters.unit === null) parts.push(Prisma.sql`false`)
  else if (filters.unit !== undefined) parts.push(Prisma.sql`c.unit_id = ${filters.unit}::uuid`)
  return parts.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join(parts, ' AND ')}`
}

/** How many of the member's own cases fit. */
export async function countMine(tx: ActorTx, filters: ResolvedFilters): Promise<number> {
  const rows = await tx.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM case_file c JOIN person p ON p.id = c.person_id
    WHERE ${whichCases(tx, 'mine')} ${conditions(filters)}`
  return rows[0]?.n ?? 0
}

/** About how many cases the agency has in these states, from the rollups; restricted ones are left out. */
export async function countFromRollups(tx: ActorTx, states: readonly string[] | null): Promise<number> {
  const rows = await tx.$queryRaw<{ n: number }[]>`
    SELECT coalesce(sum(r.n), 0)::int AS n FROM rollup_live r
    WHERE r.agency_id = ${actorOf(tx).agency}::uuid AND r.measure = 'cases'
      AND ${states === null ? Prisma.sql`true` : Prisma.sql`r.state = ANY (${[...states]})`}`
  return rows[0]?.n ?? 0
}
