import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whose a record is, and whether the actor is on the team of its case, as the database decides it. */
export type OnCase = { readonly agency: string; readonly onTeam: boolean }

/** Whether the actor may read the contact log of a case: its team's only. */
export function mayReadContacts(actor: Actor, on: OnCase): boolean {
  return holds(actor, 'contact:read') && actor.agency === on.agency && on.onTeam
}

/** Whether the actor may log a contact on a case, and void one that its own agency wrote. */
export function mayLogContact(actor: Actor, on: OnCase): boolean {
  return holds(actor, 'contact:log') && actor.agency === on.agency && on.onTeam
}
