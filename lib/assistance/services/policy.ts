import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

/** Whose a record is, and whether the actor is on the team of its case, as the database decides it. */
export type OnCase = { readonly agency: string; readonly onTeam: boolean }

/** The same of a record that may stand on another agency's case, by the grant of an accepted referral. */
type OnAnyCase = OnCase & {
  /** Whether the actor is of those who work, or worked, on it by a grant. */
  readonly served: boolean
  /** Whether a grant lets them write there now. */
  readonly serves: boolean
}

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

/** Whether the actor may amend a service: one that its own agency wrote, on the team or while a grant lives. */
export function mayAmend(actor: Actor, service: OnAnyCase): boolean {
  return holds(actor, 'service:amend') && writes(actor, service)
}

/** Whether the actor may void a service. */
export function mayVoid(actor: Actor, service: OnAnyCase): boolean {
  return holds(actor, 'service:void') && writes(actor, service)
}

/** Whether the actor may read how a service was given, and its confidential note on a press. */
export function mayReadDetail(actor: Actor, service: OnAnyCase): boolean {
  return holds(actor, 'service:read') && actor.agency === service.agency && (service.onTeam || service.served)
}

function writes(actor: Actor, { agency, onTeam, serves }: OnAnyCase): boolean {
  return actor.agency === agency && (onTeam || serves)
}
