import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import type { MemberView } from '@/lib/agencies/member-schema'
import { listMembers } from '@/lib/agencies/member-service'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { MemberStatusPill } from './member-status'

export const generateMetadata = titleOrMissing(MembersPage, async () => {
  const t = await getTranslations('agencies.members')
  return { title: t('page_title') }
})

export default orMissing(MembersPage)

async function MembersPage() {
  const found = await listMembers(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('agencies')
  const format = await getFormat()
  const { members } = found.value
  const columns: Column<MemberView>[] = [
    {
      key: 'name',
      head: t('member.name.label'),
      cell: (member) =>
        member.isSelf ? (
          <span className="font-semibold">
            <bdi>{member.name}</bdi> {t('members.you')}
          </span>
        ) : (
          <AppLink href={`/admin/members/${member.code}`} className="font-semibold text-action-ink underline">
            <bdi>{member.name}</bdi>
          </AppLink>
        ),
    },
    {
      key: 'email',
      head: t('member.email.label'),
      cell: (member) => (
        <bdi dir="ltr" className="break-all">
          {member.email}
        </bdi>
      ),
    },
    {
      key: 'roles',
      head: t('member.roles.label'),
      cell: (member) => format.list(member.roles.map((role) => t(`role.${role}`))),
    },
    { key: 'unit', head: t('member.unit.label'), cell: (member) => member.unit?.name ?? t('member.unit.none') },
    {
      key: 'status',
      head: t('member.status'),
      showHeadOnCard: false,
      cell: (member) => <MemberStatusPill status={member.status} />,
    },
    {
      key: 'act',
      head: <span className="unseen">{t('members.act')}</span>,
      showHeadOnCard: false,
      cell: (member) =>
        member.isSelf || member.status === 'deactivated' ? null : (
          <LinkButton
            href={`/admin/members/${member.code}/remove`}
            size="sm"
            tone="quiet"
            aria-label={t('members.remove_name', { name: member.name })}
          >
            {t('members.remove')}
          </LinkButton>
        ),
    },
  ]
  return (
    <>
      <PageHeader
        title={t('members.title')}
        primary={
          <LinkButton href="/admin/members/invite" tone="primary" icon="plus">
            {t('members.invite')}
          </LinkButton>
        }
      />
      <DataTable
        caption={t('members.caption', { count: members.filter(({ status }) => status === 'active').length })}
        columns={columns}
        rows={members}
        rowKey={({ code }) => code}
        empty={<EmptyState title={t('members.empty')} />}
      />
    </>
  )
}
