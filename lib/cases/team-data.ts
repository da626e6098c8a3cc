import { actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import { newId } from '@/lib/platform/ids'

import { workerHandle, type CaseRef } from './data'

/** Who can read a case's content, and why; the database's own answer. */
export type AudienceRow = {
  readonly member: string
  readonly name: string
  readonly reason: 'assigned' | 'supervisor' | 'cover' | 'stand_in' | 'emergency'
  readonly lead: boolean
  readonly since: Date | null
  readonly until: Date | null
}

/** Everybody who can read this case's content now; empty for whoever can't. */
export function listAudience(tx: ActorTx, caseId: string): Promise<readonly AudienceRow[]> {
  return tx.$queryRaw<AudienceRow[]>`
    SELECT t.member_id AS member, t.display_name AS name, t.reason, t.lead, t.since, t.until
    FROM app.case_team(${caseId}::uuid) t`
}

export type Worker = { readonly member: string; readonly handle: string; readonly name: string }

/** The agency's active members with case roles, by name. */
export async function listWorkers(tx: ActorTx): Promise<readonly Worker[]> {
  const rows = await tx.member.findMany({
    where: { agencyId: actorOf(tx).agency, status: 'active', roles: { hasSome: ['caseworker', 'supervisor'] } },
    orderBy: [{ displayName: 'asc' }, { id: 'asc' }],
    select: { id: true, displayName: true },
  })
  return rows.map(({ id, displayName }) => ({ member: id, handle: workerHandle(id), name: displayName }))
}

/** Puts a member on the team; false when they are on it already, also when two do so at once. */
export async function insertAssignment(tx: ActorTx, ref: CaseRef, member: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, started_at)
    VALUES (${newId()}::uuid, ${ref.id}::uuid, ${ref.person}::uuid, ${ref.holderAgency}::uuid, ${ref.agency}::uuid,
      ${member}::uuid, ${nowIn(tx)})
    ON CONFLICT (case_id, member_id) WHERE ended_at IS NULL DO NOTHING RETURNING id`
  return rows.length === 1
}

/** Takes a member off the team; false when they are the last, not on it, or the actor isn't. */
export async function endAssignment(tx: ActorTx, caseId: string, member: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ done: boolean }[]>`
    SELECT app.end_assignment(${caseId}::uuid, ${member}::uuid) AS done`
  return rows[0]?.done === true
}

export type FormerRow = { readonly name: string; readonly since: Date; readonly until: Date }

/** Who was on the team before, the last to leave first. */
export function listFormerTeam(tx: ActorTx, caseId: string): Promise<readonly FormerRow[]> {
  return tx.$queryRaw<FormerRow[]>`
    SELECT m.display_name AS name, a.started_at AS since, a.ended_at AS until
    FROM assignment a JOIN member m ON m.id = a.member_id
    WHERE a.case_id = ${caseId}::uuid AND a.ended_at IS NOT NULL ORDER BY a.ended_at DESC, a.id LIMIT 50`
}

/** How many active members of the agency have a case role: who can know of an unrestricted case's skeleton. */
export function countCaseRoles(tx: ActorTx): Promise<number> {
  return tx.member.count({
    where: { agencyId: actorOf(tx).agency, status: 'active', roles: { hasSome: ['caseworker', 'supervisor'] } },
  })
}
