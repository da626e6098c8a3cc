import { getTranslations } from 'next-intl/server'
import { CaseFormPage } from '@/components/cases/case-form-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { initialForm } from '@/lib/forms/initial-form'
import { caseMetadata } from '../case-metadata'
import { requireCase } from '../require-case'
import { restrictCaseAction, unrestrictCaseAction } from './actions'

export const generateMetadata = titleOrMissing(
  RestrictionPage,
  async ({ params }: PageProps<'/cases/[code]/restriction'>) => {
    const t = await getTranslations('cases.restrict')
    return caseMetadata(params, t('title'))
  },
)

export default orMissing(RestrictionPage)

/** Says what restricting a case, or lifting it, means to whom; then asks once. */
async function RestrictionPage({ params }: PageProps<'/cases/[code]/restriction'>) {
  const { code } = await params
  const { case: shown } = await requireCase(code, 'restrict')
  const t = await getTranslations('cases.restrict')
  const here = `/cases/${shown.code}`
  const { restricted } = shown
  const will = restricted
    ? [t('will_show'), t('will_show_person')]
    : [
        t('will_hide'),
        t('will_supervisor'),
        t('will_cases'),
        ...(shown.team.some(({ isMe }) => isMe) ? [] : [t('will_self')]),
      ]
  return (
    <CaseFormPage shown={shown} title={t(restricted ? 'lift_title' : 'title')}>
      <Confirmation will={will}>
        <ActionForm
          action={restricted ? unrestrictCaseAction : restrictCaseAction}
          initial={await initialForm()}
          submit={t(restricted ? 'lift' : 'submit')}
          cancel={{ href: here, label: t('keep') }}
          cancelFirst
          hidden={{ case: shown.code }}
        />
      </Confirmation>
    </CaseFormPage>
  )
}
