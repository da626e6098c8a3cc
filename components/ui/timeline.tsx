import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon'

export type TimelineEvent = {
  readonly key: string
  readonly icon: IconName
  /** Verb and thing, as a link where it has a page. */
  readonly what: ReactNode
  readonly by: ReactNode
  readonly time: ReactNode
  /** Mandate chips, pills. */
  readonly chips?: ReactNode
  readonly children?: ReactNode
}

export type TimelineDay = { readonly key: string; readonly day: ReactNode; readonly events: readonly TimelineEvent[] }

/** What happened, newest first, by day. */
export function Timeline({ days, more }: { readonly days: readonly TimelineDay[]; readonly more?: ReactNode }) {
  return (
    <div className="grid gap-6">
      {days.map(({ key, day, events }) => (
        <section key={key}>
          <h3 className="mb-1 text-note font-semibold text-ink-2">{day}</h3>
          <ol className="border-s-2 border-line">
            {events.map((event) => (
              <li key={event.key} className="relative grid grid-cols-[3.5rem_1fr] gap-x-2 py-2 ps-6">
                <span className="absolute -start-3 top-2.5 grid size-6 place-items-center rounded-full border border-line bg-page text-ink-2">
                  <Icon name={event.icon} size="sm" />
                </span>
                <span className="text-note text-ink-2 tabular-nums">{event.time}</span>
                <div className="min-w-0">
                  <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
                    <span>{event.what}</span>
                    <span className="text-note text-ink-2">{event.by}</span>
                    {event.chips}
                  </div>
                  {event.children}
                </div>
              </li>
            ))}
          </ol>
        </section>
      ))}
      {more}
    </div>
  )
}
