import type { ReactNode } from 'react'
import { cx } from './class-names'

type DetailsProps = {
  readonly summary: ReactNode
  /** What is inside, in a few words, so that the fold need not be opened to know: "In person, 45 min". */
  readonly value?: ReactNode
  readonly open?: boolean
  readonly children: ReactNode
  readonly className?: string
}

/** A fold that says its value while closed. */
export function Details({ summary, value, open, children, className }: DetailsProps) {
  return (
    <details open={open} className={cx('fold max-w-3xl border-b border-line', className)}>
      <summary className="flex h-row items-center gap-3 py-1 text-action-ink hover:text-action-hover">
        <span className="fold-mark" aria-hidden="true" />
        <span className="font-semibold underline">{summary}</span>
        {value === undefined ? null : <span className="ms-auto text-end text-note text-ink-2">{value}</span>}
      </summary>
      <div className="ps-5 pt-2 pb-6">{children}</div>
    </details>
  )
}

/** A fold for a short explanation in running text. */
export function Disclosure({ summary, children }: { readonly summary: ReactNode; readonly children: ReactNode }) {
  return (
    <details className="fold">
      <summary className="inline-flex min-h-6 items-center gap-2 text-note text-action-ink underline">
        <span className="fold-mark" aria-hidden="true" />
        {summary}
      </summary>
      <div className="measure mt-1 border-s-2 border-line ps-4 text-note">{children}</div>
    </details>
  )
}
