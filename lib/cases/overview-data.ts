import type { ActorTx } from '@/lib/access/with-actor'

import type { CaseRef } from './data'
import type { NeedLine } from './overview-schema'
import type { TaskRow } from './tasks/data'
import type { AudienceRow } from './team-data'

type LookRow = { readonly member: string; readonly by: string; readonly at: string }
type TaskJson = Omit<TaskRow, 'dueAt' | 'doneAt'> & { readonly dueAt: string }

export type Overview = {
  readonly tasks: readonly TaskRow[]
  readonly needs: readonly NeedLine[]
  readonly lastLook: LookRow | null
  readonly audience: readonly Pick<AudienceRow, 'reason'>[]
}

/**
 * What stands around a case on its first page, in one statement, since the page has few to spend: what is due, needs
 * with the open ones first, the last look at identity, and who can read. For the team; empty for others.
 */
export async function findOverview(tx: ActorTx, ref: CaseRef, rows: number): Promise<Overview> {
  const [found] = await tx.$queryRaw<(Omit<Overview, 'tasks'> & { readonly tasks: readonly TaskJson[] })[]>`
    SELECT
      coalesce((SELECT jsonb_agg(to_jsonb(t) ORDER BY t."dueAt", t.id) FROM (
        SELECT t.id, t.code, t.kind, t.case_id AS "caseId", ${ref.code} AS "caseCode", t.person_id AS person,
          ${ref.personCode} AS "personCode", NULL AS led, t.holder_agency_id AS "holderAgency", t.owner_id AS owner,
          m.display_name AS "ownerName", t.due_at AS "dueAt", n.code AS "needCode", n.category AS "needCategory",
          n.type AS "needType", true AS "onTeam"
        FROM task t JOIN member m ON m.id = t.owner_id LEFT JOIN need n ON n.id = t.need_id
        WHERE t.case_id = ${ref.id}::uuid AND t.done_at IS NULL ORDER BY t.due_at, t.id LIMIT ${rows}) t), '[]') AS tasks,
      coalesce((SELECT jsonb_agg(to_jsonb(n) - 'place' ORDER BY n.place, n.urgency, n.code) FROM (
        SELECT n.code, n.category, n.type, n.urgency, n.state, n.met_on AS "metOn",
          n.state NOT IN ('open', 'planned', 'being_met') AS place
        FROM need n WHERE n.holder_agency_id = ${ref.holderAgency}::uuid AND n.case_id = ${ref.id}::uuid
        ORDER BY place, n.urgency, n.contact_due_at, n.id LIMIT ${rows}) n), '[]') AS needs,
      (SELECT jsonb_build_object('member', e.actor_id, 'by', m.display_name, 'at', e.at)
        FROM audit_event e JOIN member m ON m.id = e.actor_id
        WHERE e.agency_id = ${ref.agency}::uuid AND e.person_id = ${ref.person}::uuid
          AND e.type IN ('identity.read', 'identity.listed') ORDER BY e.id DESC LIMIT 1) AS "lastLook",
      coalesce((SELECT jsonb_agg(jsonb_build_object('reason', a.reason)) FROM app.case_team(${ref.id}::uuid) a), '[]') AS audience`
  if (found === undefined) throw new Error('A statement without a table always has a row')
  return { ...found, tasks: found.tasks.map((task) => ({ ...task, dueAt: new Date(task.dueAt), doneAt: null })) }
}
