import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whose a record is, and whether the actor is on the team of its case, as the database decides it. */
export type OnCase = { readonly agency: string; readonly onTeam: boolean }

/** Whether the actor's role reads needs at all; which ones, the database decides. */
export function mayReadNeeds(actor: Actor): boolean {
  return holds(actor, 'need:read')
}

/** Whether the actor may add a need to a case. */
export function mayAddNeed(actor: Actor, on: OnCase): boolean {
  return holds(actor, 'need:write') && actor.agency === on.agency && on.onTeam
}

/**
 * Whether the actor may change a need: on the team of its case, one that their agency found, or that whoever led the case
 * found on it.
 */
export function mayChangeNeed(actor: Actor, need: OnCase & { readonly holder: string }): boolean {
  return holds(actor, 'need:write') && (actor.agency === need.agency || actor.agency === need.holder) && need.onTeam
}
