import { z } from 'zod'

import type { Ground } from '@/lib/reporting/cube/schema'

export const RULE_GRADES = ['breach', 'concern', 'watch'] as const
export type RuleGrade = (typeof RULE_GRADES)[number]

/** How a rule stands: nothing broke it this month or the last, else its grade; or nobody has looked yet. */
export const RULE_STATES = ['holds', ...RULE_GRADES, 'not_looked_at'] as const
export type RuleState = (typeof RULE_STATES)[number]

export const RULE_OWNERS = ['data_protection', 'equal_treatment'] as const
export type RuleOwner = (typeof RULE_OWNERS)[number]

export const RULE_CASE_KINDS = ['person', 'case', 'member', 'agency'] as const
export type RuleCaseKind = (typeof RULE_CASE_KINDS)[number]

/** What a rule is about: single cases as they come, or groups of people in a frozen period. */
export const RULE_MEASURES = ['cases', 'groups'] as const
export type RuleMeasure = (typeof RULE_MEASURES)[number]

export const ruleInput = z.strictObject({
  rule: z
    .string()
    .regex(/^[a-z]+(_[a-z]+)*$/)
    .max(60),
})
export type RuleInput = z.output<typeof ruleInput>

export type RuleMonth = { readonly month: string; readonly n: number }

/** A rule of the register. */
export type RuleView = {
  readonly key: string
  /** In the reader's language, as is the text. */
  readonly title: string
  readonly text: string
  readonly state: RuleState
  readonly grade: RuleGrade
  readonly owner: RuleOwner
  readonly measure: RuleMeasure
  /** A paragraph of the resolution, an article of the Palermo Protocol, or a principle of data protection. */
  readonly basis: string
  readonly lookedAt: string | null
  /** By month, the earliest first, twelve at most; of groups by the last month of each frozen period. */
  readonly trend: readonly RuleMonth[]
}

/** A single case that breaks a rule: pseudonym, agency and day, nothing beside them. */
export type RuleCase = {
  readonly code: string | null
  readonly kind: RuleCaseKind
  readonly agency: string
  readonly agencyName: string
  readonly onDay: string
}

/** A group that stands worse than another in a frozen period; its rates are shown of that period anyway. */
export type RuleGroup = {
  /** A year. */
  readonly period: string
  readonly ground: Ground
  readonly group: string
  readonly reference: string
  readonly rate: number
  readonly referenceRate: number
  /** Answers for all comparisons of the rule in that period. */
  readonly adjustedP: number
}

export type RuleDetail = RuleView & {
  readonly cases: readonly RuleCase[]
  readonly groups: readonly RuleGroup[]
  readonly isCut: boolean
}
