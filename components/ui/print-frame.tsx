import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { AppLink } from './link'
import { PrintButton } from './print-button'

type PrintFrameProps = {
  readonly title: ReactNode
  readonly printedBy: string
  readonly printedAt: string
  readonly back: string
  readonly children: ReactNode
}

/** A page made for paper: codes, who printed and when, paragraph links as text. */
export function PrintFrame({ title, printedBy, printedAt, back, children }: PrintFrameProps) {
  const t = useTranslations('ui.print')
  return (
    <article className="print-page mx-auto max-w-3xl bg-surface p-8 print:p-0">
      <div className="no-print mb-6 flex gap-3">
        <PrintButton label={t('print')} />
        <AppLink href={back} className="control inline-flex items-center text-action-ink">
          {t('back')}
        </AppLink>
      </div>
      <h1 className="text-title font-semibold">{title}</h1>
      {children}
      <footer className="mt-8 border-t border-line pt-2 text-note text-ink-2">
        {t('printed', { who: printedBy, when: printedAt })}
      </footer>
    </article>
  )
}

/** On a working page, only on paper: how to print properly. */
export function PrintHint() {
  const t = useTranslations('ui.print')
  return <p className="print-only border-b border-edge pb-2 text-note">{t('use_print')}</p>
}
