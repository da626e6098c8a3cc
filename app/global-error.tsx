'use client'

import { useState } from 'react'
import { FailedPage } from '@/components/layout/failed-page'
import './globals.css'

/** In place of everything, where no frame stands around a page that failed, or the frame itself did. */
export default function GlobalError({
  error,
  retry,
}: {
  readonly error: Error & { readonly digest?: string }
  readonly retry: () => void
}) {
  // What the page said before it failed.
  const [language] = useState(() => (typeof document === 'undefined' ? '' : document.documentElement.lang))
  return (
    <html lang={language === '' ? 'en' : language}>
      <body>
        <main className="mx-auto max-w-3xl px-4 py-12">
          <FailedPage reference={error.digest} retry={retry} />
        </main>
      </body>
    </html>
  )
}
