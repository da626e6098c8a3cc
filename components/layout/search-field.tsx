import { useTranslations } from 'next-intl'
import { Icon } from '@/components/ui/icon'

/**
 * The one search field. What is typed goes by POST to `/search`, which answers with a redirect to a page or to a
 * short-lived sealed address: a name never stands in an address. The field is named `query`.
 */
export function SearchField() {
  const t = useTranslations('shell.search')
  return (
    <form method="post" action="/search" role="search" className="relative">
      <label htmlFor="shell-search" className="unseen">
        {t('label')}
      </label>
      <span className="pointer-events-none absolute inset-y-0 start-0 grid w-10 place-items-center text-ink-3">
        <Icon name="search" size="sm" />
      </span>
      <input
        id="shell-search"
        type="search"
        name="query"
        maxLength={200}
        autoComplete="off"
        dir="auto"
        className="control min-h-9 w-full bg-page ps-10 pe-16 pointer-coarse:min-h-11"
      />
      <kbd
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 end-0 hidden items-center pe-3 text-note text-ink-3 lg:flex"
      >
        {t('keys')}
      </kbd>
    </form>
  )
}
