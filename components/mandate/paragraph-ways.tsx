import { useTranslations } from 'next-intl'
import type { Format } from '@/lib/i18n/format'
import type { WayToParagraph } from '@/lib/mandate/rules'

type ParagraphWaysProps = {
  readonly ways: readonly WayToParagraph[]
  /** Whether parts of this paragraph have records where it has none itself. */
  readonly hasParts: boolean
  readonly format: Format
}

/** How a record comes to stand under a paragraph: by its kind, by its type, by a fact in it. */
export function ParagraphWays({ ways, hasParts, format }: ParagraphWaysProps) {
  const t = useTranslations('mandate')
  if (ways.length === 0) return <p className="measure">{t(hasParts ? 'ways.parts_only' : 'ways.none')}</p>
  const sentence = (way: WayToParagraph): string => {
    switch (way.by) {
      case 'category':
        return t('ways.category', { category: t(`categories.${way.category}`) })
      case 'type': {
        const names: Readonly<Record<string, string>> = Object.fromEntries(
          way.types.map((type) => [type, t(`types.${way.category}.${type}` as 'types.legal.information_advice')]),
        )
        return t('ways.type', { category: t(`categories.${way.category}`), types: format.list(Object.values(names)) })
      }
      default:
        return t(`ways.${way.by}`)
    }
  }
  return (
    <ul className="measure list-disc ps-5">
      {ways.map((way) => (
        <li key={'category' in way ? `${way.by}-${way.category}` : way.by}>{sentence(way)}</li>
      ))}
    </ul>
  )
}
