import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { buttonClass } from './button-class'
import { Icon } from './icon'
import { AppLink } from './link'

export type Filter = {
  readonly name: string
  readonly label: string
  readonly value: string
} & (
  | {
      readonly kind?: 'select'
      readonly options: readonly { readonly value: string; readonly label: string }[]
      readonly any?: string
    }
  | { readonly kind: 'date' }
)

type FilterBarProps = {
  /** The page's own address. */
  readonly action: string
  /** At most four; the rest goes to `more`. Coded values only: nothing typed may stand in an address. */
  readonly filters: readonly Filter[]
  readonly more?: readonly Filter[]
  /** Goes along: the tab that is open. */
  readonly hidden?: Readonly<Record<string, string>>
  /** What is filtered now; each chip's address leaves its own filter out. */
  readonly chips: readonly { readonly label: string; readonly href: string }[]
  readonly clearHref: string
  /** "14 cases, next date first": a heading that is read out when it changes. */
  readonly count: ReactNode
}

/** Filters above a list, always open, as a GET form; and chips that undo. */
export function FilterBar({ action, filters, more = [], hidden = {}, chips, clearHref, count }: FilterBarProps) {
  const t = useTranslations('ui.filter')
  return (
    <div className="no-print mb-4 grid gap-3">
      <form
        method="get"
        action={action}
        className="flex flex-wrap items-end gap-3 border-y border-line py-3"
        data-filter
      >
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {filters.map((filter) => (
          <FilterControl key={filter.name} filter={filter} />
        ))}
        <button type="submit" className={buttonClass('secondary')}>
          {t('apply')}
        </button>
        {more.length === 0 ? null : (
          <details className="min-w-0 open:basis-full" open={more.some(({ value }) => value !== '')}>
            <summary className="inline-flex min-h-9 list-none items-center gap-1 text-action-ink underline pointer-coarse:min-h-11">
              {t('more')}
              <Icon name="chevron-down" size="sm" />
            </summary>
            <div className="flex flex-wrap items-end gap-3 pt-2">
              {more.map((filter) => (
                <FilterControl key={filter.name} filter={filter} />
              ))}
            </div>
          </details>
        )}
      </form>
      {chips.length === 0 ? null : (
        <div className="flex flex-wrap items-center gap-2 text-note">
          <span className="text-ink-2">{t('by')}</span>
          <ul className="flex flex-wrap gap-2">
            {chips.map(({ label, href }) => (
              <li key={href}>
                <AppLink
                  href={href}
                  pending={false}
                  aria-label={t('remove', { filter: label })}
                  className="inline-flex min-h-8 items-center gap-1.5 rounded-full bg-action-soft px-3 text-action-ink no-underline hover:underline pointer-coarse:min-h-11"
                >
                  {label}
                  <Icon name="x" size="sm" />
                </AppLink>
              </li>
            ))}
          </ul>
          <AppLink href={clearHref}>{t('clear')}</AppLink>
        </div>
      )}
      <h2 aria-live="polite" className="text-note font-semibold text-ink-2">
        {count}
      </h2>
    </div>
  )
}

function FilterControl({ filter }: { readonly filter: Filter }) {
  const t = useTranslations('ui.filter')
  return (
    <label className="min-w-0 text-note text-ink-2">
      <span className="block">{filter.label}</span>
      {filter.kind === 'date' ? (
        <input type="date" name={filter.name} defaultValue={filter.value} className="control text-body text-ink" />
      ) : (
        <select name={filter.name} defaultValue={filter.value} className="control max-w-60 text-body text-ink">
          <option value="">{filter.any ?? t('any')}</option>
          {filter.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </label>
  )
}
