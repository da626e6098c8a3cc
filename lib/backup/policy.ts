import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whether the actor sees how backups went and asks for one. It shows no record of anybody. */
export function mayRunBackups(actor: Pick<Actor, 'roles' | 'credential'>): boolean {
  return holds(actor, 'backup:run') && actor.credential.kind !== 'token'
}
