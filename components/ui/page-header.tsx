import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Breadcrumbs, type Crumb } from './breadcrumbs'
import { FlashRegion } from './flash'
import { Icon } from './icon'

type PageHeaderProps = {
  readonly title: ReactNode
  readonly crumbs?: readonly Crumb[]
  readonly pills?: ReactNode
  /** One line: what one has to know about the record. */
  readonly facts?: ReactNode
  /** The one act of the page: a `<LinkButton tone="primary">` or a form with one button. */
  readonly primary?: ReactNode
  readonly secondary?: ReactNode
  /** Rare acts, as links; a fold, so that it works without a script. */
  readonly more?: ReactNode
}

/** Where you are and what to do: breadcrumb, flash, the page's one h1, pills, one line of facts, and at most two acts beside "More". */
export function PageHeader({ title, crumbs = [], pills, facts, primary, secondary, more }: PageHeaderProps) {
  const t = useTranslations('ui.header')
  const hasActs = primary !== undefined || secondary !== undefined || more !== undefined
  return (
    <header className="mb-6 grid gap-2">
      <Breadcrumbs crumbs={crumbs} />
      <FlashRegion />
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 tabIndex={-1} className="text-title font-semibold outline-none">
              {title}
            </h1>
            {pills}
          </div>
          {facts === undefined ? null : <div className="mt-1 text-ink-2">{facts}</div>}
        </div>
        {hasActs ? (
          <div
            role="group"
            aria-label={t('acts')}
            className="no-print flex flex-wrap items-center gap-2 max-md:fixed max-md:inset-x-0 max-md:bottom-(--bar) max-md:z-10 max-md:border-t max-md:border-line max-md:flex-nowrap max-md:bg-page max-md:px-3 max-md:py-2 max-md:[&_:is(a,button,summary)]:px-3 max-md:[&_:is(a,button,summary)]:text-note"
          >
            {primary}
            {secondary}
            {more === undefined ? null : <MoreActs label={t('more')}>{more}</MoreActs>}
          </div>
        ) : null}
      </div>
    </header>
  )
}

function MoreActs({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <details className="relative" name="more">
      <summary className="flex h-control list-none items-center gap-1 rounded-md border border-edge bg-surface px-4 font-semibold text-action-ink">
        {label}
        <Icon name="chevron-down" size="sm" />
      </summary>
      <div className="absolute end-0 z-20 mt-1 grid min-w-56 rounded-lg border border-edge bg-raised p-1 shadow-float max-md:bottom-full max-md:mb-1 [&_a]:flex [&_a]:min-h-11 [&_a]:items-center [&_a]:rounded-md [&_a]:px-3 [&_a]:no-underline [&_a:hover]:bg-action-soft">
        {children}
      </div>
    </details>
  )
}

/** A part of a page with its own heading. */
export function Section({
  title,
  aside,
  children,
  id,
}: {
  readonly title: ReactNode
  readonly aside?: ReactNode
  readonly children: ReactNode
  readonly id?: string
}) {
  return (
    <section id={id} className="mb-12">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-b border-line pb-1">
        <h2 className="text-head font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
