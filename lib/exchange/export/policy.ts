import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whether the actor takes the own agency's data out. They see nothing of it on a screen: it is one encrypted file. */
export function mayExportAgency(actor: Pick<Actor, 'roles' | 'credential'>): boolean {
  return holds(actor, 'agency:export') && actor.credential.kind !== 'token'
}
