import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { cx } from '@/components/ui/class-names'
import { Icon } from '@/components/ui/icon'

export type SafeContactState = 'rules' | 'none' | 'not_asked' | 'old'

type SafeContactBandProps = {
  readonly state: SafeContactState
  /** The rules in one line: "Text only, 10:00 to 14:00. Never call." */
  readonly line?: ReactNode
  /** The rest of the rules; unfolds. */
  readonly rules?: ReactNode
  /** When it was asked, for rules older than 90 days. */
  readonly askedOn?: string
  /** A link to the page that asks. */
  readonly ask?: ReactNode
}

/** How to reach the person without harm. Stands in the case header and before every contact detail; without it nobody calls. */
export function SafeContactBand({ state, line, rules, askedOn, ask }: SafeContactBandProps) {
  const t = useTranslations('ui.safe')
  const isNone = state === 'none'
  return (
    <section
      aria-label={t('title')}
      className={cx(
        'flex flex-wrap items-start gap-x-3 gap-y-1 border-s-4 px-3 py-2',
        isNone ? 'border-stop bg-stop-soft' : 'border-warn bg-warn-soft',
      )}
    >
      <span className={cx('flex items-center gap-2 font-semibold', isNone ? 'text-stop-ink' : 'text-warn-ink')}>
        <Icon name="phone" size="sm" />
        {t('title')}
      </span>
      <div className="min-w-0 flex-1 basis-60">
        {line === undefined ? null : <p>{line}</p>}
        {isNone ? <p className="font-semibold">{t('none')}</p> : null}
        {state === 'not_asked' ? <p>{t('not_asked')}</p> : null}
        {state === 'old' ? <p className="text-note">{t('old', { date: askedOn ?? '' })}</p> : null}
        {rules === undefined ? null : (
          <details className="fold">
            <summary className="inline-flex min-h-6 items-center gap-2 text-note text-action-ink underline">
              <span className="fold-mark" aria-hidden="true" />
              {t('rules')}
            </summary>
            <div className="py-2">{rules}</div>
          </details>
        )}
      </div>
      {ask}
    </section>
  )
}
