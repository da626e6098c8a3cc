import type { ComplaintState } from './schema'

const MOVES: Readonly<Record<ComplaintState, readonly ComplaintState[]>> = {
  new: ['looked_at', 'answered', 'closed'],
  looked_at: ['answered', 'closed'],
  // An answer can be put right until the complaint is closed.
  answered: ['answered', 'closed'],
  closed: [],
}

/** Where a complaint may go from here. */
export function movesFrom(state: ComplaintState): readonly ComplaintState[] {
  return MOVES[state]
}
