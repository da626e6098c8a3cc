'use client'

import { FailedPage } from '@/components/layout/failed-page'

export default function ErrorPage({
  error,
  retry,
}: {
  readonly error: Error & { readonly digest?: string }
  readonly retry: () => void
}) {
  return (
    <main className="mx-auto max-w-3xl px-4 py-12">
      <FailedPage reference={error.digest} retry={retry} />
    </main>
  )
}
