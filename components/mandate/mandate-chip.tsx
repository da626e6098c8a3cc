import { useTranslations } from 'next-intl'
import { AppLink } from '@/components/ui/link'
import { paragraphHref } from './paragraph-href'

type MandateChipProps = {
  readonly paragraph: string
  /** Why this record stands under it, where its category alone doesn't say: "adapted to age". */
  readonly reason?: string | undefined
}

/** A paragraph of the resolution that a record stands under; from the record's own rows, never worked out on the screen. */
export function MandateChip({ paragraph, reason }: MandateChipProps) {
  const t = useTranslations('ui.mandate')
  const text = reason === undefined ? paragraph : t('why', { paragraph, reason })
  return (
    <AppLink
      href={paragraphHref(paragraph)}
      pending={false}
      aria-label={reason === undefined ? t('name', { paragraph }) : `${t('name', { paragraph })}, ${reason}`}
      className="inline-flex min-h-6 items-center rounded-sm border border-edge bg-surface px-1.5 text-note text-ink-2 tabular-nums no-underline hover:border-action hover:text-action-ink"
    >
      {text}
    </AppLink>
  )
}

/** The paragraphs of a record, in one line. */
export function MandateChips({ paragraphs }: { readonly paragraphs: readonly MandateChipProps[] }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {paragraphs.map(({ paragraph, reason }) => (
        <MandateChip key={paragraph} paragraph={paragraph} reason={reason} />
      ))}
    </span>
  )
}
