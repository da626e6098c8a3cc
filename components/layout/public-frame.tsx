import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { cx } from '@/components/ui/class-names'
import { LOCALE_NAMES, LOCALES, type Locale } from '@/lib/i18n/locale'

type PublicFrameProps = {
  readonly locale: Locale
  readonly demonstration?: boolean
  readonly isWide?: boolean
  readonly children: ReactNode
}

/** The frame of pages before sign-in: the word, one question, and the languages. */
export function PublicFrame({ locale, demonstration = false, isWide = false, children }: PublicFrameProps) {
  const t = useTranslations('shell')
  const width = isWide ? 'max-w-5xl' : 'max-w-3xl'
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="absolute start-2 top-2 z-50 -translate-y-20 rounded-md bg-ink px-4 py-2 text-page focus:translate-y-0"
      >
        {t('skip')}
      </a>
      <header className="no-print border-b border-line bg-surface">
        {demonstration ? (
          <p className="bg-info-soft px-4 py-0.5 text-center text-note text-info-ink">{t('demonstration')}</p>
        ) : null}
        <div className={cx('mx-auto flex min-h-14 flex-wrap items-center justify-between gap-x-6 px-4 sm:px-6', width)}>
          <p className="text-lead font-semibold">{t('product')}</p>
          <LanguageLinks locale={locale} />
        </div>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className={cx('mx-auto w-full flex-1 px-4 py-8 sm:px-6 outline-none sm:py-12', width)}
      >
        {children}
      </main>
    </div>
  )
}

/** Each language by its own name. A post, since it changes something that stays: the cookie `lang`. */
export function LanguageLinks({ locale }: { readonly locale: Locale }) {
  const t = useTranslations('shell')
  return (
    <form method="post" action="/language" aria-label={t('language')} className="flex items-baseline gap-x-4">
      {LOCALES.map((other) =>
        other === locale ? (
          <span key={other} aria-current="true" className="inline-flex min-h-11 items-center font-semibold">
            {LOCALE_NAMES[other]}
          </span>
        ) : (
          <button
            key={other}
            type="submit"
            name="locale"
            value={other}
            lang={other}
            className="inline-flex min-h-11 items-center text-action-ink underline"
          >
            {LOCALE_NAMES[other]}
          </button>
        ),
      )}
    </form>
  )
}
