import { z } from 'zod'

export const RULE_GRADES = ['breach', 'concern', 'watch'] as const
export type RuleGrade = (typeof RULE_GRADES)[number]

/** How a rule stands: nothing broke it this month or the last, else its grade; or nobody has looked yet. */
export const RULE_STATES = ['holds', ...RULE_GRADES, 'not_looked_at'] as const
export type RuleState = (typeof RULE_STATES)[number]

export const RULE_OWNERS = ['data_protection', 'equal_treatment'] as const
export type RuleOwner = (typeof RULE_OWNERS)[number]

export const RULE_CASE_KINDS = ['person', 'case', 'member', 'agency'] as const
export type RuleCaseKind = (typeof RULE_CASE_KINDS)[number]

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
  /** A paragraph of the resolution, or a principle of data protection. */
  readonly basis: string
  readonly lookedAt: string | null
  /** By month, the earliest first, twelve at most. */
  readonly trend: readonly RuleMonth[]
}

/** A single case that breaks a rule: pseudonym, agency and day, nothing beside them. */
export type RuleCase = {
  readonly code: string | null
  readonly kind: RuleCaseKind
  readonly agency: string
  readonly onDay: string
}

export type RuleDetail = RuleView & { readonly cases: readonly RuleCase[]; readonly isCut: boolean }
