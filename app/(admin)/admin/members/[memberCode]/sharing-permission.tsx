import { getTranslations } from 'next-intl/server'
import { ActionForm } from '@/components/ui/form'
import { Section } from '@/components/ui/page-header'
import type { MemberView } from '@/lib/agencies/member-schema'
import { initialForm } from '@/lib/forms/initial-form'
import { giveSharingPermissionAction } from '../actions'

type SharingPermissionProps = { readonly member: MemberView; readonly given: boolean }

/** Whether a colleague may share without consent where the law lets one; given one by one, and taken back. */
export async function SharingPermission({ member, given }: SharingPermissionProps) {
  const t = await getTranslations('exceptions.permission')
  return (
    <Section title={t('title')}>
      <p className="measure">{t(given ? 'given' : 'not_given', { name: member.name })}</p>
      <p className="measure mb-4 text-ink-2">{t('explain')}</p>
      <ActionForm
        action={giveSharingPermissionAction}
        initial={await initialForm({}, `/admin/members/${member.code}#sharing`)}
        submit={t(given ? 'end' : 'give')}
        tone="secondary"
        hidden={{ member: member.code, given: given ? 'no' : 'yes' }}
        label={t('title')}
      />
    </Section>
  )
}
