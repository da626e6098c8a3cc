import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { WhoLooked } from '@/components/audit/who-looked'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { PageHeader } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { Tabs } from '@/components/ui/tabs'
import { requireActor } from '@/lib/auth/require-actor'
import { formatFor } from '@/lib/i18n/format'
import { directionOf, isLocale, LOCALE_NAMES, LOCALES } from '@/lib/i18n/locale'
import { printLooksAt } from '@/lib/people/looks-service'
import { parseCode } from '@/lib/platform/ids'

type Props = PageProps<'/persons/[personCode]/looks/print'>

export const generateMetadata = titleOrMissing(PrintedLooksPage, async ({ params }: Props) => {
  const t = await getTranslations('audit.who_looked')
  const code = parseCode((await params).personCode, 'AMP')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(PrintedLooksPage)

/** Who looked at a person's record, to print for them in their language, whatever the member's own is. */
async function PrintedLooksPage({ params, searchParams }: Props) {
  const actor = await requireActor()
  const code = parseCode((await params).personCode, 'AMP')
  if (code === null) notFound()
  const { language } = await searchParams
  const locale = typeof language === 'string' && isLocale(language) ? language : actor.locale
  const found = await printLooksAt(actor, { person: code })
  if (!found.ok) notFound()
  const { looked, agency, by, on } = found.value
  const own = await getTranslations('audit.who_looked')
  const t = await getTranslations({ locale, namespace: 'audit.who_looked' })
  const here = `/persons/${code}/looks`
  return (
    <>
      <Tabs
        label={own('language')}
        tabs={LOCALES.map((one) => ({
          label: LOCALE_NAMES[one],
          href: `${here}/print?language=${one}`,
          isCurrent: one === locale,
        }))}
      />
      <article data-paper lang={locale} dir={directionOf(locale)}>
        <PageHeader
          title={t('title')}
          crumbs={[
            { label: <Code code={code} />, href: `/persons/${code}` },
            { label: own('back'), href: here },
          ]}
          facts={<Code code={code} />}
          primary={<PrintButton label={own('print')} />}
        />
        <div className="mb-6 grid max-w-prose gap-2">
          <p>{t('intro', { agency })}</p>
          <p>{t('covers', { by })}</p>
          <p>{t('ask')}</p>
        </div>
        <WhoLooked looked={looked} locale={locale} timeZone={actor.timeZone} />
        <p className="mt-6 text-note text-ink-2">
          {t('printed', { agency, by, day: formatFor(locale, actor.timeZone).day(on, 'long') })}
        </p>
      </article>
    </>
  )
}
