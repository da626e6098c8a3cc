import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { viewMember } from '@/lib/agencies/member-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { deactivateMemberAction } from '../../actions'

type Props = PageProps<'/admin/members/[memberCode]/remove'>

export const generateMetadata = titleOrMissing(RemoveMemberPage, async ({ params }: Props) => {
  const t = await getTranslations('agencies.remove')
  return { title: t('page_title', { code: (await params).memberCode }) }
})

export default orMissing(RemoveMemberPage)

async function RemoveMemberPage({ params }: Props) {
  const { memberCode } = await params
  const found = await viewMember(await requireActor(), { member: memberCode })
  if (!found.ok || found.value.isSelf || found.value.status === 'deactivated') notFound()
  const { code, name } = found.value
  const t = await getTranslations('agencies')
  return (
    <>
      <PageHeader
        title={t('remove.title', { name })}
        crumbs={[{ label: t('members.title'), href: '/admin/members' }]}
      />
      <Confirmation will={[t('remove.ends'), t('remove.stays'), t('remove.cases')]}>
        <ActionForm
          action={deactivateMemberAction}
          initial={await initialForm()}
          submit={t('remove.submit')}
          tone="stop"
          cancel={{ href: '/admin/members', label: t('remove.keep') }}
          cancelFirst
          hidden={{ member: code }}
        />
      </Confirmation>
    </>
  )
}
