import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { cx } from './class-names'
import { Icon } from './icon'

export type Step = {
  readonly key: string
  readonly label: ReactNode
  readonly detail?: ReactNode
  readonly at: 'passed' | 'now' | 'next'
}

/** What a record has passed, where it stands, and what is next. */
export function StateSteps({ steps }: { readonly steps: readonly Step[] }) {
  const t = useTranslations('ui.steps')
  return (
    <ol className="flex flex-wrap gap-x-6 gap-y-2 max-sm:flex-col">
      {steps.map(({ key, label, detail, at }) => (
        <li
          key={key}
          aria-current={at === 'now' ? 'step' : undefined}
          className={cx('flex gap-2', at === 'next' && 'text-ink-3')}
        >
          <Icon
            name={at === 'passed' ? 'circle-check' : at === 'now' ? 'circle-play' : 'circle-dashed'}
            className={cx('mt-0.5', at === 'passed' && 'text-go-ink', at === 'now' && 'text-action-ink')}
          />
          <span>
            <span className={at === 'now' ? 'font-semibold' : undefined}>{label}</span>
            <span className="unseen"> {t(at)}</span>
            {detail === undefined ? null : <span className="block text-note text-ink-2">{detail}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}
