import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { PageHeader } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { requireActor } from '@/lib/auth/require-actor'
import { directionOf, isLocale } from '@/lib/i18n/locale'
import { listSlips } from '@/lib/oversight/complaints/service'
import { settings } from '@/lib/platform/env'
import { pick } from '../../../../services/address'
import { caseMetadata } from '../../case-metadata'
import { requireTeamCase } from '../../require-case'

type Props = PageProps<'/cases/[code]/complaint-slips/[slip]'>

export const generateMetadata = titleOrMissing(SlipPage, async ({ params }: Props) => {
  const t = await getTranslations('complaints')
  return caseMetadata(params, t('slip.page'))
})

export default orMissing(SlipPage)

/** A slip for paper, in the person's language: an address, a code, and lines for whoever has no computer. Nothing of the person. */
async function SlipPage({ params, searchParams }: Props) {
  const { code, slip } = await params
  const { case: shown } = await requireTeamCase(code)
  const actor = await requireActor()
  const found = await listSlips(actor, { case: shown.code })
  const known = found.ok && found.value.items.some((line) => line.code === slip)
  if (!known) notFound()
  const { language } = pick(await searchParams, ['language'])
  const locale = isLocale(language) ? language : actor.locale
  const own = await getTranslations('complaints')
  const t = await getTranslations({ locale, namespace: 'complaints' })
  return (
    <article data-paper lang={locale} dir={directionOf(locale)}>
      <PageHeader
        title={t('slip.title')}
        crumbs={[{ label: own('slips.title'), href: `/cases/${shown.code}/complaint-slips` }]}
        primary={<PrintButton label={own('slip.print')} />}
      />
      <div className="measure grid gap-4">
        <p>{t('slip.intro')}</p>
        <ol className="grid list-decimal gap-2 ps-6">
          <li>
            {t('slip.open')} <bdi dir="ltr">{`${settings.publicOrigin}/complaints/new`}</bdi>
          </li>
          <li>
            {t('slip.type')}{' '}
            <strong className="text-lead">
              <Code code={slip} />
            </strong>
          </li>
          <li>{t('slip.answer')}</li>
        </ol>
        <p>{t('slip.safe')}</p>
        <p>{t('slip.never')}</p>
      </div>
    </article>
  )
}
