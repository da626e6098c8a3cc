import { getTranslations } from 'next-intl/server'
import { AudienceLine } from '@/components/cases/audience-line'
import { CaseFormPage } from '@/components/cases/case-form-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { initialForm } from '@/lib/forms/initial-form'
import { THREE_WAY } from '@/lib/cases/schema'
import { caseMetadata } from '../case-metadata'
import { requireCase } from '../require-case'
import { saveAnswersAction } from './actions'

export const generateMetadata = titleOrMissing(AnswersPage, async ({ params }: PageProps<'/cases/[code]/answers'>) => {
  const t = await getTranslations('cases.answers')
  return caseMetadata(params, t('title'))
})

export default orMissing(AnswersPage)

/** Three questions, never one: support, use of data, proceedings. */
async function AnswersPage({ params }: PageProps<'/cases/[code]/answers'>) {
  const { code } = await params
  const { case: shown, audience } = await requireCase(code, 'change')
  const t = await getTranslations('cases')
  const here = `/cases/${shown.code}`
  const content = shown.content
  const initial = await initialForm(
    { wantsSupport: content?.wantsSupport, dataUse: content?.dataUse, takesPart: content?.takesPart },
    `${here}/answers`,
  )
  const choices = THREE_WAY.map((answer) => ({ value: answer, label: t(`three.${answer}`) }))
  return (
    <CaseFormPage shown={shown} title={t('answers.title')} intro={t('answers.intro')}>
      <ActionForm
        action={saveAnswersAction}
        initial={initial}
        submit={t('answers.submit')}
        cancel={{ href: here }}
        hidden={{ case: shown.code, version: String(shown.version) }}
        {...(audience === null ? {} : { footer: <AudienceLine audience={audience} caseCode={shown.code} /> })}
      >
        <RadioRows name="wantsSupport" label={t('answers.wants_support')} columns={3} choices={choices} />
        <RadioRows name="dataUse" label={t('answers.data_use')} columns={3} choices={choices} />
        <RadioRows
          name="takesPart"
          label={t('answers.takes_part')}
          hint={t('answers.takes_part_hint')}
          columns={3}
          choices={choices}
        />
      </ActionForm>
    </CaseFormPage>
  )
}
