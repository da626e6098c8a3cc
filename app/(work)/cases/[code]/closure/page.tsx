import { getTranslations } from 'next-intl/server'
import { CaseFormPage } from '@/components/cases/case-form-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { initialForm } from '@/lib/forms/initial-form'
import { CLOSURE_REASONS } from '@/lib/cases/schema'
import { caseMetadata } from '../case-metadata'
import { requireCase } from '../require-case'
import { closeCaseAction } from './actions'

export const generateMetadata = titleOrMissing(ClosurePage, async ({ params }: PageProps<'/cases/[code]/closure'>) => {
  const t = await getTranslations('cases.close')
  return caseMetadata(params, t('title'))
})

export default orMissing(ClosurePage)

/** Asks why the case closes, after saying what that means. */
async function ClosurePage({ params }: PageProps<'/cases/[code]/closure'>) {
  const { code } = await params
  const { case: shown } = await requireCase(code, 'close')
  const t = await getTranslations('cases')
  const here = `/cases/${shown.code}`
  return (
    <CaseFormPage shown={shown} title={t('close.title')}>
      <Confirmation will={[t('close.will_read_only'), t('close.will_tasks'), t('close.will_keep')]}>
        <ActionForm
          action={closeCaseAction}
          initial={await initialForm({}, `${here}/closure`)}
          submit={t('close.submit')}
          cancel={{ href: here, label: t('close.keep') }}
          cancelFirst
          hidden={{ case: shown.code, version: String(shown.version) }}
        >
          <RadioRows
            name="closureReason"
            label={t('close.reason')}
            columns={2}
            choices={CLOSURE_REASONS.map((reason) => ({ value: reason, label: t(`closure.${reason}`) }))}
          />
        </ActionForm>
      </Confirmation>
    </CaseFormPage>
  )
}
