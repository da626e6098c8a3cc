import { getTranslations } from 'next-intl/server'
import { LinkButton } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'

/** Stands on every page of those who must know, until somebody has dealt with it. */
export async function SealAlarm() {
  const t = await getTranslations('audit.fault')
  return (
    <div role="alert" className="no-print mb-4">
      <Notice
        tone="stop"
        icon="shield-alert"
        title={t('title')}
        act={<LinkButton href="/admin/seal">{t('banner_act')}</LinkButton>}
      >
        {t('banner')}
      </Notice>
    </div>
  )
}
