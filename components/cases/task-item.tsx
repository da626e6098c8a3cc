import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { LinkButton } from '@/components/ui/button'
import { TaskRow } from '@/components/ui/task-row'
import { getFormat } from '@/lib/i18n/get-format'
import type { TaskKind, TaskView } from '@/lib/cases/tasks/schema'

type TaskItemProps = {
  readonly task: TaskView
  /** Says for whom it is, where that isn't always the viewer. */
  readonly withOwner?: boolean
  /** On the page of its case the person's code would say nothing. */
  readonly isOnCase?: boolean
}

/** A task as a row: when, what, for whom by code, and the one act that does it. */
export async function TaskItem({ task, withOwner = false, isOnCase = false }: TaskItemProps) {
  const t = await getTranslations('tasks')
  const what = await taskText(task)
  const act = task.mayWork ? t(`act.${task.kind}`) : t('act.open')
  return (
    <TaskRow
      state={task.state}
      due={await dueText(task)}
      what={what}
      href={`/tasks/${task.code}`}
      {...(isOnCase ? {} : { code: <Code code={task.person ?? task.case} /> })}
      {...(withOwner && !task.owner.isMe ? { meta: t('owner', { name: task.owner.name }) } : {})}
      act={
        <LinkButton
          href={task.mayWork ? actHref(task) : caseHref(task)}
          size="sm"
          aria-label={t('act_for', { act, what, code: task.person ?? task.case })}
        >
          {act}
        </LinkButton>
      }
    />
  )
}

/** What a task is about: "First contact: Emergency shelter". */
export async function taskText({ kind, need }: Pick<TaskView, 'kind' | 'need'>): Promise<string> {
  const t = await getTranslations('tasks')
  if (need === null) return t(`kind.${kind}`)
  return t('for_need', { kind: t(`kind.${kind}`), need: await needText(need) })
}

async function needText({
  category,
  type,
}: {
  readonly category: string
  readonly type: string | null
}): Promise<string> {
  const t = await getTranslations()
  type Key = Parameters<typeof t>[0]
  const key = (type === null ? `mandate.categories.${category}` : `mandate.types.${category}.${type}`) as Key
  return t.has(key) ? t(key) : category
}

/** "2 days late", "since 09:10", "14:00", "today", "Fri 27 Nov". */
export async function dueText(
  task: Pick<TaskView, 'dueAt' | 'dueOn' | 'allDay' | 'state' | 'lateDays'>,
): Promise<string> {
  const t = await getTranslations('tasks')
  const format = await getFormat()
  const dueAt = new Date(task.dueAt)
  if (task.state === 'late') {
    return task.lateDays === 0
      ? t('late_since', { time: format.time(dueAt) })
      : t('late_days', { count: task.lateDays })
  }
  if (task.state === 'today') return task.allDay ? t('any_time') : format.time(dueAt)
  const day = format.shortDay(task.dueOn)
  return task.allDay ? day : `${day}, ${format.time(dueAt)}`
}

const CONTACT: ReadonlySet<TaskKind> = new Set<TaskKind>(['follow_up', 'call', 'visit'])

/** The case that a task stands on; one that another agency holds has its page with the transfer that handed it over. */
export function caseHref({ case: on, led }: Pick<TaskView, 'case' | 'led'>): string {
  return led === null ? `/cases/${on}` : `/referrals/${led}/lead`
}

/** Where a task is done: by naming the risk anew, by a service, by a contact; the rest on its own page. */
function actHref(task: TaskView): string {
  // What whoever leads has to do is help: their contacts with the person stand in it.
  if (task.led !== null) return `/referrals/${task.led}/services/new`
  const here = `/cases/${task.case}`
  if (task.kind === 'risk_review') return `${here}/edit`
  if (task.kind === 'consent_ending') return `${here}/consents`
  if (task.kind === 'own_file_basis') return `${here}/own-file`
  if (task.kind === 'first_contact') {
    return `${here}/services/new${task.need === null ? '' : `?need=${task.need.code}`}`
  }
  return CONTACT.has(task.kind) ? `${here}/contacts/new` : `/tasks/${task.code}`
}
