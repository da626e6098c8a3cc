/** What of a person's record somebody looked at, as a list for the person says it. */
export const LOOKED_PARTS = [
  'record',
  'identity',
  'search',
  'case',
  'needs',
  'services',
  'notes',
  'contacts',
  'contact_texts',
  'tasks',
  'consents',
  'referrals',
  'shared',
  'emergency',
  'log',
  'other',
] as const
export type LookedPart = (typeof LOOKED_PARTS)[number]

/** Why somebody looked. */
export const LOOK_REASONS = ['casework', 'search', 'emergency', 'oversight'] as const
export type LookReason = (typeof LOOK_REASONS)[number]

/** The looks of one member on one day for one reason. */
export type LookedLine = {
  /** The day in the agency's time zone. */
  readonly day: string
  readonly agency: string
  /** The member's display name; empty for members of another agency, and for the installation itself. */
  readonly who: string
  readonly roles: readonly string[]
  readonly parts: readonly LookedPart[]
  readonly reason: LookReason
  readonly times: number
}

export type WhoLookedView = {
  readonly lines: readonly LookedLine[]
  /** Whether there are more than are listed; the oldest are left out. */
  readonly isCut: boolean
}
