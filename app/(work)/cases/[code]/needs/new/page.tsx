import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { categoryChoices } from '@/components/assistance/category-choices'
import { CategoryTypeFields } from '@/components/assistance/category-type-fields'
import { AudienceLine } from '@/components/cases/audience-line'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { URGENCIES } from '@/lib/assistance/needs/schema'
import { listContactLimits } from '@/lib/assistance/needs/service'
import { prepareServiceForm } from '@/lib/assistance/services/form-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { parseCode } from '@/lib/platform/ids'
import { addNeedAction } from './actions'

export const generateMetadata = titleOrMissing(
  NewNeedPage,
  async ({ params }: PageProps<'/cases/[code]/needs/new'>) => {
    const t = await getTranslations('assistance.need.new')
    const code = parseCode((await params).code, 'CAS')
    return code === null ? {} : { title: t('page_title', { code }) }
  },
)

export default orMissing(NewNeedPage)

/** What is needed, how soon, found when: no free text. */
async function NewNeedPage({ params }: PageProps<'/cases/[code]/needs/new'>) {
  const actor = await requireActor()
  const found = await prepareServiceForm(actor, { case: (await params).code })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok || found.value.closedOn !== null) redirect(`/cases/${(await params).code}`)
  const form = found.value
  const limits = await listContactLimits(actor)
  const t = await getTranslations('assistance')
  const format = await getFormat()
  const here = `/cases/${form.case}`
  const initial = await initialForm({ urgency: 'routine' }, `${here}/needs/new`)
  return (
    <>
      <PageHeader
        title={t('need.new.title')}
        crumbs={[
          { label: t('cases'), href: '/cases' },
          { label: <Code code={form.person} />, href: here },
        ]}
      />
      <ActionForm
        action={addNeedAction}
        initial={initial}
        submit={t('need.new.save')}
        cancel={{ href: here }}
        hidden={{ case: form.case }}
        footer={<AudienceLine audience={form.audience} caseCode={form.case} />}
      >
        <CategoryTypeFields
          question={t('need.new.question')}
          typeQuestion={t('need.new.type_question')}
          categories={await categoryChoices()}
          typeOptional
          focusFirst
        />
        <RadioRows
          name="urgency"
          label={t('need.urgency.label')}
          columns={3}
          choices={URGENCIES.map((urgency) => ({
            value: urgency,
            label: t(`need.urgency.${urgency}`, { hours: format.duration((limits?.[urgency].hours ?? 0) * 60) }),
          }))}
        />
        <DateField
          name="foundOn"
          label={t('need.found_on')}
          calendar
          quick={[
            { value: form.today, label: t('today') },
            { value: form.yesterday, label: t('yesterday') },
          ]}
        />
      </ActionForm>
    </>
  )
}
