import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

import type { ListedStatus } from './schema'

type Asking = Pick<Actor, 'roles' | 'agencyKey'>
type Listed = { readonly agency: string; readonly status: ListedStatus }

/** Whether the actor may look for services at all. */
export function mayReadDirectory(actor: Asking): boolean {
  return holds(actor, 'directory:read')
}

/** Whether the actor keeps their agency's entry. */
export function mayKeepEntry(actor: Asking): boolean {
  return holds(actor, 'directory:keep')
}

/** Whether the actor may change this entry. What has ended stays as it was. */
export function mayChangeListed(actor: Asking, { agency, status }: Listed): boolean {
  return mayKeepEntry(actor) && actor.agencyKey === agency && status !== 'ended'
}

/** Whether the actor may say how much room there is: who keeps the entry, and who answers for it now. */
export function mayUpdateRoom(actor: Asking, listed: Listed & { readonly answers: boolean }): boolean {
  if (listed.status === 'ended' || actor.agencyKey !== listed.agency) return false
  return holds(actor, 'room:update') && (mayKeepEntry(actor) || listed.answers)
}
