import { useTranslations } from 'next-intl'
import { cx } from '@/components/ui/class-names'
import { CATEGORY_KEYS, CATEGORY_PARAGRAPH, type CategoryKey } from '@/lib/mandate/categories'

/** Class names must stand in the code as a whole, so each category has its line. */
const SHOWN_FOR: Readonly<Record<CategoryKey, string>> = {
  legal: 'in-[form:has([name=category][value=legal]:checked)]:inline',
  psychological: 'in-[form:has([name=category][value=psychological]:checked)]:inline',
  medical: 'in-[form:has([name=category][value=medical]:checked)]:inline',
  social: 'in-[form:has([name=category][value=social]:checked)]:inline',
  residency: 'in-[form:has([name=category][value=residency]:checked)]:inline',
  reintegration: 'in-[form:has([name=category][value=reintegration]:checked)]:inline',
}

/** Under which paragraphs the record will stand, as the category is chosen; CSS shows the line, so no script is needed. */
export function RecordedUnder() {
  const t = useTranslations('assistance')
  return (
    <span className="text-note text-ink-2">
      <span className="in-[form:has([name=category]:checked)]:hidden">{t('recorded_under_own')}</span>
      {CATEGORY_KEYS.map((category) => (
        <span key={category} className={cx('hidden', SHOWN_FOR[category])}>
          {t('recorded_under', { own: CATEGORY_PARAGRAPH[category] })}
        </span>
      ))}
    </span>
  )
}
