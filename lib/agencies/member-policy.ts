import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

type Asking = Pick<Actor, 'roles' | 'credential'>

/**
 * Whether the actor administers members at all. An API token doesn't: whoever found one would make a member of
 * themselves (hard-parts 28).
 */
export function mayAdministerMembers(actor: Asking): boolean {
  return holds(actor, 'member:administer') && actor.credential.kind !== 'token'
}

/** Whether the actor makes agencies and names their first administrators. */
export function mayAdministerAgencies(actor: Asking): boolean {
  return holds(actor, 'agency:administer') && actor.credential.kind !== 'token'
}

/** Whether the actor sets the clocks, calendars and bases of networks. */
export function mayAdministerNetworks(actor: Asking): boolean {
  return holds(actor, 'network:administer') && actor.credential.kind !== 'token'
}

/** Whether the actor goes through what members may do each quarter; whom of them, the database decides. */
export function mayReviewAccess(actor: Asking): boolean {
  return holds(actor, 'access:review') && actor.credential.kind !== 'token'
}

/** Whether the actor makes and closes units. */
export function mayAdministerUnits(actor: Asking): boolean {
  return holds(actor, 'unit:administer') && actor.credential.kind !== 'token'
}

/** Whether the actor changes what their own agency sets for itself. */
export function mayAdministerOwnAgency(actor: Asking): boolean {
  return holds(actor, 'agency:administer-own') && actor.credential.kind !== 'token'
}
