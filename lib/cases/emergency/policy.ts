import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

import type { EmergencyStanding } from './schema'

type Standing = { readonly standing: EmergencyStanding; readonly endedAt: unknown; readonly reviewedAt: unknown }

/** Whether the actor may open anything in an emergency at all; which case or person, the database decides. */
export function mayOpenEmergency(actor: Actor): boolean {
  return holds(actor, 'emergency:open')
}

/** Only whoever opened an access ends it, and only while it is open. */
export function mayEnd(actor: Actor, access: Standing): boolean {
  return holds(actor, 'emergency:open') && access.standing === 'own' && access.endedAt === null
}

/** A second person reviews it, once it has ended, once. */
export function mayReview(actor: Actor, access: Standing): boolean {
  return (
    holds(actor, 'emergency:review') &&
    access.standing === 'review' &&
    access.endedAt !== null &&
    access.reviewedAt === null
  )
}
