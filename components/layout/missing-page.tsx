import { useTranslations } from 'next-intl'
import { LinkButton } from '@/components/ui/button'

/** The same words for what isn't there and for what one may not see. */
export function MissingPage() {
  const t = useTranslations('errors')
  return (
    <div className="measure grid justify-items-start gap-4">
      <title>{t('title_missing')}</title>
      <h1 tabIndex={-1} className="text-title font-semibold">
        {t('missing')}
      </h1>
      <p>{t('missing_help')}</p>
      <LinkButton href="/">{t('first_page')}</LinkButton>
    </div>
  )
}
