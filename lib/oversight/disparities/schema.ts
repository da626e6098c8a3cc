import { z } from 'zod'

import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import { GROUNDS, SPLITS, type Ground, type SplitKey } from '@/lib/reporting/cube/schema'

import type { ClusteredTerm } from '../statistics/clustered'
import type { CompetingStep } from '../statistics/competing'
import type { Comparison, GroupRate } from '../statistics/disparity'
import type { Term } from '../statistics/logistic'
import type { Count, Estimate } from '../statistics/proportions'
import type { TestResult } from '../statistics/tables'

/** What can be asked of a frozen period, and whether having it is the good thing. */
export const OUTCOMES = {
  need_met: { ...SPLITS.need_met, isGood: true },
  met_in_time: { ...SPLITS.met_in_time, isGood: true },
  served: { ...SPLITS.served, isGood: true },
  served_in_twice: { ...SPLITS.served_in_twice, isGood: true },
  service_interrupted: { ...SPLITS.service_interrupted, isGood: false },
  /** Beside the shares at its end, the curve itself. */
  time_to_service: { ...SPLITS.time_to_service, isGood: true },
  referral_accepted: { ...SPLITS.referral_accepted, isGood: true },
  declined_no_capacity: { ...SPLITS.declined_no_capacity, isGood: false },
  declined_unfit: { ...SPLITS.declined_unfit, isGood: false },
  answered_in_time: { ...SPLITS.answered_in_time, isGood: true },
  data_complete: { ...SPLITS.data_complete, isGood: true },
  /** Of whoever was turned away: nobody knows of how many who came. */
  turned_away: { ...SPLITS.turned_away, isGood: false },
  sent_nowhere: { ...SPLITS.sent_nowhere, isGood: false },
} as const satisfies Record<SplitKey, object>
export type Outcome = keyof typeof OUTCOMES
export const OUTCOME_KEYS = Object.keys(OUTCOMES) as [Outcome, ...Outcome[]]

/** What is seen or told at a door. */
export const AT_THE_DOOR = [
  'gender',
  'age',
  'language',
  'interpreter',
  'disability',
  'migration',
] as const satisfies readonly Ground[]

/** What a difference can be held equal for. */
export const ADJUSTERS = ['category', 'agency'] as const
export type Adjuster = (typeof ADJUSTERS)[number]

const choose = { error: 'errors.field.choose' }
/** As a list, a value of its own, or values with commas between, as a form hands them on. */
const several = (value: unknown) =>
  value === undefined || value === ''
    ? []
    : [...new Set([value].flat().flatMap((one: unknown) => (typeof one === 'string' ? one.split(',') : [one])))]
const optional = (value: unknown) => (value === '' ? undefined : value)

export const runDisparityInput = z.strictObject({
  outcome: z.enum(OUTCOME_KEYS, choose),
  ground: z.enum(GROUNDS, choose),
  /** A frozen year. */
  period: z.string(choose).regex(/^\d{4}$/, choose),
  category: z.preprocess(
    optional,
    z.enum(CATEGORY_KEYS as readonly [CategoryKey, ...CategoryKey[]], choose).optional(),
  ),
  /** An agency's key. */
  agency: z.preprocess(optional, z.string().max(60).optional()),
  /** Whom the others are compared with; unless chosen the largest group whose value was stated. */
  reference: z.preprocess(optional, z.string().trim().max(60).optional()),
  adjustFor: z.preprocess(several, z.array(z.enum(ADJUSTERS, choose)).max(ADJUSTERS.length)),
})
export type RunDisparityInput = z.output<typeof runDisparityInput>

export const disparityInput = z.strictObject({ disparity: z.string().trim().max(64) })
export type DisparityInput = z.output<typeof disparityInput>

/** A group: of whom how many. Kept back where its numbers are null. */
export type Group = {
  readonly [K in keyof Omit<GroupRate, 'group'>]: GroupRate[K] | null
} & {
  readonly group: string
  readonly kept: boolean
  /** Nobody, or everybody. */
  readonly isWhole: boolean
  /** How many people the needs are of; null where it may not be told. */
  readonly people: number | null
}

/** What two groups beside each other say. */
export type Verdict = 'worse' | 'better' | 'not_shown'
/** What holding equal changed. */
export type Change = 'none' | 'gone' | 'appears' | 'turned'

