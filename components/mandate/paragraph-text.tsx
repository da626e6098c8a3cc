import { useTranslations } from 'next-intl'

type ParagraphTextProps = {
  readonly zh: string
  readonly en: string
  /** The verb that the Chinese text sets apart. */
  readonly opening?: string | undefined
}

/** A paragraph in both languages, side by side where there is room; each says its own language to screen readers. */
export function ParagraphText({ zh, en, opening }: ParagraphTextProps) {
  const hasOpening = opening !== undefined && zh.startsWith(opening)
  return (
    <div className="grid gap-x-8 gap-y-3 md:grid-cols-2">
      <p lang="zh-Hans" className="measure">
        {hasOpening ? <strong className="font-semibold">{opening}</strong> : null}
        {hasOpening ? zh.slice(opening.length) : zh}
      </p>
      <p lang="en" className="measure">
        {en}
      </p>
    </div>
  )
}

/** Which text is which: the Chinese is as distributed, the English is ours. */
export function TextSources() {
  const t = useTranslations('mandate')
  return (
    <div className="mt-2 grid gap-x-8 text-note text-ink-3 md:grid-cols-2">
      <p>{t('chinese')}</p>
      <p>{t('english')}</p>
    </div>
  )
}
