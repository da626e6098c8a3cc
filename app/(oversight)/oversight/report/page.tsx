import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { DateField } from '@/components/ui/date-field'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import type { ReportLine } from '@/lib/oversight/report/schema'
import { listReports } from '@/lib/oversight/report/service'
import { makeReportAction } from './actions'

export const generateMetadata = titleOrMissing(ReportsPage, async () => {
  const t = await getTranslations('oversight.report')
  return { title: t('page_title') }
})

export default orMissing(ReportsPage)

/** The reports that were made, and the press that makes one of a period. */
async function ReportsPage() {
  const found = await listReports(await requireActorWho('audit-report:make'))
  if (!found.ok) notFound()
  const { items, today } = found.value
  const t = await getTranslations('oversight.report')
  const format = await getFormat()
  return (
    <>
      <PageHeader title={t('title')} facts={<span className="measure">{t('intro')}</span>} />
      <div className="mb-10">
        <ActionForm
          action={makeReportAction}
          initial={await initialForm({ from: `${today.slice(0, 4)}-01-01`, to: today }, '/oversight/report')}
          submit={t('make')}
        >
          <DateField name="from" label={t('from')} calendar />
          <DateField name="to" label={t('to')} calendar />
        </ActionForm>
      </div>
      <Section title={t('past')}>
        <DataTable<ReportLine>
          caption={t('past_caption')}
          rows={items}
          rowKey={({ code }) => code}
          columns={[
            {
              key: 'period',
              head: t('period'),
              cell: ({ code, from, to }) => (
                <>
                  <AppLink href={`/oversight/report/${code}`} className="font-semibold text-action-ink underline">
                    {t('from_to', { from: format.day(from), to: format.day(to) })}
                  </AppLink>
                  <span className="block text-note text-ink-2">
                    <Code code={code} />
                  </span>
                </>
              ),
            },
            { key: 'made', head: t('made_at'), cell: ({ madeAt }) => format.moment(new Date(madeAt)) },
          ]}
          empty={<EmptyState title={t('none')}>{t('none_hint')}</EmptyState>}
        />
      </Section>
    </>
  )
}
