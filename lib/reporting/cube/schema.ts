/** What people are grouped by: what the profile and the case say, as one word each. */
export const GROUNDS = [
  'gender',
  'age',
  'region',
  'language',
  'interpreter',
  'disability',
  'migration',
  'exploitation',
  'cooperation',
  'place',
  'identification',
] as const
export type Ground = (typeof GROUNDS)[number]

/**
 * What became of a need, as families of classes that everybody counted falls into at most one of. Those in `DETAILED`
 * stand by category and agency too, the others for the network as a whole.
 */
export const FAMILIES = {
  met: ['yes', 'no'],
  in_time: ['yes', 'no'],
  complete: ['yes', 'no'],
  wait: ['in_time', 'twice', 'later', 'none'],
  /** When the first service came, as parts of the time that the urgency allows, and who left before it or still waits. */
  pace: ['quarter', 'half', 'limit', 'twice', 'later', 'left_limit', 'left_twice', 'waiting'],
  course: ['interrupted', 'uninterrupted', 'none'],
  referral: ['accepted', 'declined', 'other', 'none'],
  answer: ['in_time', 'late', 'other', 'none'],
  /** Why a referral was declined. */
  why: ['capacity', 'unfit', 'person', 'else', 'none'],
  /** Each person by one need, and the needs beyond it. */
  nth: ['first', 'further'],
  /** Not of needs but of whoever was turned away at a door. */
  door: ['elsewhere', 'nowhere'],
} as const
export type Family = keyof typeof FAMILIES

export const DETAILED = ['met', 'in_time', 'complete'] as const satisfies readonly Family[]

/** How far a figure reaches: all of the network, one agency, one agency's needs of a category. */
export const TIERS = ['network', 'agency', 'category'] as const
export type Tier = (typeof TIERS)[number]

/** What stands instead of a value that nobody stated: groups like any other, and none to compare others with. */
const UNSTATED: readonly string[] = [
  'declined',
  'not_asked',
  'unknown',
  'not_recorded',
  'NonSpecifiedUnknown',
  'Unknown',
]

/** Whether a level is a value that was stated. */
export function isStated(level: string): boolean {
  return level !== TOGETHER && !UNSTATED.includes(level)
}

/** The group, category or agency that stands for those that are too small to stand alone. */
export const TOGETHER = '~'

/** Needs that are alike in their level, agency and category, and in these classes: one class or several at once. */
export type Alike = {
  readonly ground: Ground
  readonly level: string
  readonly category: string
  readonly agency: string
  /** Of the families that apply. */
  readonly classes: Readonly<Partial<Record<Family, string>>>
  readonly n: number
  /** Whose they are, by number; not needed where they are more than sixty, which are many for certain. */
  readonly people: readonly number[]
}

/** A count that is shown. Whatever has no cell is kept back. */
export type Cell = {
  readonly tier: Tier
  /** Empty where all of them; `~` for small ones together. */
  readonly agency: string
  readonly category: string
  readonly level: string
  readonly family: Family
  readonly class: string
  readonly n: number
}

/** What of a ground is shown. */
export type GroundTable = { readonly ground: Ground; readonly cells: readonly Cell[] }

/** A frozen period. */
export type CubeView = {
  readonly code: string
  /** A year. */
  readonly period: string
  readonly startsOn: string
  /** The last day that counts. */
  readonly endsOn: string
  /** An instant, as ISO 8601: how things stood then. */
  readonly asOf: string
  /** How many needs it holds; null where the number is kept back. */
  readonly needs: number | null
  /** How many people refused statistics and are in none of the figures; null where the number is kept back. */
  readonly refused: number | null
  readonly extractHash: string
  readonly tablesHash: string
  readonly codeVersion: string
}
