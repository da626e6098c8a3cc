import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

import type { LogScope } from './schema'

/** Which parts of the log the actor may read, the widest first. */
export function scopesOf(actor: Actor): readonly LogScope[] {
  const scopes: LogScope[] = []
  if (!holds(actor, 'log:read')) return scopes
  if (holds(actor, 'log:read-agency')) scopes.push('agency')
  if (holds(actor, 'log:read-cases')) scopes.push('cases')
  if (holds(actor, 'log:read-accounts')) scopes.push('accounts')
  if (holds(actor, 'log:read-referrals')) scopes.push('referrals')
  return scopes
}

/** Whether the actor reads the accounts of every agency: whoever runs the installation. */
export function readsAllAccounts(actor: Actor): boolean {
  return actor.roles.includes('system_admin')
}
