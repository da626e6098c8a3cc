import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ReportText } from '@/components/oversight/report-text'
import { Code } from '@/components/ui/code'
import { LinkButton } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { requireActorWho } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { viewReport } from '@/lib/oversight/report/service'

type Props = PageProps<'/oversight/report/[report]'>

export const generateMetadata = titleOrMissing(ReportPage, async () => {
  const t = await getTranslations('oversight.report')
  return { title: t('one_title') }
})

export default orMissing(ReportPage)

/** A report as it was made, for the screen and for paper, with its file beside it. */
async function ReportPage({ params }: Props) {
  const found = await viewReport(await requireActorWho('audit-report:make'), { report: (await params).report })
  if (!found.ok) notFound()
  const { code, from, to } = found.value
  const t = await getTranslations('oversight.report')
  const format = await getFormat()
  return (
    <article data-paper>
      <PageHeader
        title={t('heading', { from: format.day(from), to: format.day(to) })}
        crumbs={[{ label: t('title'), href: '/oversight/report' }]}
        facts={<Code code={code} />}
        primary={<PrintButton label={t('print')} />}
        secondary={<LinkButton href={`/oversight/report/${code}/file`}>{t('file')}</LinkButton>}
      />
      <ReportText view={found.value} />
    </article>
  )
}
