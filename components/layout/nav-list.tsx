'use client'

import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { PageLink } from '@/components/ui/page-link'

export type NavEntry = {
  readonly key: string
  readonly href: string
  readonly label: string
  readonly icon: ReactNode
  readonly isAct: boolean
  /** How much waits there, in digits; `countText` says it in words. */
  readonly count?: string
  readonly countText?: string
}

const COLUMN = 'flex h-control items-center gap-3 border-s-4 px-4 no-underline'
const BAR =
  'flex h-14 flex-col items-center justify-center gap-0.5 border-t-3 px-1 text-center text-note leading-tight no-underline'

/** The menu, as a column of words or as the bar of a phone; the page that is open is marked. */
export function NavList({
  entries,
  layout,
}: {
  readonly entries: readonly NavEntry[]
  readonly layout: 'column' | 'bar'
}) {
  const open = openEntry(entries, usePathname())
  return (
    <ul className={layout === 'column' ? 'grid gap-0.5' : 'grid auto-cols-fr grid-flow-col'}>
      {entries.map(({ key, href, label, icon, isAct, count, countText }) => {
        const isCurrent = key === open
        const colour = isCurrent
          ? 'border-action bg-action-soft font-semibold text-action-ink'
          : isAct && layout === 'bar'
            ? 'border-transparent font-semibold text-action-ink'
            : 'border-transparent text-ink hover:bg-sunken'
        return (
          <li key={key}>
            <PageLink
              href={href}
              aria-current={isCurrent ? 'page' : undefined}
              className={`${layout === 'column' ? COLUMN : BAR} ${colour}`}
            >
              {icon}
              <span className="min-w-0">{label}</span>
              {count === undefined || layout === 'bar' ? null : (
                <>
                  <span aria-hidden="true" className="ms-auto text-note text-ink-2 tabular-nums">
                    {count}
                  </span>
                  <span className="unseen">{countText}</span>
                </>
              )}
            </PageLink>
          </li>
        )
      })}
    </ul>
  )
}

/** Which entry the open page lies under: the nearest one, since some lie under others. */
function openEntry(entries: readonly NavEntry[], path: string): NavEntry['key'] | undefined {
  const over = entries.filter(
    ({ href, isAct }) =>
      path === href || (!isAct && href !== '/' && path.startsWith(`${href}/`) && !path.startsWith('/services/new')),
  )
  return over.sort((a, b) => b.href.length - a.href.length)[0]?.key
}
