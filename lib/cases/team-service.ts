import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { notify } from '@/lib/notifications/service'
import { ok, refuse, type Result } from '@/lib/platform/result'

import type { AccessView, AudienceMember, TeamView } from './access-schema'
import { workerHandle, type CaseRef } from './data'
import { listGrantees } from './grant-data'
import { mayChangeTeam } from './policy'
import { frameOfCase } from './overview-service'
import { findCaseForRead } from './reference-service'
import type { CaseInput } from './schema'
import { viewCaseIn } from './service'
import {
  countCaseRoles,
  endAssignment,
  insertAssignment,
  listAudience,
  listFormerTeam,
  listWorkers,
  type AudienceRow,
} from './team-data'
import type { CaseAudience, TeamMemberInput } from './team-schema'

/**
 * Puts a colleague on a case's team: from then on they read its content and the person's identity. Refuses with
 * `not_found`, `forbidden` off the team, `invalid` when nobody with a case role has that handle, `conflict` when they
 * are on it already.
 */
export async function assignMember(actor: Actor, input: TeamMemberInput): Promise<Result<{ readonly code: string }>> {
  return withActor(actor, async (tx) => {
    const found = await findForTeam(tx, actor, input.case)
    if (!found.ok) return found
    const worker = (await listWorkers(tx)).find(({ handle }) => handle === input.member)
    if (worker === undefined) return refuse('invalid', undefined, { member: ['cases.errors.member'] })
    if (!(await insertAssignment(tx, found.value, worker.member))) return refuse('conflict', 'already_on_team')
    await recordTeam(tx, found.value, 'assignment.started', worker.handle)
    if (worker.member !== actor.member)
      await notify(tx, { kind: 'case.joined', to: [worker.member], subject: found.value.code })
    return ok({ code: found.value.code })
  })
}

/**
 * Takes a member off a case's team. Identity, notes and texts end for them in the next statement; an unrestricted
 * case's skeleton stays. Their open tasks and the lead pass on. Refuses with `not_found`, `forbidden` off the team, and
 * `conflict`: `last_member` when nobody would stay, `not_on_team`.
 */
export async function unassignMember(actor: Actor, input: TeamMemberInput): Promise<Result<{ readonly code: string }>> {
  return withActor(actor, async (tx) => {
    const found = await findForTeam(tx, actor, input.case)
    if (!found.ok) return found
    const assigned = (await listAudience(tx, found.value.id)).filter(({ reason }) => reason === 'assigned')
    const leaving = assigned.find(({ member }) => workerHandle(member) === input.member)
    if (leaving === undefined) return refuse('conflict', 'not_on_team')
    // Recorded first: afterwards the actor may be off the team, if it is themselves who leaves.
    await recordTeam(tx, found.value, 'assignment.ended', input.member)
    return (await endAssignment(tx, found.value.id, leaving.member))
      ? ok({ code: found.value.code })
      : refuse('conflict', 'last_member')
  })
}

/** The team of a case, who was on it before, and whom it may take on. Refuses with `not_found`. */
export async function viewTeam(actor: Actor, input: CaseInput): Promise<Result<TeamView>> {
  return withActor(actor, async (tx) => {
    const found = await viewCaseIn(tx, input.case)
    if (!found.ok) return found
    const row = found.value
    const audience = row.onTeam ? await listAudience(tx, row.id) : []
    const team = row.onTeam
      ? audience.filter(({ reason }) => reason === 'assigned').map((member) => toAudienceMember(actor, member))
      : row.team.map((member) => ({ ...member, reason: 'assigned' as const, until: null }))
    const taken = new Set(team.map(({ handle }) => handle))
    const workers = row.onTeam ? await listWorkers(tx) : []
    const former = row.onTeam ? await listFormerTeam(tx, row.id) : []
    return ok({
      frame: await frameOfCase(tx, row),
      team,
      former: former.map(({ name, since, until }) => ({
        name,
        since: since.toISOString(),
        until: until.toISOString(),
      })),
      candidates: workers.filter(({ handle }) => !taken.has(handle)).map(({ handle, name }) => ({ handle, name })),
    })
  })
}

/** Who can see a case, by the same rule that reading it obeys. For its team; refuses with `not_found`, `forbidden`. */
export async function viewCaseAccess(actor: Actor, input: CaseInput): Promise<Result<AccessView>> {
  return withActor(actor, async (tx) => {
    const found = await viewCaseIn(tx, input.case)
    if (!found.ok) return found
    const row = found.value
    if (!row.onTeam) return refuse('forbidden')
    const audience = await listAudience(tx, row.id)
    const outside = await listGrantees(tx, row.id)
    return ok({
      frame: await frameOfCase(tx, row),
      outside: outside.map(({ since, ...reader }) => ({ ...reader, since: since.toISOString() })),
      audience: audience.map((member) => toAudienceMember(actor, member)),
      skeleton: row.restricted ? 0 : (await countCaseRoles(tx)) - audience.length,
    })
  })
}

/** How many can read what is written on a case, by the rule that reads will use. */
export async function audienceIn(tx: ActorTx, ref: Pick<CaseRef, 'id' | 'restricted'>): Promise<CaseAudience> {
  const rows = await listAudience(tx, ref.id)
  const count = (reason: AudienceRow['reason']) => rows.filter((row) => row.reason === reason).length
  return {
    team: count('assigned'),
    supervisors: count('supervisor'),
    cover: count('cover'),
    emergency: count('emergency'),
    standIns: count('stand_in'),
    restricted: ref.restricted,
  }
}

async function findForTeam(tx: ActorTx, actor: Actor, code: string): Promise<Result<CaseRef>> {
  const found = await findCaseForRead(tx, code)
  if (!found.ok) return found
  return mayChangeTeam(actor, found.value) ? found : refuse('forbidden')
}

function toAudienceMember(actor: Actor, row: AudienceRow): AudienceMember {
  return {
    handle: workerHandle(row.member),
    name: row.name,
    reason: row.reason,
    lead: row.lead,
    isMe: row.member === actor.member,
    since: row.since?.toISOString() ?? null,
    until: row.until?.toISOString() ?? null,
  }
}

function recordTeam(
  tx: ActorTx,
  ref: CaseRef,
  type: 'assignment.started' | 'assignment.ended',
  member: string,
): Promise<void> {
  return record(tx, {
    type,
    subject: ref.code,
    personId: ref.person,
    caseId: ref.id,
    holderAgencyId: ref.holderAgency,
    basis: `member:${member}`,
  })
}
