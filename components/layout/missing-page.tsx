import type { Metadata } from 'next'
import { useTranslations } from 'next-intl'
import { getTranslations } from 'next-intl/server'
import { LinkButton } from '@/components/ui/button'

/** The same words for what isn't there and for what one may not see. */
export function MissingPage() {
  const t = useTranslations('errors')
  return (
    <div className="measure grid justify-items-start gap-4">
      <h1 tabIndex={-1} className="text-title font-semibold">
        {t('missing')}
      </h1>
      <p>{t('missing_help')}</p>
      <LinkButton href="/">{t('first_page')}</LinkButton>
    </div>
  )
}

export async function missingMetadata(): Promise<Metadata> {
  const t = await getTranslations('errors')
  return { title: t('title_missing') }
}
