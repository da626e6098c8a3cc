import { getTranslations } from 'next-intl/server'
import type { Locale } from '@/lib/i18n/locale'
import { CATEGORY_KEYS, SERVICE_TYPES, type CategoryKey } from '@/lib/mandate/categories'
import { CategoryIcon } from './category-tile'
import type { CategoryChoice } from './category-type-fields'

/** The six categories with their types, in the language of the screen, for the tiles of a form. */
export async function categoryChoices(): Promise<readonly CategoryChoice[]> {
  const name = await typeNames()
  const t = await getTranslations('mandate')
  return CATEGORY_KEYS.map((key) => ({
    key,
    label: t(`categories.${key}`),
    icon: <CategoryIcon category={key} size="sm" />,
    types: SERVICE_TYPES[key].map((type) => ({ key: type, label: name(key, type) })),
  }))
}

/** How types are called, in the language of the screen or another; a type that has no name reads as its category. */
export async function typeNames(locale?: Locale): Promise<(category: CategoryKey, type: string | null) => string> {
  const t =
    locale === undefined ? await getTranslations('mandate') : await getTranslations({ locale, namespace: 'mandate' })
  type Key = Parameters<typeof t>[0]
  return (category, type) => {
    const key = `types.${category}.${type ?? ''}` as Key
    return type !== null && t.has(key) ? t(key) : t(`categories.${category}`)
  }
}
