import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { PublicFrame } from '@/components/layout/public-frame'
import { currentPreferences } from '@/lib/i18n/preferences'
import { settings } from '@/lib/platform/env'
import { AppLink } from '@/components/ui/link'

/** Every component in every state, for whoever builds or checks pages. It doesn't exist in production. */
export default async function KitLayout({ children }: { readonly children: ReactNode }) {
  if (settings.production) notFound()
  const { locale } = await currentPreferences()
  const t = await getTranslations('kit')
  return (
    <PublicFrame locale={locale} isWide demonstration>
      <nav aria-label={t('sections')} className="mb-6 flex flex-wrap gap-x-6">
        <AppLink href="/kit">{t('marks')}</AppLink>
        <AppLink href="/kit/records">{t('records')}</AppLink>
        <AppLink href="/kit/forms">{t('forms')}</AppLink>
        <AppLink href="/kit-shell">{t('shell')}</AppLink>
      </nav>
      {children}
    </PublicFrame>
  )
}
