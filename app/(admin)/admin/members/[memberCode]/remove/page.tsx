import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { viewLeaver } from '@/lib/agencies/leaver-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { removeMemberAction } from '../../actions'

type Props = PageProps<'/admin/members/[memberCode]/remove'>

export const generateMetadata = titleOrMissing(RemoveMemberPage, async ({ params }: Props) => {
  const t = await getTranslations('agencies.remove')
  return { title: t('page_title', { code: (await params).memberCode }) }
})

export default orMissing(RemoveMemberPage)

/** Says what removing somebody does; one press from here they are out. Of their cases it shows numbers only. */
async function RemoveMemberPage({ params }: Props) {
  const { memberCode } = await params
  const found = await viewLeaver(await requireActor(), { member: memberCode })
  if (!found.ok || found.value.isSelf || found.value.status === 'deactivated') notFound()
  const { code, name, roles, waiting, shared, isSupervised, receivers } = found.value
  const t = await getTranslations('agencies')
  const hasCases = roles.includes('caseworker') || roles.includes('supervisor')
  const [first] = receivers
  return (
    <>
      <PageHeader
        title={t('remove.title', { name })}
        crumbs={[{ label: t('members.title'), href: '/admin/members' }]}
      />
      <Confirmation
        will={[
          t('remove.ends'),
          t('remove.stays'),
          ...(hasCases ? [t('remove.waiting', { count: waiting })] : []),
          ...(shared === 0 ? [] : [t('remove.shared', { count: shared })]),
        ]}
      >
        {waiting > 0 && !isSupervised ? <Notice tone="warn">{t('remove.unsupervised')}</Notice> : null}
        {hasCases && first === undefined ? <Notice>{t('remove.receiver.none')}</Notice> : null}
        <ActionForm
          action={removeMemberAction}
          initial={await initialForm(hasCases && first !== undefined ? { receiver: first.code } : {})}
          submit={t('remove.submit')}
          tone="stop"
          cancel={{ href: '/admin/members', label: t('remove.keep') }}
          cancelFirst
          hidden={{ member: code }}
        >
          {hasCases && first !== undefined ? (
            <Select
              name="receiver"
              label={t('remove.receiver.label')}
              hint={t('remove.receiver.hint')}
              empty={false}
              options={receivers.map((one) => ({ value: one.code, label: one.name }))}
            />
          ) : null}
        </ActionForm>
      </Confirmation>
    </>
  )
}
