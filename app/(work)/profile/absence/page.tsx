import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { SpanFields } from '@/components/staffing/span-fields'
import { AbsenceTable } from '@/components/staffing/staffing-tables'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { listOwnAbsences, prepareAbsence } from '@/lib/agencies/staffing-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { colleagueOptions } from '../../team/colleague-options'
import { setOwnAbsenceAction } from './actions'

const PATH = '/profile/absence'

export const generateMetadata = titleOrMissing(OwnAbsencePage, async () => {
  const t = await getTranslations('staffing.absence')
  return { title: t('own_page') }
})

export default orMissing(OwnAbsencePage)

/** When one is away, and who stands in. */
async function OwnAbsencePage() {
  const actor = await requireActor()
  const form = await prepareAbsence(actor, 'own')
  const found = await listOwnAbsences(actor)
  if (!form.ok || !found.ok) notFound()
  const { standIns, today, tomorrow } = form.value
  const t = await getTranslations('staffing')
  const profile = await getTranslations('profile')
  return (
    <>
      <PageHeader title={t('absence.own_title')} crumbs={[{ label: profile('title'), href: '/profile' }]} />
      <Section title={t('absence.title')}>
        <AbsenceTable absences={found.value} empty={t('absence.own_none')} />
      </Section>
      <Section title={t('absence.own')}>
        <p className="measure mb-6">{t('absence.explain')}</p>
        <ActionForm
          action={setOwnAbsenceAction}
          initial={await initialForm({}, PATH)}
          submit={t('absence.submit')}
          label={t('absence.own')}
        >
          <Select
            name="standIn"
            label={t('stand_in.label')}
            hint={t('stand_in.hint')}
            options={await colleagueOptions(standIns)}
          />
          <SpanFields today={today} tomorrow={tomorrow} />
        </ActionForm>
      </Section>
    </>
  )
}
