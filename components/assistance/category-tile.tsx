import { useTranslations } from 'next-intl'
import { cx } from '@/components/ui/class-names'
import { Icon, type IconName } from '@/components/ui/icon'
import type { Category } from './category-type-fields'

export type { Category }

const ICONS: Readonly<Record<Category, IconName>> = {
  legal: 'scale',
  psychological: 'brain',
  medical: 'stethoscope',
  social: 'house',
  residency: 'stamp',
  reintegration: 'sprout',
}

const TINTS: Readonly<Record<Category, string>> = {
  legal: 'bg-legal-soft text-legal-ink',
  psychological: 'bg-psychological-soft text-psychological-ink',
  medical: 'bg-medical-soft text-medical-ink',
  social: 'bg-social-soft text-social-ink',
  residency: 'bg-residency-soft text-residency-ink',
  reintegration: 'bg-reintegration-soft text-reintegration-ink',
}

/** The square tile of a category: only its sign, beside words that name it. */
export function CategoryIcon({ category, size = 'md' }: { readonly category: Category; readonly size?: 'sm' | 'md' }) {
  return (
    <span
      className={cx(
        'inline-grid flex-none place-items-center rounded-sm',
        size === 'sm' ? 'size-6' : 'size-8',
        TINTS[category],
      )}
    >
      <Icon name={ICONS[category]} size={size === 'sm' ? 'sm' : 'md'} />
    </span>
  )
}

type CategoryTileProps = {
  readonly category: Category
  /** What to say in place of the category's name: the type of the service. */
  readonly label?: string
}

/** A category in a list: square, with icon and word, so that it never reads as a state. */
export function CategoryTile({ category, label }: CategoryTileProps) {
  const t = useTranslations('ui.category')
  return (
    <span className="inline-flex min-w-0 items-center gap-2">
      <CategoryIcon category={category} size="sm" />
      {label === undefined ? (
        t(category)
      ) : (
        <span>
          <span className="unseen">{t(category)}: </span>
          {label}
        </span>
      )}
    </span>
  )
}
