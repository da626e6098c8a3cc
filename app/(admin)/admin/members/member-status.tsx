import { useTranslations } from 'next-intl'
import { Pill } from '@/components/ui/pill'
import type { MemberStatus } from '@/lib/agencies/member-schema'

const TONES = { invited: 'info', active: 'go', deactivated: 'calm' } as const

/** Whether a member has joined, is there, or has left. */
export function MemberStatusPill({ status }: { readonly status: MemberStatus }) {
  const t = useTranslations('agencies.member.state')
  return <Pill tone={TONES[status]}>{t(status)}</Pill>
}
