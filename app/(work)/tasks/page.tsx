import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { TaskItem } from '@/components/cases/task-item'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Tabs } from '@/components/ui/tabs'
import { TaskGroup } from '@/components/ui/task-row'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { listTasks } from '@/lib/cases/tasks/service'
import { listTasksInput, type TaskListView, type TaskView } from '@/lib/cases/tasks/schema'

export const generateMetadata = titleOrMissing(TasksPage, async () => {
  const t = await getTranslations('tasks')
  return { title: t('page_title') }
})

export default orMissing(TasksPage)

/** Everything due, late first. */
async function TasksPage({ searchParams }: PageProps<'/tasks'>) {
  const actor = await requireActorWho('task:work')
  // An address that isn't ours reads as the plain list.
  const asked = listTasksInput.safeParse(await searchParams)
  const input = asked.success ? asked.data : {}
  const found = await listTasks(actor, input)
  if (!found.ok) redirect(found.refusal === 'invalid' ? `/tasks?scope=${input.scope ?? 'mine'}` : '/more')
  const t = await getTranslations('tasks')
  const scope = input.scope ?? 'mine'
  return (
    <>
      <PageHeader title={t('title')} />
      <Tabs
        label={t('scopes')}
        tabs={(['mine', 'team'] as const).map((one) => ({
          label: t(one),
          href: one === 'mine' ? '/tasks' : '/tasks?scope=team',
          isCurrent: one === scope,
        }))}
      />
      {found.value.items.length === 0 ? (
        <EmptyState title={t(scope === 'mine' ? 'empty' : 'empty_team')}>{t('empty_help')}</EmptyState>
      ) : (
        <Groups list={found.value} withOwner={scope === 'team'} />
      )}
      <Pages list={found.value} scope={scope} />
    </>
  )
}

async function Groups({ list, withOwner }: { readonly list: TaskListView; readonly withOwner: boolean }) {
  const t = await getTranslations('tasks')
  const format = await getFormat()
  // A page of a longer list says nothing of how many there are.
  const isWhole = list.earlierCursor === null && list.nextCursor === null
  const groups: readonly (readonly [TaskView['state'], string])[] = [
    ['late', t('late_title')],
    ['today', t('today_title')],
    ['soon', t('soon_title')],
  ]
  return groups.map(([state, title]) => {
    const tasks = list.items.filter((task) => task.state === state)
    if (tasks.length === 0) return null
    return (
      <TaskGroup key={state} title={title} count={isWhole ? format.number(tasks.length) : null}>
        {tasks.map((task) => (
          <TaskItem key={task.code} task={task} withOwner={withOwner} />
        ))}
      </TaskGroup>
    )
  })
}

async function Pages({ list, scope }: { readonly list: TaskListView; readonly scope: string }) {
  const t = await getTranslations('ui.list')
  const links = [
    { cursor: list.earlierCursor, label: t('earlier') },
    { cursor: list.nextCursor, label: t('later') },
  ]
  return (
    <nav aria-label={t('pages')} className="no-print flex justify-between gap-3">
      {links.map(({ cursor, label }) =>
        cursor === null ? (
          <span key={label} />
        ) : (
          <AppLink
            key={label}
            href={`/tasks?scope=${scope}&cursor=${cursor}`}
            className="control inline-flex items-center text-action-ink"
          >
            {label}
          </AppLink>
        ),
      )}
    </nav>
  )
}
