import type { ReactNode } from 'react'
import { cx } from './class-names'
import { AppLink } from './link'

type TaskRowProps = {
  readonly state: 'late' | 'today' | 'soon' | 'snoozed'
  /** "2 days late", "14:00", "30 Nov". */
  readonly due: ReactNode
  readonly what: ReactNode
  readonly href: string
  /** The record it is about, as a `<Code>`; never a name. */
  readonly code?: ReactNode
  readonly meta?: ReactNode
  /** One act, a small `<LinkButton>`. */
  readonly act?: ReactNode
}

/** Something due: the row is one link, the act a button of its own. */
export function TaskRow({ state, due, what, href, code, meta, act }: TaskRowProps) {
  return (
    <li
      data-row
      className={cx(
        '@container relative border-b border-s-4 border-line py-cell ps-3 pe-1 hover:bg-surface',
        state === 'late' ? 'border-s-stop' : state === 'today' ? 'border-s-warn-edge' : 'border-s-transparent',
      )}
    >
      {/* By the width that the row has, not the window: it also stands in half a page. */}
      <div className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 @2xl:grid-cols-[8rem_1fr_11rem_7.5rem]">
        <span
          className={cx(
            'text-note tabular-nums @max-2xl:col-start-1',
            state === 'late' ? 'font-semibold text-stop-ink' : 'text-ink-2',
          )}
        >
          {due}
        </span>
        <span className="min-w-0 @max-2xl:col-start-1">
          <AppLink
            href={href}
            className="font-semibold text-ink no-underline after:absolute after:inset-0 hover:underline"
          >
            {what}
          </AppLink>
          {meta === undefined ? null : <span className="block text-note text-ink-2">{meta}</span>}
        </span>
        <span className="text-note text-ink-2 @max-2xl:col-start-1">{code}</span>
        <span className="relative z-1 @2xl:justify-self-end @max-2xl:col-start-2 @max-2xl:row-span-3 @max-2xl:row-start-1">
          {act}
        </span>
      </div>
    </li>
  )
}

/** Task rows under one heading: "Overdue 2". */
export function TaskGroup({
  title,
  count,
  children,
}: {
  readonly title: ReactNode
  readonly count: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className="mb-8">
      <h2 className="mb-1 text-head font-semibold">
        {title} <span className="font-normal text-ink-2 tabular-nums">{count}</span>
      </h2>
      <ul className="border-t border-line">{children}</ul>
    </section>
  )
}
