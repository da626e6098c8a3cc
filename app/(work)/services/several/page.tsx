import { getTranslations } from 'next-intl/server'
import { RecordedUnder } from '@/components/assistance/recorded-under'
import { ServiceFields } from '@/components/assistance/service-fields'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CheckRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { listCaseChoices } from '@/lib/assistance/services/form-service'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { addDays, dayIn } from '@/lib/platform/zone'
import { logForSeveralAction } from './actions'

const LAST = 20

export const generateMetadata = titleOrMissing(SeveralPage, async () => {
  const t = await getTranslations('assistance.service.several')
  return { title: t('page_title') }
})

export default orMissing(SeveralPage)

/** One entry for a meal, a ride, a group: who was there, then the same fields; each person gets a record of their own. */
async function SeveralPage() {
  const actor = await requireActorWho('service:log')
  const found = await listCaseChoices(actor, { limit: LAST })
  const t = await getTranslations('assistance.service')
  const today = dayIn(actor.timeZone, new Date())
  const cases = found.ok ? found.value : []
  const initial = await initialForm({ status: 'delivered' }, '/services/several')
  return (
    <>
      <PageHeader
        title={t('several.title')}
        crumbs={[{ label: t('list.title'), href: '/services' }]}
        facts={t('several.who_hint')}
      />
      <ActionForm
        action={logForSeveralAction}
        initial={initial}
        submit={t('several.save')}
        cancel={{ href: '/services' }}
        footer={<RecordedUnder />}
      >
        {cases.length === 0 ? null : (
          <CheckRows
            name="codes"
            label={t('several.who')}
            columns={4}
            choices={cases.map(({ code, person, number }) => ({
              value: code,
              label: <Code code={person} />,
              ...(number > 1 ? { hint: t('choose.case_number', { number }) } : {}),
            }))}
          />
        )}
        <TextArea
          name="moreCodes"
          label={t('several.codes')}
          hint={t('several.codes_hint')}
          optional
          maxLength={4000}
          rows={3}
        />
        <ServiceFields
          today={today}
          yesterday={addDays(today, -1)}
          focusFirst={false}
          withNote={false}
          withFollowUp={false}
        />
      </ActionForm>
    </>
  )
}
