'use client'

import { FailedPage } from '@/components/layout/failed-page'

export default function WorkError({
  error,
  retry,
}: {
  readonly error: Error & { readonly digest?: string }
  readonly retry: () => void
}) {
  return <FailedPage reference={error.digest} retry={retry} />
}
