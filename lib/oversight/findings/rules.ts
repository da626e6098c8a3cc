import type { FindingMove, FindingState } from './schema'

/** Where each move leads from a state, as app.finding_next has it. */
export const FINDING_NEXT = {
  send: { draft: 'sent' },
  withdraw: { draft: 'withdrawn' },
  accept: { answered: 'accepted' },
  reopen: { answered: 'reopened', accepted: 'reopened' },
  answer: { sent: 'answered', reopened: 'answered' },
  done: { answered: 'answered', accepted: 'accepted' },
} as const satisfies Record<FindingMove, Partial<Record<FindingState, FindingState>>>

/** Which side makes a move. */
export const FINDING_MOVER = {
  send: 'body',
  withdraw: 'body',
  accept: 'body',
  reopen: 'body',
  answer: 'agency',
  done: 'agency',
} as const satisfies Record<FindingMove, 'body' | 'agency'>

/** Where a move leads from a state; null where it may not be made. */
export function nextFindingState(move: FindingMove, state: FindingState): FindingState | null {
  const moves: Partial<Record<FindingState, FindingState>> = FINDING_NEXT[move]
  return moves[state] ?? null
}
