import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { Facts } from '@/components/ui/facts'
import { PageHeader } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { requireActor } from '@/lib/auth/require-actor'
import { formatFor } from '@/lib/i18n/format'
import { directionOf, isLocale } from '@/lib/i18n/locale'
import { parseCode } from '@/lib/platform/ids'
import { viewPaper } from '@/lib/referrals/paper/service'
import { LanguageLinks } from '@/components/referrals/language-links'
import { pick } from '../../../../../../services/address'

type Props = PageProps<'/cases/[code]/referrals/paper/[paper]/answer'>

export const generateMetadata = titleOrMissing(PaperAnswerPage, async ({ params }: Props) => {
  const t = await getTranslations('referrals.paper')
  const code = parseCode((await params).paper, 'PRF')
  return code === null ? {} : { title: t('one_title', { code }) }
})

export default orMissing(PaperAnswerPage)

/** The answer to a form that came on paper, for paper: codes, dates and what was decided, and nothing of the person. */
async function PaperAnswerPage({ params, searchParams }: Props) {
  const actor = await requireActor()
  const { code, paper: asked } = await params
  const found = await viewPaper(actor, { paper: asked })
  if (!found.ok || found.value.direction !== 'in' || found.value.case !== parseCode(code, 'CAS')) notFound()
  const paper = found.value
  const { language } = pick(await searchParams, ['language'])
  const locale = isLocale(language) ? language : actor.locale
  const own = await getTranslations('referrals.paper')
  const t = await getTranslations({ locale, namespace: 'referrals' })
  const categories = await getTranslations({ locale, namespace: 'mandate.categories' })
  const format = formatFor(locale, actor.timeZone)
  const here = `/cases/${paper.case}/referrals/paper/${paper.code}`
  return (
    <article lang={locale} dir={directionOf(locale)}>
      <PageHeader
        title={t('paper.form.answer')}
        crumbs={[{ label: <Code code={paper.code} />, href: here }]}
        facts={<Code code={paper.code} />}
        primary={<PrintButton label={own('print')} />}
      />
      <LanguageLinks path={`${here}/answer`} current={locale} />
      <Facts
        facts={[
          { label: t('record.from'), value: <bdi>{actor.agencyName}</bdi> },
          { label: t('record.to'), value: <bdi>{paper.otherName}</bdi> },
          { label: t('record.needs'), value: format.list(paper.categories.map((category) => categories(category))) },
          ...paper.steps.map(({ step, happenedOn, declineReason, outcome }) => ({
            label: t(`paper.step.${step}`),
            value: format.list([
              format.day(happenedOn),
              ...(declineReason === null ? [] : [t(`reason.${declineReason}`)]),
              ...(outcome === null ? [] : [t(`outcome.${outcome}`)]),
            ]),
          })),
          { label: t('paper.form.signature'), value: ' ' },
        ]}
      />
    </article>
  )
}
