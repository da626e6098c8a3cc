import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { actorOf, nowIn, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { notify } from '@/lib/notifications/service'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { dayIn, instantIn } from '@/lib/platform/zone'

import { findCaseForWrite } from '../reference-service'
import type { CaseRef } from '../data'
import { riskReviewDue } from '../rules'
import type { NextDue, RiskLevel } from '../schema'
import {
  countLate,
  findLead,
  findTask,
  insertTask,
  listOpenTasks,
  markDone,
  markDoneOfCase,
  markSnoozed,
  type NewTask,
  type TaskRow,
} from './data'
import { mayWorkOn } from './policy'
import { canSnooze, duenessOf, endOfDay, isAllDay, lateDays, snoozedUntil } from './rules'
import type {
  DoneTaskInput,
  ListTasksInput,
  MakeTaskInput,
  SnoozeTaskInput,
  TaskKind,
  TaskListView,
  TaskView,
} from './schema'

const PAGE = 50

/**
 * Open tasks in the order in which they are due: the member's own, or (`team`) all of the cases they work on. Refuses
 * with `forbidden` for roles without cases, `invalid` for a cursor that is none.
 */
export async function listTasks(actor: Actor, input: ListTasksInput): Promise<Result<TaskListView>> {
  return withActor(actor, (tx) => listTasksIn(tx, input))
}

/** The same inside a transaction. */
export async function listTasksIn(tx: ActorTx, input: ListTasksInput): Promise<Result<TaskListView>> {
  if (!holds(actorOf(tx), 'task:work')) return refuse('forbidden')
  const scope = input.scope ?? 'mine'
  const limit = input.limit ?? PAGE
  const name = `tasks:${scope}`
  const cursor = input.cursor === undefined ? null : openCursor(name, input.cursor)
  if (input.cursor !== undefined && cursor === null) {
    return refuse('invalid', undefined, { cursor: ['cases.errors.cursor'] })
  }
  const read = await listOpenTasks(tx, scope, cursor, limit + 1)
  const page = pageOf(name, cursor, limit, read, (row) => [row.dueAt.toISOString(), row.id])
  await record(tx, { type: 'task.listed', basis: scope })
  return ok({
    items: page.rows.map((row) => viewTask(tx, row)),
    earlierCursor: page.earlier,
    nextCursor: page.later,
    late: await countLate(tx),
  })
}

/**
 * Makes a task of the actor's own on a case. Refuses as `findCaseForWrite` does, and with `invalid` when it would be
 * due in the past.
 */
export async function makeTask(actor: Actor, input: MakeTaskInput): Promise<Result<{ readonly code: string }>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, input.case)
    if (!found.ok) return found
    if (input.dueOn < todayIn(tx)) return refuse('invalid', undefined, { dueOn: ['tasks.errors.past'] })
    const dueAt =
      input.dueTime === undefined
        ? endOfDay(actor.timeZone, input.dueOn)
        : instantIn(actor.timeZone, input.dueOn, input.dueTime)
    const code = await makeTaskIn(tx, found.value, { kind: input.kind, dueAt })
    return ok({ code })
  })
}

/**
 * Makes a task on a case that the actor may write on, and records it; answers its code. An owner other than the actor
 * is told. For services of other parts.
 */
export async function makeTaskIn(tx: ActorTx, ref: CaseRef, task: NewTask): Promise<string> {
  const code = await insertTask(tx, ref, task)
  await record(tx, {
    type: 'task.made',
    subject: code,
    personId: ref.person,
    caseId: ref.id,
    holderAgencyId: ref.holderAgency,
    basis: task.kind,
  })
  if (task.owner !== undefined && task.owner !== actorOf(tx).member)
    await notify(tx, { kind: 'task.assigned', to: [task.owner], subject: code })
  return code
}

/** Ends the risk reviews that wait on a case and, when a risk is known, makes the next one, for the case's lead. */
export async function planRiskReviewIn(tx: ActorTx, ref: CaseRef, risk: RiskLevel | null): Promise<string | null> {
  await markDoneOfCase(tx, ref.id, ['risk_review'])
  if (risk === null) return null
  const due = riskReviewDue(risk, todayIn(tx))
  const owner = (await findLead(tx, ref.id)) ?? actorOf(tx).member
  await makeTaskIn(tx, ref, { kind: 'risk_review', dueAt: endOfDay(actorOf(tx).timeZone, due), owner })
  return due
}

/** Ends the reminders of a consent's end that wait on a case and, where one is coming, makes the next one for the case's lead. */
export async function planConsentEndIn(tx: ActorTx, ref: CaseRef, day: string | null): Promise<void> {
  await markDoneOfCase(tx, ref.id, ['consent_ending'])
  if (day === null) return
  const owner = (await findLead(tx, ref.id)) ?? actorOf(tx).member
  await makeTaskIn(tx, ref, { kind: 'consent_ending', dueAt: endOfDay(actorOf(tx).timeZone, day), owner })
}

