import type { CaseFrameView } from './overview-schema'

/** Someone who can read a case's content, and why. */
export type AudienceMember = {
  readonly handle: string
  readonly name: string
  readonly reason: 'assigned' | 'supervisor' | 'cover' | 'stand_in' | 'emergency'
  readonly lead: boolean
  readonly isMe: boolean
  readonly since: string | null
  /** When the cover, the absence or the emergency access ends; null for those who stay. */
  readonly until: string | null
}

export type TeamView = {
  readonly frame: CaseFrameView
  readonly team: readonly AudienceMember[]
  readonly former: readonly { readonly name: string; readonly since: string; readonly until: string }[]
  /** Whom the team may take on. */
  readonly candidates: readonly { readonly handle: string; readonly name: string }[]
}

/** Another agency that works on a case by what it was given, until that ends. */
export type OutsideReader = {
  readonly agencyName: string
  /** The referral that it came with. */
  readonly referral: string
  readonly leads: boolean
  readonly since: string
}

export type AccessView = {
  readonly frame: CaseFrameView
  readonly audience: readonly AudienceMember[]
  /** How many more members of the agency know the skeleton; 0 for a restricted case. */
  readonly skeleton: number
  /** Other agencies that see something of it now. */
  readonly outside: readonly OutsideReader[]
}
