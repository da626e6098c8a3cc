import { refuse, type Refused } from '@/lib/platform/result'

import type { MemberAnswer } from './member-data'

/** What the database said of a change to a member, as a refusal; null when it was done. */
export function refusalOf(answer: MemberAnswer): Refused | null {
  switch (answer) {
    case 'ok':
      return null
    case 'not_found':
      return refuse('not_found')
    case 'stale':
      return refuse('stale')
    case 'own_record':
      return refuse('forbidden', 'own_record')
    case 'wrong_state':
      return refuse('conflict', 'wrong_state')
    case 'has_administrator':
      return refuse('conflict', 'has_administrator')
    case 'email_taken':
      return refuse('conflict', 'email_taken', { email: ['agencies.member.email_taken'] })
    case 'roles':
      return refuse('invalid', 'roles', { roles: ['agencies.member.roles.together'] })
    case 'unit':
      return refuse('invalid', 'unit', { unit: ['agencies.member.unit.not_here'] })
  }
}
