import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { cx } from './class-names'
import { Icon } from './icon'
import { AppLink } from './link'

export type Tab = {
  readonly label: ReactNode
  readonly href: string
  readonly isCurrent: boolean
  readonly count?: ReactNode
}

/** The sections of a record as links, each with an address of its own. On phones a fold under the name of the one that is open. */
export function Tabs({ tabs, label }: { readonly tabs: readonly Tab[]; readonly label?: string }) {
  const t = useTranslations('ui.tabs')
  const current = tabs.find(({ isCurrent }) => isCurrent)
  return (
    <nav aria-label={label ?? t('label')} className="no-print mb-6 border-b border-line">
      <ul className="hidden flex-wrap gap-x-1 md:flex">
        {tabs.map((tab) => (
          <li key={tab.href}>
            <TabLink
              tab={tab}
              className={cx(
                '-mb-px inline-flex h-row items-center gap-1.5 border-b-3 px-3 no-underline',
                tab.isCurrent
                  ? 'border-action font-semibold text-ink'
                  : 'border-transparent text-action-ink hover:border-edge',
              )}
            />
          </li>
        ))}
      </ul>
      <details className="md:hidden">
        <summary className="flex min-h-11 list-none items-center gap-2 font-semibold">
          {current?.label}
          {current?.count === undefined ? null : <span className="text-note tabular-nums">{current.count}</span>}
          <Icon name="chevron-down" size="sm" />
        </summary>
        <ul className="pb-2">
          {tabs.map((tab) => (
            <li key={tab.href}>
              <TabLink
                tab={tab}
                className={cx(
                  'flex min-h-11 items-center gap-1.5 ps-4 no-underline',
                  tab.isCurrent ? 'border-s-3 border-action font-semibold' : 'text-action-ink',
                )}
              />
            </li>
          ))}
        </ul>
      </details>
    </nav>
  )
}

function TabLink({ tab, className }: { readonly tab: Tab; readonly className: string }) {
  return (
    <AppLink href={tab.href} className={className} aria-current={tab.isCurrent ? 'page' : undefined}>
      {tab.label}
      {tab.count === undefined ? null : <span className="text-note text-ink-2 tabular-nums">{tab.count}</span>}
    </AppLink>
  )
}
