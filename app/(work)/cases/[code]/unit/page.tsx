import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFormPage } from '@/components/cases/case-form-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ActionForm } from '@/components/ui/form'
import { Select } from '@/components/ui/select'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { prepareCaseUnit } from '@/lib/cases/unit-service'
import { caseMetadata } from '../case-metadata'
import { moveCaseAction } from './actions'

type Props = PageProps<'/cases/[code]/unit'>

export const generateMetadata = titleOrMissing(CaseUnitPage, async ({ params }: Props) => {
  const t = await getTranslations('cases.unit')
  return caseMetadata(params, t('title'))
})

export default orMissing(CaseUnitPage)

/** Which unit a case stands in. */
async function CaseUnitPage({ params }: Props) {
  const { code } = await params
  const found = await prepareCaseUnit(await requireActor(), { case: code })
  if (!found.ok) {
    if (found.refusal === 'forbidden') redirect(`/cases/${code}`)
    notFound()
  }
  const { case: shown, units } = found.value
  const t = await getTranslations('cases.unit')
  const now = units.find(({ name }) => name === shown.unit)?.code ?? 'none'
  return (
    <CaseFormPage shown={shown} title={t('title')}>
      <ActionForm
        action={moveCaseAction}
        initial={await initialForm({ unit: now })}
        submit={t('submit')}
        cancel={{ href: `/cases/${shown.code}` }}
        hidden={{ case: shown.code, version: String(shown.version) }}
      >
        <Select
          name="unit"
          label={t('label')}
          hint={t('hint')}
          empty={false}
          options={[
            { value: 'none', label: t('none') },
            ...units.map((unit) => ({ value: unit.code, label: unit.name })),
          ]}
        />
      </ActionForm>
    </CaseFormPage>
  )
}
