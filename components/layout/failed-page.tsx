'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { buttonClass } from '@/components/ui/button-class'
import chinese from '@/lib/i18n/messages/zh-Hans/failure.json'
import english from '@/lib/i18n/messages/en/failure.json'

type FailedPageProps = { readonly reference: string | undefined; readonly retry: () => void }

/**
 * What stands in place of a page that failed. An error boundary runs in the browser and gets no texts from the server,
 * so it brings the few that it needs along. It tells a reference, never what went wrong inside.
 */
export function FailedPage({ reference, retry }: FailedPageProps) {
  const language = useSyncExternalStore(
    () => () => undefined,
    () => document.documentElement.lang,
    () => 'en',
  )
  const texts = language.startsWith('zh') ? chinese : english
  useEffect(() => {
    document.title = texts.title
  }, [texts])
  return (
    <div className="measure grid justify-items-start gap-4">
      <h1 tabIndex={-1} className="text-title font-semibold">
        {texts.unexpected}
      </h1>
      {reference === undefined ? null : (
        <p className="font-semibold">{texts.reference.replace('{reference}', reference)}</p>
      )}
      <p>{texts.kept}</p>
      <div className="flex flex-wrap gap-3">
        <button type="button" className={buttonClass('primary')} onClick={retry}>
          {texts.try_again}
        </button>
        {/* A whole new page, since the router itself may be what failed. */}
        <a href="/" className={buttonClass('secondary')}>
          {texts.first_page}
        </a>
      </div>
    </div>
  )
}
