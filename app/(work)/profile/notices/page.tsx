import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { viewPreferences } from '@/lib/notifications/inbox-service'
import { nameOfKind, NOTICE_WAYS } from '@/lib/notifications/schema'
import { changePreferencesAction } from './actions'

export const generateMetadata = titleOrMissing(NoticePreferencesPage, async () => {
  const t = await getTranslations('notifications.preferences')
  return { title: t('page_title') }
})

export default orMissing(NoticePreferencesPage)

/** What comes by mail, kind by kind. The inbox has everything in any case. */
async function NoticePreferencesPage() {
  const found = await viewPreferences(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('notifications')
  const profile = await getTranslations('profile')
  const values = Object.fromEntries(found.value.map(({ kind, way }) => [nameOfKind(kind), way]))
  return (
    <>
      <PageHeader title={t('preferences.title')} crumbs={[{ label: profile('title'), href: '/profile' }]} />
      <p className="measure mb-8 text-ink-2">{t('preferences.explain')}</p>
      <ActionForm
        action={changePreferencesAction}
        initial={await initialForm(values, '/profile/notices')}
        submit={t('preferences.save')}
        label={t('preferences.title')}
      >
        {found.value.map(({ kind, isRequired }) => (
          <RadioRows
            key={kind}
            name={nameOfKind(kind)}
            label={t(`kinds.${nameOfKind(kind)}`)}
            hint={isRequired ? t('preferences.required') : undefined}
            columns={3}
            choices={NOTICE_WAYS.filter((way) => way !== 'app' || !isRequired).map((way) => ({
              value: way,
              label: t(`preferences.way.${way}`),
            }))}
          />
        ))}
      </ActionForm>
    </>
  )
}
