import { networkSettings, type ContactLimit } from '@/lib/agencies/network-schema'

import type { NeedState, Urgency } from './schema'

/** The limits where a network set none of its own. */
export const CONTACT_LIMITS: Readonly<Record<Urgency, ContactLimit>> = networkSettings.parse({}).contactHours

const NEXT = {
  open: ['planned', 'being_met', 'met', 'not_met', 'withdrawn'],
  planned: ['open', 'being_met', 'met', 'not_met', 'withdrawn'],
  being_met: ['open', 'planned', 'met', 'not_met', 'withdrawn'],
  // A need comes back: the help ended, or the person asks again.
  met: ['open', 'being_met'],
  not_met: ['open', 'planned', 'being_met'],
  withdrawn: ['open'],
} as const satisfies Record<NeedState, readonly NeedState[]>

/** Whether a need may move from one state to another. Staying where it is counts as no move and is always fine. */
export function canMoveNeed(from: NeedState, to: NeedState): boolean {
  const next: readonly NeedState[] = NEXT[from]
  return from === to || next.includes(to)
}

/** The states that a need may move to, in the order in which screens offer them. */
export function nextNeedStates(from: NeedState): readonly NeedState[] {
  return NEXT[from]
}

/** Whether somebody still has to do something about it. */
export function isLiving(state: NeedState): boolean {
  return state === 'open' || state === 'planned' || state === 'being_met'
}

/**
 * Where a need goes when a service for it is logged: where the member said, if it may; else an open need is planned or
 * being met, as the service is, and a planned one is being met once the service began.
 */
export function stateAfterService(
  from: NeedState,
  service: { readonly hasBegun: boolean; readonly isPlanned: boolean; readonly said: 'being_met' | 'met' | undefined },
): NeedState {
  if (service.said !== undefined) return canMoveNeed(from, service.said) ? service.said : from
  if (service.hasBegun) return from === 'open' || from === 'planned' ? 'being_met' : from
  return service.isPlanned && from === 'open' ? 'planned' : from
}

/** The limit for the first contact: the network's own where it set one, with its source, else the common one. */
export function contactLimit(urgency: Urgency, settings: unknown): ContactLimit {
  return networkSettings.parse(settings).contactHours[urgency]
}

/**
 * By when the person should be reached. A need found earlier and entered later counts from the end of its day, the
 * latest it can have been found.
 */
export function contactDueAt(foundAt: Date, limit: ContactLimit): Date {
  return new Date(foundAt.getTime() + limit.hours * 3_600_000)
}

/** Whether the first contact is late. Once the need is being met, the person was reached. */
export function isContactLate(
  need: { readonly state: NeedState; readonly contactDueAt: Date; readonly isReached: boolean },
  now: Date,
): boolean {
  return (
    (need.state === 'open' || need.state === 'planned') &&
    !need.isReached &&
    need.contactDueAt.getTime() < now.getTime()
  )
}
