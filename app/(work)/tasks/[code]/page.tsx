import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { caseHref, dueText, taskText } from '@/components/cases/task-item'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { RecordLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { canSnooze } from '@/lib/cases/tasks/rules'
import { SNOOZES, type TaskView } from '@/lib/cases/tasks/schema'
import { viewTaskPage } from '@/lib/cases/tasks/service'
import { parseCode } from '@/lib/platform/ids'
import { doneTaskAction, snoozeTaskAction } from './actions'

export const generateMetadata = titleOrMissing(TaskPage, async ({ params }: PageProps<'/tasks/[code]'>) => {
  const t = await getTranslations('tasks.one')
  const code = parseCode((await params).code, 'TSK')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(TaskPage)

/** One task: what it is about, and the ways to be done with it. */
async function TaskPage({ params }: PageProps<'/tasks/[code]'>) {
  const { code } = await params
  const found = await viewTaskPage(await requireActor(), { task: code })
  if (!found.ok) notFound()
  const task = found.value
  const t = await getTranslations('tasks')
  const isOpen = task.mayWork && !task.done
  return (
    <>
      <PageHeader
        title={await taskText(task)}
        crumbs={[{ label: t('title'), href: '/tasks' }]}
        primary={<LinkButton href={caseHref(task)}>{t('one.open_case')}</LinkButton>}
      />
      <Facts
        facts={[
          { label: t('one.due'), value: task.done ? t('one.done_state') : await dueText(task) },
          {
            label: t(task.person === null ? 'one.case' : 'one.person'),
            value: (
              <RecordLink href={caseHref(task)}>
                <Code code={task.person ?? task.case} />
              </RecordLink>
            ),
          },
          { label: t('one.owner'), value: task.owner.name },
        ]}
      />
      <div className="mt-8">{isOpen ? <Acts task={task} /> : null}</div>
    </>
  )
}

async function Acts({ task }: { readonly task: TaskView }) {
  const t = await getTranslations('tasks')
  const hidden = { task: task.code }
  if (task.kind === 'risk_review' || task.kind === 'own_file_basis') {
    return (
      <LinkButton href={`/cases/${task.case}/${task.kind === 'risk_review' ? 'edit' : 'own-file'}`} tone="primary">
        {t(`act.${task.kind}`)}
      </LinkButton>
    )
  }
  return (
    <>
      <div className="mb-12">
        <ActionForm
          action={doneTaskAction}
          initial={await initialForm()}
          submit={t('done.submit')}
          label={t('done.submit')}
          hidden={hidden}
        />
      </div>
      <Section title={t('snooze.title')}>
        {canSnooze(task.kind) ? (
          <ActionForm
            action={snoozeTaskAction}
            initial={await initialForm({ by: 'tomorrow' })}
            submit={t('snooze.submit')}
            label={t('snooze.title')}
            hidden={hidden}
          >
            <RadioRows
              name="by"
              label={t('snooze.label')}
              columns={3}
              choices={SNOOZES.map((by) => ({ value: by, label: t(`snooze.${by}`) }))}
            />
          </ActionForm>
        ) : (
          <p className="text-ink-2">{t('snooze.fixed')}</p>
        )}
      </Section>
    </>
  )
}
