import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { TextInput } from '@/components/ui/text-input'
import { requireActorWho } from '@/lib/auth/require-actor'
import { EMERGENCY_REASONS } from '@/lib/cases/emergency/schema'
import { initialForm } from '@/lib/forms/initial-form'
import { openEmergencyAction } from './actions'

export const generateMetadata = titleOrMissing(OpenEmergencyPage, async () => {
  const t = await getTranslations('emergency')
  return { title: t('page_title') }
})

export default orMissing(OpenEmergencyPage)

/** Asks for an exact code and the reason. Nothing is looked up before both are given: a wrong code reads the same. */
async function OpenEmergencyPage() {
  await requireActorWho('emergency:open')
  const t = await getTranslations('emergency')
  return (
    <>
      <PageHeader
        title={t('ask.title')}
        crumbs={[{ label: t('title'), href: '/emergency-access' }]}
        facts={t('ask.intro')}
      />
      <ActionForm
        action={openEmergencyAction}
        initial={await initialForm({}, '/emergency-access/new')}
        submit={t('ask.submit')}
        tone="stop"
        cancel={{ href: '/', label: t('ask.cancel') }}
        cancelFirst
      >
        <TextInput name="code" label={t('ask.code')} hint={t('ask.code_hint')} />
        <RadioRows
          name="reason"
          label={t('ask.reason')}
          choices={EMERGENCY_REASONS.map((reason) => ({ value: reason, label: t(`reason.${reason}`) }))}
        />
        <TextArea
          name="words"
          label={t('ask.words')}
          hint={t('ask.words_hint')}
          maxLength={500}
          rows={3}
          visibility={t('ask.readers')}
        />
      </ActionForm>
    </>
  )
}
