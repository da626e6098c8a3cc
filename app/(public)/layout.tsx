import type { ReactNode } from 'react'
import { PublicFrame } from '@/components/layout/public-frame'
import { signInPage } from '@/lib/auth/sessions'
import { currentPreferences } from '@/lib/i18n/preferences'

export default async function PublicLayout({ children }: { readonly children: ReactNode }) {
  const { locale } = await currentPreferences()
  const { demonstration } = await signInPage()
  return (
    <PublicFrame locale={locale} demonstration={demonstration}>
      {children}
    </PublicFrame>
  )
}
