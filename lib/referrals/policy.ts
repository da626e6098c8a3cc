import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

import { MOVER, MOVES_OF, nextBeforeBasis, nextState } from './rules'
import type { Move, ReferralKind, ReferralSide, ReferralState } from './schema'

/** What a decision about a referral rests on, as the database says it. */
export type ReferralStanding = {
  readonly kind: ReferralKind
  readonly side: ReferralSide
  readonly state: ReferralState
  readonly stateBefore: ReferralState | null
  /** Whether a coordinator rerouted it and nothing is shared yet. */
  readonly awaitsBasis: boolean
  /** Whether the actor is on the team of the case: of the sending side only. */
  readonly onTeam: boolean
  /** Whether the actor answers for the receiving service now. */
  readonly answers: boolean
  /** Whether the actor decided what this referral asks to look at again. */
  readonly decidedFirst: boolean
}

/** Whether the actor's role knows referrals at all; which ones, the database decides. */
export function mayReadReferrals(actor: Actor): boolean {
  return holds(actor, 'referral:read')
}

/** Whether the actor's role ever opens what was shared: whoever coordinates moves referrals without identity. */
export function mayOpenPackages(actor: Actor): boolean {
  return holds(actor, 'referral:send') || holds(actor, 'referral:answer')
}

/** Whether the actor's role refers at all. */
export function maySendReferrals(actor: Actor): boolean {
  return holds(actor, 'referral:send')
}

/** Whether the actor may make this move of a referral now. */
export function mayMove(actor: Actor, standing: ReferralStanding, move: Move): boolean {
  const isOfSide =
    MOVER[move] === 'sender'
      ? holds(actor, 'referral:send') && standing.side === 'sender' && standing.onTeam
      : holds(actor, 'referral:answer') && standing.side === 'receiver' && standing.answers
  if (standing.decidedFirst && (move === 'decide' || move === 'decline')) return false
  const next = standing.awaitsBasis
    ? nextBeforeBasis(move, standing.state)
    : nextState(move, standing.state, standing.stateBefore)
  return isOfSide && MOVES_OF[standing.kind].includes(move) && next !== null
}
