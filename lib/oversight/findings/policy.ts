import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'

import { FINDING_MOVER, nextFindingState } from './rules'
import { FINDING_MOVES, type FindingLine, type FindingMove } from './schema'

type Asking = Pick<Actor, 'roles'>

/** Whether the actor may know of findings at all; of which, the database decides. */
export function mayReadFindings(actor: Asking): boolean {
  return holds(actor, 'finding:read')
}

/** Whether the actor opens findings. */
export function mayMakeFindings(actor: Asking): boolean {
  return holds(actor, 'finding:make')
}

/** Whether a move is the actor's side's to make, in whatever state. */
export function mayMoveFinding(actor: Asking, move: FindingMove, side: FindingLine['side']): boolean {
  return FINDING_MOVER[move] === side && holds(actor, side === 'body' ? 'finding:make' : 'finding:answer')
}

/** The moves that the actor may make of a finding now. */
export function findingMoves(
  actor: Asking,
  { side, state, actionDoneOn }: Pick<FindingLine, 'side' | 'state' | 'actionDoneOn'>,
): readonly (FindingMove | 'change')[] {
  const moves = FINDING_MOVES.filter(
    (move) =>
      mayMoveFinding(actor, move, side) &&
      nextFindingState(move, state) !== null &&
      (move !== 'done' || actionDoneOn === null),
  )
  return side === 'body' && state === 'draft' && mayMakeFindings(actor) ? [...moves, 'change'] : moves
}
