import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whether the actor may know how the seal stands. */
export function maySeeSeal(actor: Actor): boolean {
  return holds(actor, 'seal:read')
}

/** Whether the actor may say that a fault of the seal is dealt with: whoever runs the installation. */
export function mayAcknowledgeFault(actor: Actor): boolean {
  return holds(actor, 'seal:acknowledge')
}
