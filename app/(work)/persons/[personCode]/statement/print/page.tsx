import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { StatementText } from '@/components/statement/statement-text'
import { Code } from '@/components/ui/code'
import { PageHeader } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { requireActor } from '@/lib/auth/require-actor'
import { formatFor } from '@/lib/i18n/format'
import { directionOf, isLocale } from '@/lib/i18n/locale'
import { parseCode } from '@/lib/platform/ids'
import { printStatement } from '@/lib/reporting/statement/service'
import { pick } from '../../../../services/address'

type Props = PageProps<'/persons/[personCode]/statement/print'>

export const generateMetadata = titleOrMissing(PrintedStatementPage, async ({ params }: Props) => {
  const t = await getTranslations('statement')
  const code = parseCode((await params).personCode, 'AMP')
  return code === null ? {} : { title: t('print_title', { code }) }
})

export default orMissing(PrintedStatementPage)

/** The statement that was just made, for paper and in the person's language; later it has to be made anew. */
async function PrintedStatementPage({ params, searchParams }: Props) {
  const actor = await requireActor()
  const code = parseCode((await params).personCode, 'AMP')
  if (code === null) notFound()
  const { line = '', language } = pick(await searchParams, ['line', 'language'])
  const found = await printStatement(actor, { person: code, line })
  const here = `/persons/${code}/statement`
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    redirect(found.refusal === 'conflict' ? here : `/persons/${code}`)
  }
  const locale = isLocale(language) ? language : actor.locale
  const own = await getTranslations('statement')
  const t = await getTranslations({ locale, namespace: 'statement' })
  return (
    <article data-paper lang={locale} dir={directionOf(locale)}>
      <PageHeader
        title={t('heading')}
        crumbs={[
          { label: <Code code={code} />, href: `/persons/${code}` },
          { label: own('title'), href: here },
        ]}
        facts={<Code code={code} />}
        primary={<PrintButton label={own('print')} />}
      />
      <StatementText statement={found.value} format={formatFor(locale, actor.timeZone)} />
    </article>
  )
}