/** Two groups where what is held equal is the same; by the names of what is, in the order asked. `~` where it can't be told apart. */
export type StratumView = {
  readonly names: readonly string[]
  readonly group: Count
  readonly reference: Count
  readonly riskRatio: Estimate | null
}

export type GroupComparison = Comparison & {
  /** Null where no stratum is shown for the group. */
  readonly withinAdjustedP: number | null
  /** The share of the group's needs that lie where what is held equal can be told apart; null where nothing is. */
  readonly heldEqual: number | null
  /** The smallest difference of rates that this many people would have shown four times out of five. */
  readonly detectable: number | null
  readonly verdict: Verdict
  readonly change: Change
  readonly strata: readonly StratumView[]
}

/** How long a group waited: steps at parts of the time that each need's urgency allows. */
export type WaitingGroup = {
  readonly group: string
  readonly n: number
  readonly events: number
  /** By when half were helped; null where that was not reached. */
  readonly median: number | null
  readonly curve: readonly WaitingStep[]
}

export type WaitingStep = Omit<CompetingStep, 'gone'> & {
  /** Null where who left is too few to be told from who waits. */
  readonly gone: number | null
}

export type Waiting = {
  readonly groups: readonly WaitingGroup[]
  readonly logRank: WaitingTest | null
  /** Up to the limit only, which is all that stands by agency and category; null unless these are held equal. */
  readonly stratifiedLogRank: WaitingTest | null
}
type WaitingTest = TestResult & {
  /** After Benjamini and Hochberg over everything looked at in the run. */
  readonly adjustedP: number
}

/** Why referrals of a group were declined. What is null is counted with `else`. */
export type Declines = {
  readonly group: string
  readonly capacity: number | null
  readonly unfit: number | null
  readonly person: number | null
  readonly else: number
}

/**
 * What follows from needs of one person faring alike. All adjusted p-values allow for it; the intervals of shares, ratios
 * and differences don't.
 */
export type Clustered = {
  /** How much larger variances are for it. */
  readonly factor: number
  /** The terms of the logistic regression with errors that allow for it; null where there is none. */
  readonly terms: readonly ClusteredTerm[] | null
}

export type Figures = {
  readonly groups: readonly Group[]
  readonly comparisons: readonly GroupComparison[]
  readonly logistic: { readonly terms: readonly Term[] } | null
  /** Errors with persons as clusters; null where they can't be allowed for, or each need is another person's. */
  readonly clustered: Clustered | null
  /** How many comparisons and tests the adjusted p-values answer for. */
  readonly looked: number
  /** Of time to service alone. */
  readonly waiting: Waiting | null
  /** Of referrals alone; empty where none may be told. */
  readonly declines: readonly Declines[]
}

/** What it rests on, so that it can be run again to the same figures. */
export type Reproduction = {
  readonly cube: string
  readonly period: string
  readonly asOf: string
  readonly extractHash: string
  readonly tablesHash: string
  readonly cubeVersion: string
  readonly codeVersion: string
  readonly figuresHash: string
  /** Whether running it again just now gave the same figures; null where the method changed since. */
  readonly repeats: boolean | null
}

export type DisparityView = Figures & {
  readonly code: string
  readonly ranAt: string
  readonly outcome: Outcome
  readonly ground: Ground
  readonly period: string
  readonly category: CategoryKey | null
  readonly agency: string | null
  readonly agencyName: string | null
  /** The names of the agencies that figures speak of by key. */
  readonly agencyNames: Readonly<Record<string, string>>
  readonly adjustFor: readonly Adjuster[]
  /** As it was chosen; null where nobody did. */
  readonly reference: string | null
  /** People who refused statistics and are in no figure; null where the number is kept back. */
  readonly refused: number | null
  readonly reproduction: Reproduction
}

export type PastRun = {
  readonly code: string
  readonly ranAt: string
  readonly outcome: Outcome
  readonly ground: Ground
  readonly period: string
  readonly category: CategoryKey | null
  readonly agency: string | null
}

/** A run as a report tells of it. */
export type ReportedRun = PastRun & {
  readonly adjustFor: Adjuster[]
  readonly worse: string[]
  readonly comparisons: number
} & Pick<Reproduction, 'figuresHash' | 'codeVersion' | 'extractHash' | 'repeats'>

export type DisparityChoices = {
  readonly periods: readonly { readonly period: string; readonly startsOn: string; readonly endsOn: string }[]
  readonly agencies: readonly { readonly key: string; readonly name: string }[]
}
