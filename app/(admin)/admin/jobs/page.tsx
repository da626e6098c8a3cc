import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import type { FailedJobView, PeriodicJobView, QueueView } from '@/lib/jobs/schema'
import { viewJobs } from '@/lib/jobs/service'
import { dropJobAction, retryJobAction } from './actions'

export const generateMetadata = titleOrMissing(JobsPage, async () => {
  const t = await getTranslations('jobs')
  return { title: t('page_title') }
})

export default orMissing(JobsPage)

/** How the background work stands: what failed and can be mended first. */
async function JobsPage() {
  const found = await viewJobs(await requireActor())
  if (!found.ok) notFound()
  const { queues, failed, periodic } = found.value
  const t = await getTranslations('jobs')
  return (
    <>
      <PageHeader title={t('title')} />
      <Section title={t('failed.title')}>
        <DataTable
          caption={t('failed.caption', { count: failed.length })}
          columns={await failedColumns()}
          rows={failed}
          rowKey={({ job }) => job}
          rowTone={() => 'stop'}
          empty={<EmptyState title={t('failed.empty')} />}
        />
      </Section>
      <Section title={t('queue.title')}>
        <DataTable
          caption={t('queue.caption', { count: queues.length })}
          columns={await queueColumns()}
          rows={queues}
          rowKey={({ queue }) => queue}
          empty={<EmptyState title={t('queue.empty')} />}
        />
      </Section>
      <Section title={t('periodic.title')}>
        <DataTable
          caption={t('periodic.caption', { count: periodic.length })}
          columns={await periodicColumns()}
          rows={periodic}
          rowKey={({ job }) => job}
          rowTone={({ error }) => (error === null ? undefined : 'warn')}
          empty={<EmptyState title={t('periodic.empty')} />}
        />
      </Section>
    </>
  )
}

async function failedColumns(): Promise<readonly Column<FailedJobView>[]> {
  const t = await getTranslations('jobs')
  const format = await getFormat()
  const initial = await initialForm()
  const act = ({ queue, job, since }: FailedJobView, kind: 'retry' | 'drop') => (
    <ActionForm
      action={kind === 'retry' ? retryJobAction : dropJobAction}
      initial={{ ...initial, key: job }}
      submit={t(`failed.${kind}`)}
      label={t(`failed.${kind}_which`, { queue, when: format.moment(since) })}
      tone={kind === 'retry' ? 'secondary' : 'stop'}
      hidden={{ queue, job }}
    />
  )
  return [
    { key: 'queue', head: t('queue.name'), cell: ({ queue }) => <Technical>{queue}</Technical> },
    { key: 'error', head: t('failed.error'), cell: ({ error }) => <Technical>{error}</Technical> },
    { key: 'since', head: t('failed.since'), cell: ({ since }) => format.moment(since) },
    { key: 'tries', head: t('failed.tries'), align: 'end', cell: ({ tries }) => format.number(tries) },
    {
      key: 'acts',
      head: <span className="unseen">{t('failed.acts')}</span>,
      showHeadOnCard: false,
      cell: (job) => (
        <div className="flex flex-wrap gap-3">
          {act(job, 'retry')}
          {act(job, 'drop')}
        </div>
      ),
    },
  ]
}

async function queueColumns(): Promise<readonly Column<QueueView>[]> {
  const t = await getTranslations('jobs.queue')
  const format = await getFormat()
  return [
    { key: 'queue', head: t('name'), cell: ({ queue }) => <Technical>{queue}</Technical> },
    { key: 'waiting', head: t('waiting'), align: 'end', cell: ({ waiting }) => format.number(waiting) },
    { key: 'working', head: t('working'), align: 'end', cell: ({ working }) => format.number(working) },
    { key: 'failed', head: t('failed'), align: 'end', cell: ({ failed }) => format.number(failed) },
    {
      key: 'oldest',
      head: t('oldest'),
      cell: ({ oldest }) => (oldest === null ? t('none_waits') : format.moment(oldest)),
    },
  ]
}

async function periodicColumns(): Promise<readonly Column<PeriodicJobView>[]> {
  const t = await getTranslations('jobs.periodic')
  const format = await getFormat()
  return [
    { key: 'job', head: t('name'), cell: ({ job }) => <Technical>{job}</Technical> },
    {
      key: 'state',
      head: t('state'),
      cell: ({ finishedAt, error }) =>
        error !== null && finishedAt !== null ? (
          <Pill tone="warn">{t('failed', { error })}</Pill>
        ) : finishedAt === null ? (
          <Pill tone="info">{t('running')}</Pill>
        ) : (
          <Pill tone="go">{t('well')}</Pill>
        ),
    },
    { key: 'started', head: t('started'), cell: ({ startedAt }) => format.moment(startedAt) },
    {
      key: 'succeeded',
      head: t('succeeded'),
      cell: ({ succeededAt }) => (succeededAt === null ? t('never') : format.moment(succeededAt)),
    },
    {
      key: 'done',
      head: t('done'),
      align: 'end',
      cell: ({ done }) => (done === null ? null : format.number(done)),
    },
  ]
}

/** A name of the program: the same in every language. */
function Technical({ children }: { readonly children: string }) {
  return (
    <bdi dir="ltr" className="break-words">
      {children}
    </bdi>
  )
}
