import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { requireActorWho } from '@/lib/auth/require-actor'
import { listExceptionQueue } from '@/lib/consent/exceptions/service'
import { getFormat } from '@/lib/i18n/get-format'

const PATH = '/desk/exceptions'

export const generateMetadata = titleOrMissing(ExceptionQueuePage, async () => {
  const t = await getTranslations('exceptions')
  return { title: t('queue.page_title') }
})

export default orMissing(ExceptionQueuePage)

/** What went without consent in the network, for whoever looks at it afterwards: what waits for them first. */
async function ExceptionQueuePage() {
  const found = await listExceptionQueue(await requireActorWho('exception:review'))
  if (!found.ok) notFound()
  const t = await getTranslations('exceptions')
  const format = await getFormat()
  return (
    <>
      <PageHeader title={t('queue.title')} facts={<span className="measure">{t('queue.intro')}</span>} />
      <DataTable
        caption={t('queue.caption', { count: found.value.length })}
        rows={found.value}
        rowKey={({ code }) => code}
        rowTone={({ own }) => (own === null ? 'warn' : undefined)}
        columns={[
          {
            key: 'code',
            head: t('queue.code'),
            cell: ({ code }) => (
              <AppLink href={`${PATH}/${code}`} className="font-semibold text-action-ink underline">
                <Code code={code} />
              </AppLink>
            ),
          },
          { key: 'from', head: t('queue.from'), cell: ({ agency }) => <bdi>{agency}</bdi> },
          { key: 'to', head: t('to'), cell: ({ receiver }) => <bdi>{receiver}</bdi> },
          { key: 'basis', head: t('basis_label'), cell: ({ basis }) => t(`basis.${basis}`) },
          { key: 'made', head: t('queue.made'), cell: ({ madeAt }) => format.moment(new Date(madeAt)) },
          {
            key: 'state',
            head: t('queue.found'),
            showHeadOnCard: false,
            cell: ({ own }) => (
              <Pill tone={own === null ? 'warn' : 'calm'} icon={own === null ? 'hourglass' : 'circle-check'}>
                {own === null ? t('queue.waits') : t(`verdict.${own}`)}
              </Pill>
            ),
          },
        ]}
        empty={<EmptyState title={t('queue.empty')}>{t('queue.empty_help')}</EmptyState>}
      />
    </>
  )
}
