import type { ReactNode } from 'react'

type EmptyStateProps = {
  /** What belongs here: "No services yet"; after a filter: "No services fit these filters". */
  readonly title: ReactNode
  /** Which filter to drop, or how it starts. */
  readonly children?: ReactNode
  readonly act?: ReactNode
}

/** Nothing here, and what would put something here. */
export function EmptyState({ title, children, act }: EmptyStateProps) {
  return (
    <div className="grid justify-items-start gap-3 border-y border-line py-8">
      <p className="text-lead font-semibold">{title}</p>
      {children === undefined ? null : <div className="measure text-ink-2">{children}</div>}
      {act}
    </div>
  )
}
