import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Interruption } from '@/components/ui/confirmation'
import { requireActorWho } from '@/lib/auth/require-actor'

export const generateMetadata = titleOrMissing(EmergencyPage, async () => {
  const t = await getTranslations('emergency')
  return { title: t('page_title') }
})

export default orMissing(EmergencyPage)

/** Stops before something grave: what it does, who is told, how long it lasts. */
async function EmergencyPage() {
  await requireActorWho('emergency:open')
  const t = await getTranslations('emergency.stop')
  return (
    <Interruption
      title={t('title')}
      lines={[t('team'), t('looks'), t('hours')]}
      back={<LinkButton href="/">{t('back')}</LinkButton>}
      goOn={
        <LinkButton href="/emergency-access/new" tone="stop">
          {t('go_on')}
        </LinkButton>
      }
    />
  )
}
