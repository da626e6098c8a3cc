/** What a coordinator asks the receiving agency, and what the one that refers. Chosen, never typed. */
export const ASKED_OF_RECEIVER = ['answer_soon', 'part_of_it', 'later_start'] as const
export const ASKED_OF_SENDER = ['answer_question', 'other_agency', 'ask_consent'] as const
export const DESK_WORDS = [...ASKED_OF_RECEIVER, ...ASKED_OF_SENDER] as const
export type DeskWords = (typeof DESK_WORDS)[number]

export const DESK_ACTS = ['reminded', 'asked', 'escalated', 'rerouted'] as const

/** What a coordinator did about a referral, for both its sides. */
export type DeskActView = {
  readonly kind: (typeof DESK_ACTS)[number]
  readonly words: DeskWords | null
  readonly at: string
}
