import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LanguageLinks } from '@/components/referrals/language-links'
import { PaperForm } from '@/components/referrals/paper-form'
import { PageHeader } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { requireActorWho } from '@/lib/auth/require-actor'
import { formatFor } from '@/lib/i18n/format'
import { directionOf, isLocale } from '@/lib/i18n/locale'
import { pick } from '../../../services/address'

const PATH = '/referrals/paper/blank'

export const generateMetadata = titleOrMissing(BlankPaperPage, async () => {
  const t = await getTranslations('referrals.paper')
  return { title: t('blank_title') }
})

export default orMissing(BlankPaperPage)

/** An empty form to write on, in either language. */
async function BlankPaperPage({ searchParams }: PageProps<'/referrals/paper/blank'>) {
  const actor = await requireActorWho('referral:send')
  const { language } = pick(await searchParams, ['language'])
  const locale = isLocale(language) ? language : actor.locale
  const own = await getTranslations('referrals')
  const t = await getTranslations({ locale, namespace: 'referrals.paper' })
  return (
    <article lang={locale} dir={directionOf(locale)}>
      <PageHeader
        title={t('form.title')}
        crumbs={[{ label: own('title'), href: '/referrals' }]}
        primary={<PrintButton label={own('paper.print')} />}
      />
      <LanguageLinks path={PATH} current={locale} />
      <PaperForm paper={null} format={formatFor(locale, actor.timeZone)} />
    </article>
  )
}
