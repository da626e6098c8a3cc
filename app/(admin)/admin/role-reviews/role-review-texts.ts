import 'server-only'
import { getTranslations } from 'next-intl/server'
import type { Tone } from '@/components/ui/tones'
import type { RoleReviewView } from '@/lib/agencies/role-review-schema'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'

/** Where a review stands, and how it is marked. */
export function roleReviewState({ verdict, isLate }: RoleReviewView): {
  readonly key: 'waits' | 'late' | 'agreed' | 'not_agreed'
  readonly tone: Tone
} {
  if (verdict !== null) return { key: verdict, tone: verdict === 'agreed' ? 'go' : 'warn' }
  return isLate ? { key: 'late', tone: 'stop' } : { key: 'waits', tone: 'info' }
}

/** Roles in words; none for someone who was no member before. */
export async function rolesText(): Promise<(roles: readonly string[]) => string> {
  const t = await getTranslations('reviews.roles')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  return (roles) =>
    roles.length === 0 ? t('no_roles') : format.list(roles.map((role) => text(`agencies.role.${role}`)))
}
