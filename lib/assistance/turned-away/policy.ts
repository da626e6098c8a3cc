import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whether the actor sees what the whole agency recorded, and not only what they recorded themselves. */
export function seesAllTurnedAway(actor: Actor): boolean {
  return holds(actor, 'turned-away:read-agency')
}
