import { getTranslations } from 'next-intl/server'
import { CaseFormPage } from '@/components/cases/case-form-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { initialForm } from '@/lib/forms/initial-form'
import { REOPENING_REASONS } from '@/lib/cases/schema'
import { caseMetadata } from '../case-metadata'
import { requireCase } from '../require-case'
import { reopenCaseAction } from './actions'

export const generateMetadata = titleOrMissing(
  ReopeningPage,
  async ({ params }: PageProps<'/cases/[code]/reopening'>) => {
    const t = await getTranslations('cases.reopen')
    return caseMetadata(params, t('title'))
  },
)

export default orMissing(ReopeningPage)

/** Asks why a closed case is taken up again. */
async function ReopeningPage({ params }: PageProps<'/cases/[code]/reopening'>) {
  const { code } = await params
  const { case: shown } = await requireCase(code, 'reopen')
  const t = await getTranslations('cases')
  const here = `/cases/${shown.code}`
  return (
    <CaseFormPage shown={shown} title={t('reopen.title')}>
      <Confirmation will={[t('reopen.will_active'), t('reopen.will_review')]}>
        <ActionForm
          action={reopenCaseAction}
          initial={await initialForm({}, `${here}/reopening`)}
          submit={t('reopen.submit')}
          cancel={{ href: here, label: t('reopen.keep') }}
          cancelFirst
          hidden={{ case: shown.code, version: String(shown.version) }}
        >
          <RadioRows
            name="reason"
            label={t('reopen.reason')}
            columns={2}
            choices={REOPENING_REASONS.map((reason) => ({ value: reason, label: t(`reopening.${reason}`) }))}
          />
        </ActionForm>
      </Confirmation>
    </CaseFormPage>
  )
}
