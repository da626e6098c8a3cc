import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { actorOf, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { personFactsIn } from '@/lib/people/facts-service'
import { ok, refuse, type Result } from '@/lib/platform/result'

import type { CaseRow } from './data'
import { listHappenings } from './log-data'
import { findOverview, type Overview } from './overview-data'
import type { CaseFrameView, CaseOverviewView } from './overview-schema'
import type { CaseInput } from './schema'
import { findReadable, viewCaseIn, viewOf } from './service'
import { viewTask } from './tasks/service'
import type { CaseAudience } from './team-schema'

const DUE = 8
const LATEST = 6

const NOTHING: Overview = { tasks: [], needs: [], lastLook: null, audience: [] }

/**
 * The first page of a case: its view, what the team may know of the person, what is due, needs, what happened last.
 * Few statements, and identity is not among them. Off the team the skeleton alone. Refuses with `not_found`.
 */
export async function viewCaseOverview(actor: Actor, input: CaseInput): Promise<Result<CaseOverviewView>> {
  return withActor(actor, async (tx) => {
    const found = await viewCaseIn(tx, input.case)
    if (!found.ok) return found
    const row = found.value
    const around = row.onTeam ? await findOverview(tx, row, DUE) : NOTHING
    const latest = row.onTeam ? await listHappenings(tx, row, actor.timeZone, undefined, null, LATEST) : []
    return ok({
      ...(await frameOf(tx, row, around)),
      due: around.tasks.map((task) => viewTask(tx, task)),
      needs: around.needs,
      latest: latest.map(({ id: _id, sort: _sort, at, ...line }) => ({ ...line, at: at?.toISOString() ?? null })),
    })
  })
}

/** The frame of a case for its other pages. Refuses with `not_found`. */
export async function viewCaseFrame(actor: Actor, input: CaseInput): Promise<Result<CaseFrameView>> {
  return withActor(actor, async (tx) => {
    const found = await viewCaseIn(tx, input.case)
    return found.ok ? ok(await frameOfCase(tx, found.value)) : found
  })
}

/**
 * The frame of a case around a list of what is on it, in the transaction that reads the list. Writes no event: the
 * list's own is the one of this look, and names the case. Refuses with `not_found`.
 */
export async function frameAroundListIn(tx: ActorTx, code: string): Promise<Result<CaseFrameView>> {
  const row = await findReadable(tx, code)
  return row === null ? refuse('not_found') : ok(await frameOfCase(tx, row))
}

/** The frame around a case that was just looked at. */
export async function frameOfCase(tx: ActorTx, row: CaseRow): Promise<CaseFrameView> {
  return frameOf(tx, row, row.onTeam ? await findOverview(tx, row, 0) : NOTHING)
}

async function frameOf(tx: ActorTx, row: CaseRow, around: Overview): Promise<CaseFrameView> {
  const actor = actorOf(tx)
  const { lastLook } = around
  return {
    case: viewOf(actor, row),
    person: row.onTeam ? await personFactsIn(tx, row.person) : null,
    audience: row.onTeam ? audienceOf(row, around) : null,
    lastLook:
      lastLook === null
        ? null
        : { by: lastLook.by, isMe: lastLook.member === actor.member, at: new Date(lastLook.at).toISOString() },
    today: todayIn(tx),
  }
}

function audienceOf(row: CaseRow, { audience }: Overview): CaseAudience {
  const count = (reason: string) => audience.filter((member) => member.reason === reason).length
  return {
    team: count('assigned'),
    supervisors: count('supervisor'),
    cover: count('cover'),
    emergency: count('emergency'),
    standIns: count('stand_in'),
    restricted: row.restricted,
  }
}
