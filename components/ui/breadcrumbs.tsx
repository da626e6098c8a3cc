import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Icon } from './icon'
import { AppLink } from './link'

export type Crumb = { readonly label: ReactNode; readonly href: string }

/** The way here, without the page itself. On phones only the last step, as a way back. */
export function Breadcrumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  const t = useTranslations('ui.breadcrumbs')
  if (crumbs.length === 0) return null
  return (
    <nav aria-label={t('label')} className="no-print text-note">
      <ol className="flex flex-wrap items-center gap-x-2">
        {crumbs.map(({ label, href }, index) => (
          <li
            key={href}
            className={index < crumbs.length - 1 ? 'hidden items-center gap-2 md:flex' : 'flex items-center gap-2'}
          >
            {index === crumbs.length - 1 ? <Icon name="chevron-left" size="sm" className="md:hidden" /> : null}
            <AppLink href={href} className="inline-flex min-h-6 items-center text-action-ink underline">
              {label}
            </AppLink>
            {index < crumbs.length - 1 ? (
              <span aria-hidden="true" className="text-ink-3">
                /
              </span>
            ) : null}
          </li>
        ))}
      </ol>
    </nav>
  )
}
