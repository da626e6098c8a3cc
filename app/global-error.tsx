'use client'

import { FailedPage } from '@/components/layout/failed-page'
import './globals.css'

/** In place of everything, when even the root layout failed. */
export default function GlobalError({
  error,
  retry,
}: {
  readonly error: Error & { readonly digest?: string }
  readonly retry: () => void
}) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto max-w-3xl px-4 py-12">
          <FailedPage reference={error.digest} retry={retry} />
        </main>
      </body>
    </html>
  )
}
