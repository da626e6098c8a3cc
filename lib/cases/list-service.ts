import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { actorOf, withActor, type ActorTx } from '@/lib/access/with-actor'
import { openUnitsIn } from '@/lib/agencies/unit-service'
import { record } from '@/lib/audit/record'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countFromRollups, countMine, listCaseLines, type CaseLineRow, type ResolvedFilters } from './list-data'
import type { CaseFilters, CaseLineView, CaseListView, ListCasesInput, ListTab } from './schema'
import { viewDue } from './tasks/service'
import { listWorkers } from './team-data'

const PAGE = 50

/** States that a filter of the list stands for; null where each state counts. */
const STATES = {
  open: ['active', 'follow_up'],
  ended: ['closed', 'closed_referred'],
  active: ['active'],
  follow_up: ['follow_up'],
  closed: ['closed'],
  closed_referred: ['closed_referred'],
} as const

/**
 * Cases: the member's own with the next date first (`mine`), or the skeletons of the agency's with the latest opened
 * first. Restricted ones show to their team alone. Counts are exact for the member's own and come from the rollups for
 * the agency, or not at all.
 *
 * Refuses with `forbidden` for roles without cases, and `invalid` for a cursor of another list.
 */
export async function listCases(actor: Actor, input: ListCasesInput): Promise<Result<CaseListView>> {
  return withActor(actor, (tx) => listCasesIn(tx, input))
}

/** The same inside a transaction. */
export async function listCasesIn(tx: ActorTx, input: ListCasesInput): Promise<Result<CaseListView>> {
  if (!holds(actorOf(tx), 'case:read')) return refuse('forbidden')
  const { tab = 'mine', cursor: text, limit = PAGE, ...filters } = input
  const name = `cases:${tab}:${JSON.stringify(Object.entries(filters).sort())}`
  const cursor = text === undefined ? null : openCursor(name, text)
  if (text !== undefined && cursor === null) return refuse('invalid', undefined, { cursor: ['cases.errors.cursor'] })

  const workers = await listWorkers(tx)
  const units = await openUnitsIn(tx)
  const resolved: ResolvedFilters = {
    ...filters,
    worker:
      filters.worker === undefined
        ? undefined
        : (workers.find(({ handle }) => handle === filters.worker)?.member ?? null),
    unit: filters.unit === undefined ? undefined : (units.find(({ code }) => code === filters.unit)?.id ?? null),
  }
  const read = await listCaseLines(tx, tab, resolved, cursor, limit + 1)
  const page = pageOf(name, cursor, limit, read, (row) => [row.sortKey, row.id])
  await record(tx, { type: 'case.listed', basis: tab, fields: Object.keys(filters) })
  return ok({
    items: page.rows.map((row) => viewLine(tx, row)),
    earlierCursor: page.earlier,
    nextCursor: page.later,
    total: await totalOf(tx, tab, filters, resolved),
    workers: workers.map(({ handle, name: label }) => ({ handle, name: label })),
    units: units.map(({ code, name: label }) => ({ code, name: label })),
  })
}

async function totalOf(
  tx: ActorTx,
  tab: ListTab,
  filters: CaseFilters,
  resolved: ResolvedFilters,
): Promise<CaseListView['total']> {
  if (tab === 'mine') return { n: await countMine(tx, resolved), isExact: true }
  // Nobody counts base tables: what the rollups don't know stays uncounted.
  if ([filters.risk, filters.need, filters.worker, filters.unit].some((filter) => filter !== undefined)) return null
  return {
    n: await countFromRollups(tx, filters.status === undefined ? null : STATES[filters.status]),
    isExact: false,
  }
}

function viewLine(tx: ActorTx, row: CaseLineRow): CaseLineView {
  const { id: _id, sortKey: _key, nextKind, nextDueAt, ...line } = row
  return {
    ...line,
    next: nextKind === null || nextDueAt === null ? null : viewDue(tx, { kind: nextKind, dueAt: nextDueAt }),
  }
}
