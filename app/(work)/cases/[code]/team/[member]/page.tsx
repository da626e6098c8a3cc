import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFormPage } from '@/components/cases/case-form-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { viewTeam } from '@/lib/cases/team-service'
import { caseMetadata } from '../../case-metadata'
import { unassignMemberAction } from './actions'

type Props = PageProps<'/cases/[code]/team/[member]'>

export const generateMetadata = titleOrMissing(RemoveMemberPage, async ({ params }: Props) => {
  const t = await getTranslations('cases.team')
  return caseMetadata(params, t('remove_title'))
})

export default orMissing(RemoveMemberPage)

/** Says what a member loses who is taken off the team; then asks once. */
async function RemoveMemberPage({ params }: Props) {
  const { code, member: handle } = await params
  const found = await viewTeam(await requireActor(), { case: code })
  if (!found.ok) notFound()
  const {
    frame: { case: shown },
    team,
  } = found.value
  const leaving = team.find((one) => one.handle === handle)
  if (leaving === undefined || !shown.may.team) notFound()
  const t = await getTranslations('cases.team')
  const will = [
    ...(leaving.isMe ? [t('will_self')] : []),
    t('will_end', { name: leaving.name }),
    shown.restricted ? t('will_vanish') : t('will_skeleton'),
    t('will_tasks'),
  ]
  return (
    <CaseFormPage shown={shown} title={t('remove_title')}>
      <Confirmation will={will}>
        <ActionForm
          action={unassignMemberAction}
          initial={await initialForm()}
          submit={t('remove_name', { name: leaving.name })}
          cancel={{ href: `/cases/${shown.code}/team`, label: t('keep') }}
          cancelFirst
          hidden={{ case: shown.code, member: handle }}
        />
      </Confirmation>
    </CaseFormPage>
  )
}
