import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { ComplaintAnswerText } from '@/components/complaints/complaint-answer'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { PageHeader } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { requireActorWho } from '@/lib/auth/require-actor'
import { directionOf } from '@/lib/i18n/locale'
import { viewComplaint } from '@/lib/oversight/complaints/service'

type Props = PageProps<'/oversight/complaints/[complaint]/print'>

export const generateMetadata = titleOrMissing(PrintedAnswerPage, async () => {
  const t = await getTranslations('complaints')
  return { title: t('paper.page_title') }
})

export default orMissing(PrintedAnswerPage)

/** The answer for paper, in the language of the complaint: its code, what stands on the envelope, and nothing of what was told. */
async function PrintedAnswerPage({ params }: Props) {
  const actor = await requireActorWho('complaint:answer')
  const found = await viewComplaint(actor, { complaint: (await params).complaint })
  if (!found.ok || found.value.result === null || found.value.answerBy !== 'paper') notFound()
  const { code, envelope, locale } = found.value
  const own = await getTranslations('complaints')
  const t = await getTranslations({ locale, namespace: 'complaints' })
  return (
    <article data-paper lang={locale} dir={directionOf(locale)}>
      <PageHeader
        title={t('paper.title')}
        crumbs={[{ label: <Code code={code} />, href: `/oversight/complaints/${code}` }]}
        facts={<Code code={code} />}
        primary={<PrintButton label={own('paper.print')} />}
      />
      {envelope === null ? null : (
        <p className="measure mb-4">
          {t('paper.envelope')} <Code code={envelope} />
        </p>
      )}
      <ComplaintAnswerText answer={found.value} locale={locale} />
      <p className="measure mt-4">{t('paper.by')}</p>
    </article>
  )
}
