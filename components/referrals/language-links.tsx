import { AppLink } from '@/components/ui/link'
import { LOCALE_NAMES, LOCALES, type Locale } from '@/lib/i18n/locale'

/** The same paper in each language, for whoever reads it; on paper itself nothing of this. */
export function LanguageLinks({ path, current }: { readonly path: string; readonly current: Locale }) {
  return (
    <ul className="no-print mb-6 flex flex-wrap gap-4">
      {LOCALES.map((locale) => (
        <li key={locale} lang={locale}>
          {locale === current ? (
            <span className="font-semibold">{LOCALE_NAMES[locale]}</span>
          ) : (
            <AppLink href={`${path}?language=${locale}`} className="text-action-ink underline">
              {LOCALE_NAMES[locale]}
            </AppLink>
          )}
        </li>
      ))}
    </ul>
  )
}
