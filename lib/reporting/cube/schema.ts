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

type Split = {
  readonly family: Family
  /** The classes that count as the outcome, and those that don't; whoever is in neither is left out. */
  readonly yes: readonly string[]
  readonly no: readonly string[]
}

/** The ways in which a family parts those with an outcome from those without it. */
export const SPLITS = {
  need_met: { family: 'met', yes: ['yes'], no: ['no'] },
  met_in_time: { family: 'in_time', yes: ['yes'], no: ['no'] },
  served: { family: 'wait', yes: ['in_time', 'twice', 'later'], no: ['none'] },
  served_in_twice: { family: 'wait', yes: ['in_time', 'twice'], no: ['later', 'none'] },
  service_interrupted: { family: 'course', yes: ['interrupted'], no: ['uninterrupted'] },
  time_to_service: {
    family: 'pace',
    yes: ['quarter', 'half', 'limit', 'twice'],
    no: ['later', 'left_limit', 'left_twice', 'waiting'],
  },
  referral_accepted: { family: 'referral', yes: ['accepted'], no: ['declined'] },
  declined_no_capacity: { family: 'why', yes: ['capacity'], no: ['unfit', 'person', 'else'] },
  declined_unfit: { family: 'why', yes: ['unfit'], no: ['capacity', 'person', 'else'] },
  answered_in_time: { family: 'answer', yes: ['in_time'], no: ['late'] },
  data_complete: { family: 'complete', yes: ['yes'], no: ['no'] },
  turned_away: { family: 'door', yes: ['elsewhere', 'nowhere'], no: [] },
  sent_nowhere: { family: 'door', yes: ['nowhere'], no: ['elsewhere'] },
} as const satisfies Record<string, Split>
export type SplitKey = keyof typeof SPLITS

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

/** People of an extract who are alike in the classes of a family that their needs fell into: one class for each need. */
export type Persons = { readonly family: string; readonly classes: readonly string[]; readonly n: number }

/** How much larger a variance is since needs of one person fare alike, over all of a period: 1 where they don't. */
export type Clustering = { readonly split: SplitKey; readonly factor: number }

/** Stands in a period's tables beside the grounds. */
export const PERSONS = 'persons'
export type PersonsTable = { readonly ground: typeof PERSONS; readonly cells: readonly Clustering[] }

/** What is stored of a period: a table for each ground, and that of persons unless it was frozen before there was one. */
export type StoredTable = GroundTable | PersonsTable

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
