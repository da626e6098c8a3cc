import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

type Asking = Pick<Actor, 'roles' | 'unit' | 'credential' | 'member'>

/** Whether the actor answers for a unit: their own and what has none; without a unit of their own, all (app.supervises). */
export function supervises(actor: Asking, unit: string | null): boolean {
  return holds(actor, 'team:lead') && (actor.unit === null || unit === null || actor.unit === unit)
}

/** Whether the actor puts colleagues on cover for this unit. A token doesn't: cover lets somebody read. */
export function maySetCover(actor: Asking, unit: string): boolean {
  if (!holds(actor, 'cover:set') || actor.credential.kind === 'token') return false
  return actor.roles.includes('agency_admin') || supervises(actor, unit)
}

/** Whether the actor says of this member that they are away: of themselves, or as their supervisor. */
export function maySetAbsence(actor: Asking, who: { readonly id: string; readonly unit: string | null }): boolean {
  if (!holds(actor, 'absence:set') || actor.credential.kind === 'token') return false
  return who.id === actor.member || supervises(actor, who.unit)
}
