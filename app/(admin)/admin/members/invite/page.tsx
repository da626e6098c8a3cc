import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { listMembers } from '@/lib/agencies/member-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { inviteMemberAction } from '../actions'
import { MemberFields } from '../member-fields'

const PATH = '/admin/members/invite'

export const generateMetadata = titleOrMissing(InviteMemberPage, async () => {
  const t = await getTranslations('agencies.invite')
  return { title: t('page_title') }
})

export default orMissing(InviteMemberPage)

async function InviteMemberPage() {
  const found = await listMembers(await requireActor())
  if (!found.ok) notFound()
  const { roles, units } = found.value
  const t = await getTranslations('agencies')
  const [only] = roles
  const initial = await initialForm(roles.length === 1 && only !== undefined ? { roles: [only] } : {}, PATH)
  return (
    <>
      <PageHeader title={t('invite.title')} crumbs={[{ label: t('members.title'), href: '/admin/members' }]} />
      <ActionForm
        action={inviteMemberAction}
        initial={initial}
        submit={t('invite.submit')}
        cancel={{ href: '/admin/members' }}
      >
        <TextInput name="email" label={t('member.email.label')} type="email" maxLength={254} focusFirst />
        <MemberFields roles={roles} units={units} />
      </ActionForm>
    </>
  )
}
