import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LinkButton } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'

const REASONS = ['late', 'proof', 'nobody', 'taken', 'invitation', 'away', 'unproven'] as const

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.provider')
  return { title: t('page_title') }
}

/** Says why the way back from an agency's place to sign in led nowhere, and what to do. */
export default async function RefusedPage({ searchParams }: PageProps<'/sign-in/agency/refused'>) {
  const { why } = await searchParams
  const reason = REASONS.find((one) => one === why) ?? 'proof'
  const t = await getTranslations('auth.provider')
  return (
    <>
      <PageHeader title={t('refused.title')} />
      <p className="measure mb-6">{t(`refused.${reason}`)}</p>
      <LinkButton href="/sign-in/agency">{t('again')}</LinkButton>
    </>
  )
}
