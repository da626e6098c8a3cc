import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Nonce } from '@/components/layout/nonce'
import { directionOf } from '@/lib/i18n/locale'
import { currentPreferences } from '@/lib/i18n/preferences'
import './globals.css'

// Every page is made for whoever asks: nothing is built ahead, and nothing is shared between members.
export const dynamic = 'force-dynamic'

export const metadata: Metadata = { title: 'Amparo', robots: { index: false, follow: false }, referrer: 'same-origin' }

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const { locale, theme, density } = await currentPreferences()
  const nonce = (await headers()).get('x-nonce')
  return (
    <html
      lang={locale}
      dir={directionOf(locale)}
      data-theme={theme === 'system' ? undefined : theme}
      data-density={density}
    >
      <body>
        {nonce === null ? null : <Nonce nonce={nonce} />}
        {children}
      </body>
    </html>
  )
}
