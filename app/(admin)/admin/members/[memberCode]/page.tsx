import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { viewMemberSecurity } from '@/lib/agencies/member-security-service'
import { holds } from '@/lib/access/permissions'
import { viewLeaver } from '@/lib/agencies/leaver-service'
import type { MemberView } from '@/lib/agencies/member-schema'
import { viewMember } from '@/lib/agencies/member-service'
import { viewSharingPermission } from '@/lib/consent/exceptions/permission-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { changeMemberAction, reinviteMemberAction } from '../actions'
import { MemberFields } from '../member-fields'
import { MemberStatusPill } from '../member-status'
import { MemberSecurity } from './member-security'
import { ReceiverForm } from './receiver-form'
import { SharingPermission } from './sharing-permission'

export const generateMetadata = titleOrMissing(
  MemberPage,
  async ({ params }: PageProps<'/admin/members/[memberCode]'>) => {
    const t = await getTranslations('agencies.member')
    return { title: t('page_title', { code: (await params).memberCode }) }
  },
)

export default orMissing(MemberPage)

async function MemberPage({ params }: PageProps<'/admin/members/[memberCode]'>) {
  const { memberCode } = await params
  const actor = await requireActor()
  const found = await viewMember(actor, { member: memberCode })
  if (!found.ok) notFound()
  const member = found.value
  const security = await viewMemberSecurity(actor, { member: memberCode })
  const leaver =
    hasNoCases(member) && holds(actor, 'unit:administer') ? await viewLeaver(actor, { member: member.code }) : null
  const sharing = worksOnCases(member) ? await viewSharingPermission(actor, { member: member.code }) : null
  const t = await getTranslations('agencies')
  const format = await getFormat()
  const path = `/admin/members/${member.code}`
  const starting = { name: member.name, roles: member.roles, unit: member.unit?.id }
  return (
    <>
      <PageHeader
        title={<bdi>{member.name}</bdi>}
        crumbs={[{ label: t('members.title'), href: '/admin/members' }]}
        pills={<MemberStatusPill status={member.status} />}
        secondary={
          member.isSelf || member.status === 'deactivated' ? undefined : (
            <LinkButton href={`${path}/remove`}>{t('members.remove')}</LinkButton>
          )
        }
      />
      <div className="mb-8">
        <Facts
          facts={[
            { label: t('member.email.label'), value: <bdi dir="ltr">{member.email}</bdi> },
            { label: t('member.code'), value: <Code code={member.code} /> },
            { label: t('member.since'), value: format.moment(member.since) },
            ...(member.leftAt === null ? [] : [{ label: t('member.left'), value: format.moment(member.leftAt) }]),
          ]}
        />
      </div>
      {member.isSelf ? <p className="measure">{t('member.own_record')}</p> : null}
      {member.isSelf || member.status === 'active' ? null : (
        <Section title={t('member.new_link.title')}>
          <p className="measure mb-4">{t('member.new_link.explain')}</p>
          <ActionForm
            action={reinviteMemberAction}
            initial={await initialForm()}
            submit={t('member.new_link.submit')}
            hidden={{ member: member.code }}
            label={t('member.new_link.title')}
          />
        </Section>
      )}
      {leaver?.ok === true ? <ReceiverForm leaver={leaver.value} /> : null}
      {member.isSelf || member.status === 'deactivated' ? null : (
        <Section title={t('member.change')}>
          <ActionForm
            action={changeMemberAction}
            initial={await initialForm(starting, path)}
            submit={t('member.save')}
            cancel={{ href: '/admin/members' }}
            hidden={{ member: member.code, version: String(member.version) }}
            footer={<p className="measure text-note text-ink-2">{t('member.signs_out')}</p>}
            label={t('member.change')}
          >
            <MemberFields roles={member.choices} units={member.units} />
          </ActionForm>
        </Section>
      )}
      {sharing?.ok === true ? <SharingPermission member={member} given={sharing.value.given} /> : null}
      {member.isSelf || !security.ok || member.status !== 'active' ? null : (
        <MemberSecurity member={member.code} security={security.value} />
      )}
    </>
  )
}

/** Whether a colleague works on cases, so that they could share something at all. */
function worksOnCases({ isSelf, status, roles }: MemberView): boolean {
  return !isSelf && status === 'active' && (roles.includes('caseworker') || roles.includes('supervisor'))
}

/** Whether somebody has left, or works on no cases: what they had may wait for a colleague to be named. */
function hasNoCases({ isSelf, status, roles }: MemberView): boolean {
  if (isSelf || status === 'invited') return false
  return status === 'deactivated' || !(roles.includes('caseworker') || roles.includes('supervisor'))
}
