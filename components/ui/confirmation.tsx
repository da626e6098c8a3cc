import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

type ConfirmationProps = {
  /** What will happen, to whom, who is told. */
  readonly will: readonly ReactNode[]
  /** What can't be undone. */
  readonly cannotUndo?: readonly ReactNode[]
  /** An `<ActionForm cancelFirst>` whose buttons are verbs: "Keep it", "Withdraw referral". */
  readonly children: ReactNode
}

/** The body of a page that asks once more; the page has its own address, so it works without a script. */
export function Confirmation({ will, cannotUndo = [], children }: ConfirmationProps) {
  const t = useTranslations('ui.confirmation')
  return (
    <div className="measure grid gap-6">
      <Points title={t('will_happen')} points={will} />
      {cannotUndo.length === 0 ? null : <Points title={t('undo')} points={cannotUndo} />}
      {children}
    </div>
  )
}

function Points({ title, points }: { readonly title: string; readonly points: readonly ReactNode[] }) {
  return (
    <section>
      <h2 className="text-lead font-semibold">{title}</h2>
      <ul className="mt-1 grid list-disc gap-1 ps-5">
        {points.map((point, index) => (
          <li key={index}>{point}</li>
        ))}
      </ul>
    </section>
  )
}

type InterruptionProps = {
  readonly title: string
  readonly lines: readonly ReactNode[]
  readonly goOn: ReactNode
  readonly back: ReactNode
}

/** A full-width band that stops before something grave: three lines, go on or back, no fields. */
export function Interruption({ title, lines, goOn, back }: InterruptionProps) {
  return (
    <section className="-mx-4 bg-ink px-4 py-10 text-page sm:-mx-6 sm:px-6">
      <h1 className="text-title font-semibold">{title}</h1>
      <div className="measure mt-3 grid gap-2">
        {lines.map((line, index) => (
          <p key={index}>{line}</p>
        ))}
      </div>
      <div className="mt-6 flex flex-wrap gap-3">
        {back}
        {goOn}
      </div>
    </section>
  )
}
