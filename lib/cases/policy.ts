import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

import { isClosed } from './rules'
import type { CaseActs, CaseStatus } from './schema'

/**
 * What a decision about a case rests on. Identification, cooperation and residency status are no part of it, so they
 * can gate nothing (invariant 7).
 */
export type CaseStanding = {
  readonly agency: string
  readonly status: CaseStatus
  readonly onTeam: boolean
  /** Came in by an emergency access: may help, not decide who works on the case and whether it goes on. */
  readonly inEmergency: boolean
}

/** Whether the actor works on this case: its team, their supervisor, whoever is on duty cover. */
export function worksOn(actor: Actor, standing: CaseStanding): boolean {
  return standing.onTeam && actor.agency === standing.agency
}

export function mayChange(actor: Actor, standing: CaseStanding): boolean {
  return holds(actor, 'case:change') && worksOn(actor, standing)
}

export function mayRestrict(actor: Actor, standing: CaseStanding): boolean {
  return holds(actor, 'case:restrict') && worksOn(actor, standing) && !standing.inEmergency
}

export function mayChangeTeam(actor: Actor, standing: CaseStanding): boolean {
  return holds(actor, 'team:change') && worksOn(actor, standing) && !standing.inEmergency
}

/** Whether the actor may close the case, take it up again, or say that it must be kept. */
export function maySettle(actor: Actor, standing: CaseStanding): boolean {
  return mayChange(actor, standing) && !standing.inEmergency
}

/** What the screens may offer on a case. */
export function actsOn(actor: Actor, standing: CaseStanding): CaseActs {
  const closed = isClosed(standing.status)
  return {
    change: mayChange(actor, standing) && !closed,
    restrict: mayRestrict(actor, standing),
    close: maySettle(actor, standing) && !closed,
    reopen: maySettle(actor, standing) && closed,
    team: mayChangeTeam(actor, standing),
  }
}
