import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whose case an answer is about, and whether the actor is on its team, as the database decides it. */
export type OnCase = { readonly agency: string; readonly onTeam: boolean }

/** Whether the actor may read what a person agreed to, who may see what, and what left: the team of the case. */
export function mayReadConsents(actor: Actor, on: OnCase): boolean {
  return holds(actor, 'consent:read') && actor.agency === on.agency && on.onTeam
}

/** Whether the actor may write down what a person said: the team, whoever helps in an emergency included. */
export function mayRecordConsent(actor: Actor, on: OnCase): boolean {
  return holds(actor, 'consent:record') && actor.agency === on.agency && on.onTeam
}
