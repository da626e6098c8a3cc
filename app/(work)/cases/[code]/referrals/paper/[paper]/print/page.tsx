import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { PaperForm } from '@/components/referrals/paper-form'
import { Code } from '@/components/ui/code'
import { PageHeader } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { requireActor } from '@/lib/auth/require-actor'
import { formatFor } from '@/lib/i18n/format'
import { directionOf, isLocale } from '@/lib/i18n/locale'
import { parseCode } from '@/lib/platform/ids'
import { readPrintedPaper } from '@/lib/referrals/paper/service'
import { pick } from '../../../../../../services/address'

type Props = PageProps<'/cases/[code]/referrals/paper/[paper]/print'>

export const generateMetadata = titleOrMissing(PrintedPaperPage, async ({ params }: Props) => {
  const t = await getTranslations('referrals.paper')
  const code = parseCode((await params).paper, 'PRF')
  return code === null ? {} : { title: t('one_title', { code }) }
})

export default orMissing(PrintedPaperPage)

/** The form that was just printed, for paper and in its reader's language; later it has to be printed anew. */
async function PrintedPaperPage({ params, searchParams }: Props) {
  const actor = await requireActor()
  const { code, paper } = await params
  const { line = '', language } = pick(await searchParams, ['line', 'language'])
  const found = await readPrintedPaper(actor, { paper, line })
  const here = `/cases/${code}/referrals/paper/${paper}`
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    redirect(here)
  }
  const locale = isLocale(language) ? language : actor.locale
  const own = await getTranslations('referrals.paper')
  const t = await getTranslations({ locale, namespace: 'referrals.paper' })
  return (
    <article lang={locale} dir={directionOf(locale)}>
      <PageHeader
        title={t('form.title')}
        crumbs={[{ label: <Code code={found.value.code} />, href: here }]}
        facts={<Code code={found.value.code} />}
        primary={<PrintButton label={own('print')} />}
      />
      <PaperForm paper={found.value} format={formatFor(locale, actor.timeZone)} />
    </article>
  )
}
