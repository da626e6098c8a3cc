import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { SpanFields } from '@/components/staffing/span-fields'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { prepareAbsence } from '@/lib/agencies/staffing-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { setAbsenceAction } from '../../actions'
import { colleagueOptions } from '../../colleague-options'

const PATH = '/team/absence/new'

export const generateMetadata = titleOrMissing(SetAbsencePage, async () => {
  const t = await getTranslations('staffing.absence')
  return { title: t('set_page') }
})

export default orMissing(SetAbsencePage)

/** Which member of the unit is away, until when, and who stands in. */
async function SetAbsencePage() {
  const found = await prepareAbsence(await requireActor(), 'team')
  if (!found.ok) notFound()
  const { members, standIns, today, tomorrow } = found.value
  const t = await getTranslations('staffing')
  return (
    <>
      <PageHeader title={t('absence.set_title')} crumbs={[{ label: t('title'), href: '/team' }]} />
      <p className="measure mb-6">{t('absence.explain')}</p>
      <ActionForm
        action={setAbsenceAction}
        initial={await initialForm({}, PATH)}
        submit={t('absence.submit')}
        cancel={{ href: '/team' }}
      >
        <Select name="member" label={t('member.label')} options={await colleagueOptions(members)} />
        <Select
          name="standIn"
          label={t('stand_in.label')}
          hint={t('stand_in.hint')}
          options={await colleagueOptions(standIns)}
        />
        <SpanFields today={today} tomorrow={tomorrow} />
      </ActionForm>
    </>
  )
}
