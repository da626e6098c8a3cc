import { getTranslations } from 'next-intl/server'
import { CategoryTile } from '@/components/assistance/category-tile'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { RecordLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { listCasesWeLead } from '@/lib/referrals/transfer/lead-service'
import { ViewTabs } from '../view-tabs'

export const generateMetadata = titleOrMissing(LedCasesPage, async () => {
  const t = await getTranslations('referrals.lead')
  return { title: t('list_page_title') }
})

export default orMissing(LedCasesPage)

/** The cases of other agencies that this one leads, by code. */
async function LedCasesPage() {
  const found = await listCasesWeLead(await requireActorWho('referral:answer'))
  const t = await getTranslations('referrals.lead')
  const format = await getFormat()
  const rows = found.ok ? found.value : []
  return (
    <>
      <PageHeader title={t('list_title')} facts={t('list_intro')} />
      <ViewTabs current="led" />
      <DataTable
        caption={t('list_caption', { count: rows.length })}
        rows={rows}
        rowKey={({ transfer }) => transfer}
        columns={[
          {
            key: 'case',
            head: t('column.case'),
            cell: (line) => (
              <RecordLink href={`/referrals/${line.transfer}/lead`} className="font-semibold text-action-ink underline">
                <Code code={line.case} />
              </RecordLink>
            ),
          },
          { key: 'holder', head: t('column.holder'), cell: ({ holderName }) => <bdi>{holderName}</bdi> },
          { key: 'since', head: t('column.since'), cell: ({ since }) => format.day(since.slice(0, 10)) },
          { key: 'needs', head: t('column.needs'), cell: ({ needsOpen }) => format.number(needsOpen), align: 'end' },
          {
            key: 'kinds',
            head: t('column.kinds'),
            cell: ({ categories }) => (
              <span className="flex flex-wrap gap-x-4 gap-y-1">
                {CATEGORY_KEYS.filter((key) => categories.includes(key)).map((category) => (
                  <CategoryTile key={category} category={category} />
                ))}
              </span>
            ),
          },
        ]}
        empty={<EmptyState title={t('none')}>{t('none_help')}</EmptyState>}
      />
    </>
  )
}
