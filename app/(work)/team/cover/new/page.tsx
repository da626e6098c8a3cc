import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { SpanFields } from '@/components/staffing/span-fields'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { prepareCover } from '@/lib/agencies/staffing-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { setCoverAction } from '../../actions'
import { colleagueOptions } from '../../colleague-options'

const PATH = '/team/cover/new'
/** When most nights end. */
const MORNING = '8:00'

export const generateMetadata = titleOrMissing(SetCoverPage, async () => {
  const t = await getTranslations('staffing.cover')
  return { title: t('set_page') }
})

export default orMissing(SetCoverPage)

/** Who covers which unit, until when. */
async function SetCoverPage() {
  const actor = await requireActor()
  const found = await prepareCover(actor)
  if (!found.ok) notFound()
  const { units, colleagues, today, tomorrow } = found.value
  const t = await getTranslations('staffing')
  const back = actor.roles.includes('supervisor')
    ? { label: t('title'), href: '/team' }
    : { label: (await getTranslations('units'))('title'), href: '/admin/units' }
  const [only] = units
  const start = { untilOn: tomorrow, untilTime: MORNING, unit: units.length === 1 ? only?.code : undefined }
  return (
    <>
      <PageHeader title={t('cover.set_title')} crumbs={[back]} />
      <p className="measure mb-6">{t('cover.explain')}</p>
      {only === undefined ? (
        <EmptyState title={t('cover.no_units')} />
      ) : (
        <ActionForm
          action={setCoverAction}
          initial={await initialForm(start, PATH)}
          submit={t('cover.submit')}
          cancel={{ href: back.href }}
        >
          <Select
            name="unit"
            label={t('unit.label')}
            options={units.map(({ code, name }) => ({ value: code, label: name }))}
          />
          <Select name="member" label={t('member.label')} options={await colleagueOptions(colleagues)} />
          <SpanFields today={today} tomorrow={tomorrow} />
        </ActionForm>
      )}
    </>
  )
}
