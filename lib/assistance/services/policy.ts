import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whose a record is, and whether the actor is on the team of its case, as the database decides it. */
export type OnCase = { readonly agency: string; readonly onTeam: boolean }

/** Whether the actor's role reads services at all; which ones, the database decides. */
export function mayReadServices(actor: Actor): boolean {
  return holds(actor, 'service:read')
}

/** Whether the actor's role logs services at all; on which cases, `mayLog` and the database decide. */
export function mayLogServices(actor: Actor): boolean {
  return holds(actor, 'service:log')
}

/** Whether the actor may log a service on a case: its own agency's, on the team. */
export function mayLog(actor: Actor, on: OnCase): boolean {
  return holds(actor, 'service:log') && actor.agency === on.agency && on.onTeam
}

/** Whether the actor may amend a service: one that its own agency wrote, on the team. */
export function mayAmend(actor: Actor, service: OnCase): boolean {
  return holds(actor, 'service:amend') && actor.agency === service.agency && service.onTeam
}

/** Whether the actor may void a service. */
export function mayVoid(actor: Actor, service: OnCase): boolean {
  return holds(actor, 'service:void') && actor.agency === service.agency && service.onTeam
}

/** Whether the actor may read how a service was given, and its confidential note on a press. */
export function mayReadDetail(actor: Actor, service: OnCase): boolean {
  return holds(actor, 'service:read') && actor.agency === service.agency && service.onTeam
}
