import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { viewCover } from '@/lib/agencies/staffing-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { endCoverAction } from '../../actions'

type Props = PageProps<'/team/cover/[cover]'>

export const generateMetadata = titleOrMissing(EndCoverPage, async ({ params }: Props) => {
  const t = await getTranslations('staffing.cover')
  return { title: t('end_page', { code: (await params).cover }) }
})

export default orMissing(EndCoverPage)

/** Says what ending a cover does; then asks once. */
async function EndCoverPage({ params }: Props) {
  const { cover: code } = await params
  const actor = await requireActor()
  const found = await viewCover(actor, { cover: code })
  if (!found.ok) notFound()
  const { name, unit } = found.value
  const t = await getTranslations('staffing.cover')
  return (
    <>
      <PageHeader title={t('end_title')} />
      <Confirmation will={[t('end_will', { name, unit })]}>
        <ActionForm
          action={endCoverAction}
          initial={await initialForm()}
          submit={t('end_submit')}
          tone="stop"
          cancel={{ href: actor.roles.includes('supervisor') ? '/team' : '/admin/units', label: t('keep') }}
          cancelFirst
          hidden={{ cover: code }}
        />
      </Confirmation>
    </>
  )
}
