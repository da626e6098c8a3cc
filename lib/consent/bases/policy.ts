import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whether the actor says what their agency rests on. A token doesn't: whoever found one would open the agency's records. */
export function maySetBases(actor: Pick<Actor, 'roles' | 'credential'>): boolean {
  return holds(actor, 'basis:set') && actor.credential.kind !== 'token'
}
