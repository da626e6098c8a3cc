import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import type { SampleLine } from '@/lib/oversight/samples/schema'
import { listSamples } from '@/lib/oversight/samples/service'

const PATH = '/oversight/samples'

export const generateMetadata = titleOrMissing(SamplesPage, async () => {
  const t = await getTranslations('samples')
  return { title: t('page_title') }
})

export default orMissing(SamplesPage)

/** The samples of case files that the body drew, and how far each is read. */
async function SamplesPage() {
  const found = await listSamples(await requireActorWho('sample:read'))
  if (!found.ok) notFound()
  const { items } = found.value
  const t = await getTranslations('samples')
  const format = await getFormat()
  return (
    <>
      <PageHeader
        title={t('title')}
        primary={
          <LinkButton href={`${PATH}/new`} tone="primary" icon="plus">
            {t('new.title')}
          </LinkButton>
        }
      />
      <p className="measure mb-4">{t('intro')}</p>
      <DataTable<SampleLine>
        caption={t('caption', { count: items.length })}
        rows={items}
        rowKey={({ code }) => code}
        columns={[
          {
            key: 'sample',
            head: t('sample'),
            cell: ({ code }) => (
              <AppLink href={`${PATH}/${code}`} className="font-semibold text-action-ink underline">
                <Code code={code} />
              </AppLink>
            ),
          },
          { key: 'pool', head: t('pool_label'), cell: ({ pool }) => t(`pool.${pool}`) },
          { key: 'spread', head: t('spread_label'), cell: ({ spread }) => t(`spread.${spread}`) },
          { key: 'drawn', head: t('drawn'), cell: ({ drawnAt }) => format.moment(new Date(drawnAt)) },
          { key: 'progress', head: t('progress'), cell: ({ read, files }) => t('read_of', { read, files }) },
          { key: 'concerns', head: t('concerns'), cell: ({ concerns }) => t('concern_count', { count: concerns }) },
        ]}
        empty={<EmptyState title={t('empty')}>{t('empty_hint')}</EmptyState>}
      />
    </>
  )
}
