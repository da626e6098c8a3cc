import type { Direction, PaperState, PaperStep } from './schema'

/** Where a form can go from a state, as app.paper_next has it. What was handed over may be answered without a word before. */
export const PAPER_NEXT: Readonly<Record<Direction, Readonly<Partial<Record<PaperState, readonly PaperStep[]>>>>> = {
  out: {
    prepared: ['handed_over', 'withdrawn'],
    handed_over: ['acknowledged', 'accepted', 'declined', 'withdrawn'],
    acknowledged: ['accepted', 'declined', 'withdrawn'],
    accepted: ['completed', 'withdrawn'],
  },
  in: {
    received: ['acknowledged', 'accepted', 'declined'],
    acknowledged: ['accepted', 'declined'],
    accepted: ['completed'],
  },
}

/** The steps that can be written down now. */
export function nextSteps(direction: Direction, state: PaperState): readonly PaperStep[] {
  return PAPER_NEXT[direction][state] ?? []
}

/** Whether a form to another agency can still be printed: before it is answered. */
export function isPrintable(direction: Direction, state: PaperState): boolean {
  return direction === 'out' && (state === 'prepared' || state === 'handed_over')
}
