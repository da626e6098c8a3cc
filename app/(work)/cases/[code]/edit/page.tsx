import { getTranslations } from 'next-intl/server'
import { CaseFormPage } from '@/components/cases/case-form-page'
import { AudienceLine } from '@/components/cases/audience-line'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { CheckBox } from '@/components/ui/text-input'
import { initialForm } from '@/lib/forms/initial-form'
import { CASE_STAGES, RISK_LEVELS } from '@/lib/cases/schema'
import { caseMetadata } from '../case-metadata'
import { requireCase } from '../require-case'
import { editCaseAction } from './actions'

export const generateMetadata = titleOrMissing(EditCasePage, async ({ params }: PageProps<'/cases/[code]/edit'>) => {
  const t = await getTranslations('cases.edit')
  return caseMetadata(params, t('title'))
})

export default orMissing(EditCasePage)

/** Status, stage, risk, legal hold. */
async function EditCasePage({ params }: PageProps<'/cases/[code]/edit'>) {
  const { code } = await params
  const { case: shown, audience } = await requireCase(code, 'change')
  const t = await getTranslations('cases')
  const here = `/cases/${shown.code}`
  const initial = await initialForm(
    { status: shown.status, stage: shown.stage, legalHold: shown.legalHold },
    `${here}/edit`,
  )
  return (
    <CaseFormPage shown={shown} title={t('edit.title')}>
      <ActionForm
        action={editCaseAction}
        initial={initial}
        submit={t('edit.submit')}
        cancel={{ href: here }}
        hidden={{ case: shown.code, version: String(shown.version) }}
        {...(audience === null ? {} : { footer: <AudienceLine audience={audience} caseCode={shown.code} /> })}
      >
        <RadioRows
          name="risk"
          label={t('edit.risk')}
          hint={t('edit.risk_hint')}
          columns={2}
          choices={[
            { value: '', label: t('edit.risk_keep'), hint: t('edit.risk_keep_hint') },
            ...RISK_LEVELS.map((risk) => ({ value: risk, label: t(`risk.${risk}`) })),
          ]}
        />
        <RadioRows
          name="stage"
          label={t('edit.stage')}
          columns={2}
          choices={CASE_STAGES.map((stage) => ({ value: stage, label: t(`stage.${stage}`) }))}
        />
        <RadioRows
          name="status"
          label={t('edit.status')}
          columns={2}
          choices={(['active', 'follow_up'] as const).map((status) => ({
            value: status,
            label: t(`status.${status}`),
          }))}
        />
        <CheckBox name="legalHold" label={t('edit.hold')} />
      </ActionForm>
    </CaseFormPage>
  )
}
