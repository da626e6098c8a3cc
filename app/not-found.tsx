import { MissingPage } from '@/components/layout/missing-page'
import { PublicFrame } from '@/components/layout/public-frame'
import { currentPreferences } from '@/lib/i18n/preferences'

export default async function NotFound() {
  const { locale } = await currentPreferences()
  return (
    <PublicFrame locale={locale}>
      <MissingPage />
    </PublicFrame>
  )
}
