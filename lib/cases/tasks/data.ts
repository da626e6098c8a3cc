import { Prisma } from '@/generated/prisma/client'
import { aboutSubject, actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import type { Cursor } from '@/lib/platform/cursor'
import { newCode, newId, parseCode } from '@/lib/platform/ids'

import type { CaseRef } from '../data'
import type { TaskKind, TaskScope } from './schema'

export type TaskRow = {
  readonly id: string
  readonly code: string
  readonly kind: TaskKind
  readonly caseId: string
  readonly caseCode: string
  readonly person: string
  /** Null on another agency's case: whoever leads it knows it by its case's code. */
  readonly personCode: string | null
  /** The transfer by which the actor's agency leads the case, where it is another one's. */
  readonly led: string | null
  readonly holderAgency: string
  readonly owner: string
  readonly ownerName: string
  readonly dueAt: Date
  readonly doneAt: Date | null
  readonly needCode: string | null
  readonly needCategory: string | null
  readonly needType: string | null
  readonly onTeam: boolean
}

const COLUMNS = Prisma.sql`
  t.id, t.code, t.kind, t.case_id AS "caseId", coalesce(c.code, l.case_code) AS "caseCode", t.person_id AS person, p.code AS "personCode",
  l.referral_code AS led,
  t.holder_agency_id AS "holderAgency", t.owner_id AS owner, m.display_name AS "ownerName", t.due_at AS "dueAt",
  t.done_at AS "doneAt", n.code AS "needCode", n.category AS "needCategory", n.type AS "needType",
  l.case_code IS NOT NULL OR app.on_team(t.case_id) AS "onTeam"`
// On a case that it leads for another agency, a member reads neither case nor person: what it is called the transfer tells.
const BESIDE = Prisma.sql`
  JOIN member m ON m.id = t.owner_id LEFT JOIN case_file c ON c.id = t.case_id LEFT JOIN person p ON p.id = t.person_id
  LEFT JOIN need n ON n.id = t.need_id
  LEFT JOIN LATERAL (SELECT * FROM app.led_by(t.case_id) WHERE t.holder_agency_id <> t.agency_id) l ON true`
const KNOWN = Prisma.sql`coalesce(c.code, l.case_code) IS NOT NULL`
// Their team on the agency's own cases, those who answer for it on one that it leads.
const WORKED_ON = Prisma.sql`CASE WHEN t.holder_agency_id = t.agency_id THEN app.on_team(t.case_id)
  ELSE EXISTS (SELECT 1 FROM app.led_by(t.case_id)) END`

/** The task that a code names, or null. */
export async function findTask(tx: ActorTx, text: string): Promise<TaskRow | null> {
  const code = parseCode(text, 'TSK')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<
    TaskRow[]
  >`SELECT ${COLUMNS} FROM task t ${BESIDE} WHERE t.code = ${code} AND ${KNOWN}`
  return rows[0] ?? null
}

/** Open tasks in the order in which they are due: the member's own, or all of the cases that the member works on. */
export function listOpenTasks(
  tx: ActorTx,
  scope: TaskScope,
  cursor: Cursor | null,
  limit: number,
): Promise<readonly TaskRow[]> {
  const { agency, member } = actorOf(tx)
  const whose =
    scope === 'mine'
      ? Prisma.sql`t.owner_id = ${member}::uuid`
      : Prisma.sql`t.agency_id = ${agency}::uuid AND ${WORKED_ON}`
  const [dueAt, id] = cursor?.position ?? []
  const after =
    cursor === null
      ? Prisma.empty
      : cursor.direction === 'after'
        ? Prisma.sql`AND (t.due_at, t.id) > (${String(dueAt)}::timestamptz, ${String(id)}::uuid)`
        : Prisma.sql`AND (t.due_at, t.id) < (${String(dueAt)}::timestamptz, ${String(id)}::uuid)`
  // With what is null of all, so that they come from the index in this order: a team has thousands, and each asks whose case it is.
  const order =
    cursor?.direction === 'before'
      ? Prisma.sql`t.done_at DESC, t.due_at DESC, t.id DESC`
      : Prisma.sql`t.done_at ASC, t.due_at ASC, t.id ASC`
  return tx.$queryRaw<TaskRow[]>`
    SELECT ${COLUMNS} FROM task t ${BESIDE}
    WHERE ${whose} AND t.done_at IS NULL AND ${KNOWN} ${after} ORDER BY ${order} LIMIT ${limit}`
}

/** How many tasks of others are late on the cases that the member works on. */
export async function countLateOfOthers(tx: ActorTx): Promise<number> {
  const { agency, member } = actorOf(tx)
  const rows = await tx.$queryRaw<{ late: number }[]>`
    SELECT count(*)::int AS late FROM task t
    WHERE t.agency_id = ${agency}::uuid AND t.owner_id <> ${member}::uuid AND t.done_at IS NULL
      AND t.due_at < ${nowIn(tx)} AND ${WORKED_ON}`
  return rows[0]?.late ?? 0
}

/** How many of the member's own tasks are late. */
export async function countLate(tx: ActorTx): Promise<number> {
  return tx.task.count({ where: { ownerId: actorOf(tx).member, doneAt: null, dueAt: { lt: nowIn(tx) } } })
}

export type NewTask = {
  readonly kind: TaskKind
  readonly dueAt: Date
  readonly owner?: string
  readonly need?: string
}

/** Stores a task on a case and returns its code. */
export async function insertTask(tx: ActorTx, ref: CaseRef, task: NewTask): Promise<string> {
  const code = newCode('TSK')
  await tx.task.createMany({
    data: [
      {
        id: newId(),
        code,
        caseId: ref.id,
        personId: ref.person,
        holderAgencyId: ref.holderAgency,
        agencyId: ref.agency,
        ownerId: task.owner ?? actorOf(tx).member,
        kind: task.kind,
        dueAt: task.dueAt,
        needId: task.need ?? null,
      },
    ],
  })
  return code
}

/** Marks one open task as done; false when it was done already, or is not the actor's to do. */
export async function markDone(tx: ActorTx, id: string): Promise<boolean> {
  const { count } = await tx.task.updateMany({
    where: { id, doneAt: null },
    data: { doneAt: nowIn(tx), version: { increment: 1 } },
  })
  return count === 1
}

/** Marks open tasks of a case as done: of these kinds, or all. */
export async function markDoneOfCase(tx: ActorTx, caseId: string, kinds?: readonly TaskKind[]): Promise<number> {
  const { count } = await tx.task.updateMany({
    where: { caseId, doneAt: null, ...(kinds === undefined ? {} : { kind: { in: [...kinds] } }) },
    data: { doneAt: nowIn(tx), version: { increment: 1 } },
  })
  return count
}

/** Moves an open task; false when it was done or moved meanwhile. */
export async function markSnoozed(tx: ActorTx, task: TaskRow, dueAt: Date): Promise<boolean> {
  const { count } = await tx.task.updateMany({
    where: { id: task.id, doneAt: null, dueAt: task.dueAt },
    data: { dueAt, version: { increment: 1 } },
  })
  return count === 1
}

/** The member who leads the case: whom tasks that make themselves are for. */
export async function findLead(tx: ActorTx, caseId: string): Promise<string | null> {
  const lead = await tx.assignment.findFirst({
    where: { caseId, endedAt: null },
    orderBy: [{ lead: 'desc' }, { startedAt: 'asc' }, { id: 'asc' }],
    select: { memberId: true },
  })
  return lead?.memberId ?? null
}
