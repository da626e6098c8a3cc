'use client'

import { lazy, Suspense } from 'react'

// Only when a page fails; should it not come then, app/global-error.tsx has it with it.
const FailedPage = lazy(async () => ({ default: (await import('@/components/layout/failed-page')).FailedPage }))

export default function WorkError({
  error,
  retry,
}: {
  readonly error: Error & { readonly digest?: string }
  readonly retry: () => void
}) {
  return (
    <Suspense>
      <FailedPage reference={error.digest} retry={retry} />
    </Suspense>
  )
}
