import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { countLooks, listHappenings, listLog } from './log-data'
import type { CaseLogInput, CaseLogView, TimelineInput } from './log-schema'
import type { TimelineView } from './overview-schema'
import { frameOfCase } from './overview-service'
import { findCaseForRead } from './reference-service'
import { viewCaseIn } from './service'

const PAGE = 50

/**
 * The log of a case, for those who are on it: who looked, who changed what. Reading the log is on the log. Refuses with
 * `not_found`, `forbidden` off the team, and `invalid` for a cursor of another list.
 */
export async function listCaseLog(actor: Actor, input: CaseLogInput): Promise<Result<CaseLogView>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForRead(tx, input.case)
    if (!found.ok) return found
    const ref = found.value
    if (!ref.onTeam || !holds(actor, 'log:read-cases')) return refuse('forbidden')
    const { kind, limit = PAGE } = input
    const name = `case-log:${ref.code}:${kind ?? ''}`
    const cursor = input.cursor === undefined ? null : openCursor(name, input.cursor)
    if (input.cursor !== undefined && cursor === null) return badCursor()
    const read = await listLog(tx, ref, kind, cursor, limit + 1)
    const page = pageOf(name, cursor, limit, read, (row) => [String(row.id)])
    await record(tx, {
      type: 'audit.listed',
      subject: ref.code,
      personId: ref.person,
      caseId: ref.id,
      holderAgencyId: ref.holderAgency,
    })
    return ok({
      items: page.rows.map(({ id: _id, at, by, ...entry }) => ({ ...entry, at: at.toISOString(), by: by ?? '' })),
      earlierCursor: page.earlier,
      nextCursor: page.later,
    })
  })
}

/** What happened on a case, by true date, the latest first. Refuses with `not_found`, `forbidden` off the team. */
export async function viewTimeline(actor: Actor, input: TimelineInput): Promise<Result<TimelineView>> {
  return withActor(actor, async (tx) => {
    const found = await viewCaseIn(tx, input.case)
    if (!found.ok) return found
    const row = found.value
    if (!row.onTeam) return refuse('forbidden')
    const name = `timeline:${row.code}:${input.kind ?? ''}`
    const cursor = input.cursor === undefined ? null : openCursor(name, input.cursor)
    if (input.cursor !== undefined && cursor === null) return badCursor()
    const read = await listHappenings(tx, row, actor.timeZone, input.kind, cursor, PAGE + 1)
    const page = pageOf(name, cursor, PAGE, read, ({ day, sort, id }) => [day, sort, id])
    return ok({
      frame: await frameOfCase(tx, row),
      items: page.rows.map(({ id: _id, sort: _sort, at, ...line }) => ({ ...line, at: at?.toISOString() ?? null })),
      earlierCursor: page.earlier,
      nextCursor: page.later,
      looks: await countLooks(tx, row),
    })
  })
}

function badCursor() {
  return refuse('invalid', undefined, { cursor: ['cases.errors.cursor'] })
}
