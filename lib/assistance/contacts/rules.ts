import type { ContactKind, ContactOutcome } from './schema'

/** What each kind comes to unless the member says otherwise. */
const USUAL = {
  call: 'reached',
  visit: 'reached',
  message: 'reached',
  observation: 'noted',
  failed_attempt: 'not_reached',
} as const satisfies Record<ContactKind, ContactOutcome>

/** The outcomes that fit a kind, the usual one first. */
const FITTING = {
  call: ['reached', 'not_reached', 'message_left', 'someone_else_answered', 'person_declined'],
  visit: ['reached', 'not_reached', 'someone_else_answered', 'person_declined'],
  message: ['reached', 'not_reached', 'message_left', 'someone_else_answered', 'person_declined'],
  observation: ['noted'],
  failed_attempt: ['not_reached', 'message_left', 'someone_else_answered'],
} as const satisfies Record<ContactKind, readonly ContactOutcome[]>

/** What a contact came to, where nobody said. */
export function usualOutcome(kind: ContactKind): ContactOutcome {
  return USUAL[kind]
}

/** Whether an outcome can come of this kind of contact: nobody is reached by an attempt that failed. */
export function isOutcomeOf(kind: ContactKind, outcome: ContactOutcome): boolean {
  const fitting: readonly ContactOutcome[] = FITTING[kind]
  return fitting.includes(outcome)
}

/** Whether the person was spoken with: what ends the wait for a first contact. A refusal is an answer too. */
export function wasReached(outcome: ContactOutcome): boolean {
  return outcome === 'reached' || outcome === 'person_declined'
}
