import { z } from 'zod'

import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import { GROUNDS, type Family, type Ground } from '@/lib/reporting/cube/schema'

import type { Comparison, GroupRate } from '../statistics/disparity'
import type { Term } from '../statistics/logistic'

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
  referral_accepted: { family: 'referral', yes: ['accepted'], no: ['declined'], isGood: true },
  data_complete: { family: 'complete', yes: ['yes'], no: ['no'], isGood: true },
} as const satisfies Record<string, Asked>
export type Outcome = keyof typeof OUTCOMES
export const OUTCOME_KEYS = Object.keys(OUTCOMES) as [Outcome, ...Outcome[]]

/** What a difference can be held equal for. */
export const ADJUSTERS = ['category', 'agency'] as const
export type Adjuster = (typeof ADJUSTERS)[number]

const choose = { error: 'errors.field.choose' }
const several = (value: unknown) =>
  value === undefined || value === '' ? [] : [...new Set([value].flat() as unknown[])]
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
  adjustFor: z.preprocess(several, z.array(z.enum(ADJUSTERS, choose)).max(ADJUSTERS.length)),
})
export type RunDisparityInput = z.output<typeof runDisparityInput>

export const disparityInput = z.strictObject({ disparity: z.string().trim().max(64) })
export type DisparityInput = z.output<typeof disparityInput>

/** A group: of whom how many. Kept back where its numbers are null. */
export type Group = {
  readonly [K in keyof Omit<GroupRate, 'group'>]: GroupRate[K] | null
} & { readonly group: string; readonly kept: boolean; /** Nobody, or everybody. */ readonly isWhole: boolean }

/** What two groups beside each other say. */
export type Verdict = 'worse' | 'better' | 'not_shown'
/** What holding equal changed. */
export type Change = 'none' | 'gone' | 'appears' | 'turned'

export type GroupComparison = Comparison & {
  /** Null where no stratum is shown for the group. */
  readonly withinAdjustedP: number | null
  /** The share of the group's needs that lie where what is held equal can be told apart; null where nothing is. */
  readonly heldEqual: number | null
  /** The smallest difference of rates that this many people would have shown four times out of five. */
  readonly detectable: number | null
  readonly verdict: Verdict
  readonly change: Change
}

export type Figures = {
  readonly groups: readonly Group[]
  readonly comparisons: readonly GroupComparison[]
  readonly logistic: { readonly terms: readonly Term[] } | null
  /** How many comparisons the adjusted p-values answer for. */
  readonly looked: number
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
  /** Whether running it again just now gave the same figures. */
  readonly repeats: boolean
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
  readonly adjustFor: readonly Adjuster[]
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

export type DisparityChoices = {
  readonly periods: readonly { readonly period: string; readonly startsOn: string; readonly endsOn: string }[]
  readonly agencies: readonly { readonly key: string; readonly name: string }[]
}
