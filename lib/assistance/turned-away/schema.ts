import { z } from 'zod'

import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import { GENDERS, type CodeOf } from '@/lib/people/codes'
import { language } from '@/lib/people/profile-schema'

import { calendarDay, recordCode, recordVersion } from '../fields'

/** Why somebody who asked was not served, as whoever stood at the door puts it. */
export const TURNED_AWAY_REASONS = [
  'no_capacity',
  'outside_mandate',
  'outside_area',
  'not_eligible',
  'no_papers',
  'no_interpreter',
  'not_accessible',
  'safety_conflict',
  'closed',
  'other',
] as const
export type TurnedAwayReason = (typeof TURNED_AWAY_REASONS)[number]

/** How old somebody seemed to be, or said they were: coarse, since nobody is asked for a birth date at the door. */
export const SEEN_AGES = ['child', 'young_adult', 'adult', 'older'] as const
export type SeenAge = (typeof SEEN_AGES)[number]

/** Of which standing somebody was here, where they told. */
export const TOLD_STATUSES = ['citizen', 'regular', 'irregular', 'asylum'] as const
export type ToldStatus = (typeof TOLD_STATUSES)[number]

/** What else could be seen or was told. */
export const SEEN_FACTS = ['interpreter', 'disability', 'pregnancy', 'with_children'] as const
export type SeenFact = (typeof SEEN_FACTS)[number]

/** Where somebody was sent instead. */
export const SENT_TO = ['agency', 'waiting_list', 'come_back', 'helpline', 'public_service', 'nowhere'] as const
export type SentTo = (typeof SENT_TO)[number]

/** Why a record doesn't count. */
export const TURNED_AWAY_VOID_REASONS = ['mistake', 'twice', 'served'] as const
export type TurnedAwayVoidReason = (typeof TURNED_AWAY_VOID_REASONS)[number]

export const recordTurnedAwayInput = z.strictObject({
  reason: z.enum(TURNED_AWAY_REASONS, { error: 'turned_away.errors.reason' }),
  category: z.enum(CATEGORY_KEYS, { error: 'turned_away.errors.category' }),
  sentTo: z.enum(SENT_TO, { error: 'turned_away.errors.sent_to' }),
  /** The key of the agency that they were sent to, where it is one of the network. */
  sentAgency: z.string().trim().min(1).max(60).optional(),
  gender: z.enum(GENDERS).optional(),
  age: z.enum(SEEN_AGES).optional(),
  language: language.optional(),
  migration: z.enum(TOLD_STATUSES).optional(),
  seen: z.array(z.enum(SEEN_FACTS)).max(SEEN_FACTS.length).optional(),
  /** Today, unless told. */
  askedOn: calendarDay.optional(),
})
export type RecordTurnedAwayInput = z.output<typeof recordTurnedAwayInput>

export const voidTurnedAwayInput = z.strictObject({
  record: recordCode,
  reason: z.enum(TURNED_AWAY_VOID_REASONS, { error: 'turned_away.errors.void_reason' }),
  version: recordVersion.optional(),
})
export type VoidTurnedAwayInput = z.output<typeof voidTurnedAwayInput>

export const listTurnedAwayInput = z.strictObject({
  reason: z.enum(TURNED_AWAY_REASONS).optional(),
  category: z.enum(CATEGORY_KEYS).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
})
export type ListTurnedAwayInput = z.output<typeof listTurnedAwayInput>

/** Somebody who asked and was not served. Nothing in it tells who. */
export type TurnedAwayView = {
  readonly code: string
  readonly askedOn: string
  readonly enteredAt: string
  readonly reason: TurnedAwayReason
  readonly category: CategoryKey
  readonly gender: CodeOf<'gender'> | null
  readonly age: SeenAge | null
  readonly language: string | null
  readonly migration: ToldStatus | null
  readonly seen: readonly SeenFact[]
  readonly sentTo: SentTo
  readonly sentAgency: string | null
  readonly sentAgencyName: string | null
  readonly voidReason: TurnedAwayVoidReason | null
  readonly version: number
  readonly mayVoid: boolean
}

/** How many were turned away in a year, by one answer; what was voided doesn't count. */
export type TurnedAwayCount = { readonly key: string; readonly n: number }

export type TurnedAwayPage = {
  readonly items: readonly TurnedAwayView[]
  readonly nextCursor: string | null
  readonly previousCursor: string | null
  /** Of the last twelve months, for those who see what the whole agency recorded; else null. */
  readonly year: {
    readonly total: number
    readonly byReason: readonly TurnedAwayCount[]
    readonly byCategory: readonly TurnedAwayCount[]
  } | null
}

/** What the form offers. */
export type TurnedAwayForm = {
  readonly today: string
  readonly yesterday: string
  readonly agencies: readonly { readonly key: string; readonly name: string }[]
}
