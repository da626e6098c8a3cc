import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whether the actor works at the desk of their network. */
export function mayWorkAtDesk(actor: Pick<Actor, 'roles'>): boolean {
  return holds(actor, 'desk:work')
}