/** Ends all that waits on a case, because it closes. */
export function endTasksIn(tx: ActorTx, ref: CaseRef): Promise<number> {
  return markDoneOfCase(tx, ref.id)
}

/**
 * Marks a task as done. Saying so twice is no error: it stays done. Refuses with `not_found`, `forbidden` off the
 * case's team, and `conflict`: `review_the_risk` for a risk review, which ends by naming the risk anew, `decide_the_file` for
 * an own file without a basis, which ends by recording one or by ending the file.
 */
export async function doneTask(actor: Actor, input: DoneTaskInput): Promise<Result<TaskView>> {
  return withActor(actor, async (tx) => {
    const task = holds(actor, 'task:work') ? await findTask(tx, input.task) : null
    if (task === null) return refuse('not_found')
    if (!mayWorkOn(actor, task)) return refuse('forbidden')
    if (task.doneAt !== null) return ok(viewTask(tx, task))
    if (task.kind === 'risk_review') return refuse('conflict', 'review_the_risk')
    if (task.kind === 'own_file_basis') return refuse('conflict', 'decide_the_file')
    if (!(await markDone(tx, task.id))) return refuse('conflict', 'wrong_state')
    await recordTask(tx, task, 'task.done')
    return ok(viewTask(tx, { ...task, doneAt: nowIn(tx) }))
  })
}

/**
 * Puts a task off by a day, three, or a week from today. Refuses with `not_found`, `forbidden` off the case's team, and
 * `conflict` when it is done or its limit is not the member's to move.
 */
export async function snoozeTask(actor: Actor, input: SnoozeTaskInput): Promise<Result<TaskView>> {
  return withActor(actor, async (tx) => {
    const task = holds(actor, 'task:work') ? await findTask(tx, input.task) : null
    if (task === null) return refuse('not_found')
    if (!mayWorkOn(actor, task)) return refuse('forbidden')
    if (task.doneAt !== null) return refuse('conflict', 'wrong_state')
    if (!canSnooze(task.kind)) return refuse('conflict', 'fixed_limit')
    const dueAt = snoozedUntil(actor.timeZone, task.dueAt, input.by, nowIn(tx))
    if (!(await markSnoozed(tx, task, dueAt))) return refuse('conflict', 'wrong_state')
    await recordTask(tx, task, 'task.snoozed', input.by)
    return ok(viewTask(tx, { ...task, dueAt }))
  })
}

/** One task, for its page. Refuses with `not_found`. */
export async function viewTaskPage(actor: Actor, input: DoneTaskInput): Promise<Result<TaskView>> {
  return withActor(actor, async (tx) => {
    const task = holds(actor, 'task:work') ? await findTask(tx, input.task) : null
    if (task === null) return refuse('not_found')
    await record(tx, {
      type: 'task.listed',
      subject: task.code,
      personId: task.person,
      caseId: task.caseId,
      holderAgencyId: task.holderAgency,
    })
    return ok(viewTask(tx, task))
  })
}

/** A task as screens see it, at the transaction's time and in the agency's zone. */
export function viewTask(tx: ActorTx, row: TaskRow): TaskView {
  const actor = actorOf(tx)
  return {
    ...viewDue(tx, row),
    code: row.code,
    case: row.caseCode,
    person: row.personCode,
    led: row.led,
    need:
      row.needCode === null || row.needCategory === null
        ? null
        : { code: row.needCode, category: row.needCategory, type: row.needType },
    owner: { name: row.ownerName, isMe: row.owner === actor.member },
    done: row.doneAt !== null,
    mayWork: mayWorkOn(actor, row),
  }
}

/** What is due and when, at the transaction's time and in the agency's zone. */
export function viewDue(tx: ActorTx, { kind, dueAt }: { readonly kind: TaskKind; readonly dueAt: Date }): NextDue {
  const { timeZone } = actorOf(tx)
  const now = nowIn(tx)
  return {
    kind,
    dueAt: dueAt.toISOString(),
    dueOn: dayIn(timeZone, dueAt),
    allDay: isAllDay(timeZone, dueAt),
    state: duenessOf(timeZone, dueAt, now),
    lateDays: lateDays(timeZone, dueAt, now),
  }
}

function recordTask(tx: ActorTx, task: TaskRow, type: 'task.done' | 'task.snoozed', basis?: string): Promise<void> {
  return record(tx, {
    type,
    subject: task.code,
    personId: task.person,
    caseId: task.caseId,
    holderAgencyId: task.holderAgency,
    ...(basis === undefined ? {} : { basis }),
  })
}
