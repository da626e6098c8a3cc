import { MissingPage, missingMetadata } from '@/components/layout/missing-page'
import { PublicFrame } from '@/components/layout/public-frame'
import { currentPreferences } from '@/lib/i18n/preferences'

export const generateMetadata = missingMetadata

export default async function NotFound() {
  const { locale } = await currentPreferences()
  return (
    <PublicFrame locale={locale}>
      <MissingPage />
    </PublicFrame>
  )
}
