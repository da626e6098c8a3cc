import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

import { MOVER, MOVES_OF, nextBeforeBasis, nextState, nextUnanswered } from './rules'
import type { Move, ReferralKind, ReferralSide, ReferralState } from './schema'

/** What a decision about a referral rests on, as the database says it. */
export type ReferralStanding = {
  readonly kind: ReferralKind
  readonly side: ReferralSide
  readonly state: ReferralState
  readonly stateBefore: ReferralState | null
  /** Whether a coordinator rerouted it and nothing is shared yet. */
  readonly awaitsBasis: boolean
  /** Whether a question is open whose pause is over. */
  readonly unanswered: boolean
  /** Whether the actor is on the team of the case: of the sending side only. */
  readonly onTeam: boolean
  /** Whether the actor answers for the receiving service now. */
  readonly answers: boolean
  /** Of two steps that two members take, whether the actor took the first: decided what is looked at again, sent what is confirmed. */
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

/** Whether the actor's role leads cases of other agencies at all: whoever answers for referrals, and writes needs. */
export function mayLeadCases(actor: Actor): boolean {
  return holds(actor, 'referral:answer') && holds(actor, 'need:write')
}

/** Whether the actor may make this move of a referral now. */
export function mayMove(actor: Actor, standing: ReferralStanding, move: Move): boolean {
  const isOfSide =
    MOVER[move] === 'sender'
      ? holds(actor, 'referral:send') && standing.side === 'sender' && standing.onTeam
      : holds(actor, 'referral:answer') && standing.side === 'receiver' && standing.answers
  if (standing.decidedFirst && isSecondStep(standing.kind, move)) return false
  // What another agency doesn't lead yet it doesn't give back.
  if (standing.kind === 'transfer' && move === 'complete' && standing.state === 'accepted') return false
  return isOfSide && MOVES_OF[standing.kind].includes(move) && nextOf(standing, move) !== null
}

/** Whether the second of two steps would be the actor's now, had they not taken the first: it is left to another member. */
export function isLeftToAnother(actor: Actor, standing: ReferralStanding): boolean {
  const second: Move = standing.kind === 'transfer' ? 'confirm' : 'decide'
  return standing.decidedFirst && mayMove(actor, { ...standing, decidedFirst: false }, second)
}

function nextOf({ awaitsBasis, unanswered, state, stateBefore }: ReferralStanding, move: Move): ReferralState | null {
  if (awaitsBasis) return nextBeforeBasis(move, state)
  return unanswered ? nextUnanswered(move, state) : nextState(move, state, stateBefore)
}

/** Whether a move is the second of two that two members make. */
function isSecondStep(kind: ReferralKind, move: Move): boolean {
  return kind === 'transfer' ? move === 'confirm' : move === 'decide' || move === 'decline'
}
