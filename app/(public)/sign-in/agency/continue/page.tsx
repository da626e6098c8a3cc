import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { buttonClass } from '@/components/ui/button-class'
import { LinkButton } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import { readJourney } from '@/lib/auth/provider/journey-cookie'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.provider')
  return { title: t('page_title') }
}

/** Shows where the way leads on, so that a password is never typed at a place that nobody looked at. */
export default async function ContinuePage() {
  const journey = await readJourney()
  const t = await getTranslations('auth.provider')
  if (journey === null) {
    return (
      <>
        <PageHeader title={t('refused.title')} />
        <p className="measure mb-6">{t('refused.late')}</p>
        <LinkButton href="/sign-in/agency">{t('again')}</LinkButton>
      </>
    )
  }
  const host = new URL(journey.address).host
  return (
    <>
      <PageHeader title={t('continue.title')} />
      <p className="measure mb-6">{t('continue.explain', { host })}</p>
      <a href={journey.address} className={buttonClass('primary')} rel="noreferrer">
        {t('continue.go', { host })}
      </a>
    </>
  )
}
