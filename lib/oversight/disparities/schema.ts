import { z } from 'zod'

import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import { GROUNDS, type Family, type Ground } from '@/lib/reporting/cube/schema'

import type { CompetingStep } from '../statistics/competing'
import type { Comparison, GroupRate } from '../statistics/disparity'
import type { Term } from '../statistics/logistic'
import type { Count, Estimate } from '../statistics/proportions'
import type { TestResult } from '../statistics/tables'

type Asked = {
  readonly family: Family
  /** The classes that count as the outcome, and those that don't; whoever is in neither is left out. */
  readonly yes: readonly string[]
  readonly no: readonly string[]
  /** Whether having it is the good thing. */
  readonly isGood: boolean
}

/** What can be asked of a frozen period. */
export const OUTCOMES = {
  need_met: { family: 'met', yes: ['yes'], no: ['no'], isGood: true },
  met_in_time: { family: 'in_time', yes: ['yes'], no: ['no'], isGood: true },
  served: { family: 'wait', yes: ['in_time', 'twice', 'later'], no: ['none'], isGood: true },
  served_in_twice: { family: 'wait', yes: ['in_time', 'twice'], no: ['later', 'none'], isGood: true },
  service_interrupted: { family: 'course', yes: ['interrupted'], no: ['uninterrupted'], isGood: false },
  /** Beside the shares at its end, the curve itself. */
  time_to_service: {
    family: 'pace',
    yes: ['quarter', 'half', 'limit', 'twice'],
    no: ['later', 'left_limit', 'left_twice', 'waiting'],
    isGood: true,
  },
  referral_accepted: { family: 'referral', yes: ['accepted'], no: ['declined'], isGood: true },
  declined_no_capacity: { family: 'why', yes: ['capacity'], no: ['unfit', 'person', 'else'], isGood: false },
  declined_unfit: { family: 'why', yes: ['unfit'], no: ['capacity', 'person', 'else'], isGood: false },
  answered_in_time: { family: 'answer', yes: ['in_time'], no: ['late'], isGood: true },
  data_complete: { family: 'complete', yes: ['yes'], no: ['no'], isGood: true },
  /** Of whoever was turned away: nobody knows of how many who came. */
  turned_away: { family: 'door', yes: ['elsewhere', 'nowhere'], no: [], isGood: false },
  sent_nowhere: { family: 'door', yes: ['nowhere'], no: ['elsewhere'], isGood: false },
} as const satisfies Record<string, Asked>
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

export type Figures = {
  readonly groups: readonly Group[]
  readonly comparisons: readonly GroupComparison[]
  readonly logistic: { readonly terms: readonly Term[] } | null
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
