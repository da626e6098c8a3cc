import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { viewAbsence } from '@/lib/agencies/staffing-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { endAbsenceAction } from '../../actions'

type Props = PageProps<'/team/absence/[absence]'>

export const generateMetadata = titleOrMissing(EndAbsencePage, async ({ params }: Props) => {
  const t = await getTranslations('staffing.absence')
  return { title: t('end_page', { code: (await params).absence }) }
})

export default orMissing(EndAbsencePage)

/** Says what ending an absence does; then asks once. */
async function EndAbsencePage({ params }: Props) {
  const { absence: code } = await params
  const actor = await requireActor()
  const found = await viewAbsence(actor, { absence: code })
  if (!found.ok) notFound()
  const { name, standIn } = found.value
  const t = await getTranslations('staffing.absence')
  return (
    <>
      <PageHeader title={t('end_title')} />
      <Confirmation will={[t('end_will', { name, standIn })]}>
        <ActionForm
          action={endAbsenceAction}
          initial={await initialForm()}
          submit={t('end_submit')}
          cancel={{ href: actor.roles.includes('supervisor') ? '/team' : '/profile/absence', label: t('keep') }}
          cancelFirst
          hidden={{ absence: code }}
        />
      </Confirmation>
    </>
  )
}
