import { getTranslations } from 'next-intl/server'
import { AudienceLine } from '@/components/cases/audience-line'
import { CaseFormPage } from '@/components/cases/case-form-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { TextArea } from '@/components/ui/text-area'
import { initialForm } from '@/lib/forms/initial-form'
import { IDENTIFICATION_STATUSES } from '@/lib/cases/schema'
import { DECIDING_BODIES } from '@/lib/people/codes'
import { caseMetadata } from '../case-metadata'
import { requireCase } from '../require-case'
import { AskedOfAuthority } from './asked-of-authority'
import { saveIdentificationAction } from './actions'

export const generateMetadata = titleOrMissing(
  IdentificationPage,
  async ({ params }: PageProps<'/cases/[code]/identification'>) => {
    const t = await getTranslations('cases.identify')
    return caseMetadata(params, t('title'))
  },
)

export default orMissing(IdentificationPage)

/** What a body decided about identification, by whom and when. */
async function IdentificationPage({ params }: PageProps<'/cases/[code]/identification'>) {
  const { code } = await params
  const { case: shown, audience } = await requireCase(code, 'change')
  const t = await getTranslations('cases')
  const bodies = await getTranslations('people.codes.decidingBody')
  const here = `/cases/${shown.code}`
  const content = shown.content
  const initial = await initialForm(
    {
      identification: content?.identification,
      identifiedBy: content?.identifiedBy,
      identifiedOn: content?.identifiedOn,
      identificationReason: content?.identificationReason,
    },
    `${here}/identification`,
  )
  return (
    <CaseFormPage shown={shown} title={t('identify.title')} intro={t('identify.intro')}>
      <AskedOfAuthority code={shown.code} />
      <h2 className="mb-4 mt-10 text-head font-semibold">{t('identify.by_hand')}</h2>
      <ActionForm
        action={saveIdentificationAction}
        initial={initial}
        submit={t('identify.submit')}
        cancel={{ href: here }}
        hidden={{ case: shown.code, version: String(shown.version) }}
      >
        <RadioRows
          name="identification"
          label={t('identify.status')}
          columns={3}
          choices={IDENTIFICATION_STATUSES.map((status) => ({
            value: status,
            label: t(`identification_choice.${status}`),
          }))}
        />
        <RadioRows
          name="identifiedBy"
          label={t('identify.by')}
          optional
          columns={2}
          choices={DECIDING_BODIES.map((body) => ({ value: body, label: bodies(body) }))}
        />
        <DateField name="identifiedOn" label={t('identify.on')} optional calendar />
        <TextArea
          name="identificationReason"
          label={t('identify.reason')}
          hint={t('identify.reason_hint')}
          optional
          maxLength={500}
          rows={3}
          {...(audience === null ? {} : { visibility: <AudienceLine audience={audience} caseCode={shown.code} /> })}
        />
      </ActionForm>
    </CaseFormPage>
  )
}
