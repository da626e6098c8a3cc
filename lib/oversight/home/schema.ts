import type { PastRun } from '../disparities/schema'
import type { FindingSummary } from '../findings/schema'
import type { RuleGrade, RuleState, RuleView } from '../rules/schema'
import type { SampleLine } from '../samples/schema'

/** Something that an auditor should look at, with what it is known by. */
export type LookItem = { readonly grade: RuleGrade } & (
  | {
      readonly kind: 'rule'
      readonly key: string
      readonly title: string
      /** How often it was broken this month and the last, at how many agencies, and how often since the last visit. */
      readonly n: number
      readonly agencies: number
      readonly fresh: number
    }
  | { readonly kind: 'complaints'; readonly n: number; readonly days: number; readonly fresh: number }
  | { readonly kind: 'findings'; readonly n: number; readonly fresh: number }
  | { readonly kind: 'run'; readonly run: PastRun; readonly worse: number; readonly fresh: number }
)

export type ComplaintTotals = {
  readonly new: number
  readonly lookedAt: number
  readonly answered: number
  /** Came in since the last visit. */
  readonly fresh: number
}

export type FindingTotals = { readonly byState: FindingSummary['byState']; readonly late: number }

export type HomeView = {
  /** The last look at this page in an earlier session; null on the first. */
  readonly since: string | null
  readonly look: readonly LookItem[]
  /** The rules that don't hold, the worst first, each with a year of its trend. */
  readonly broken: readonly RuleView[]
  readonly byState: Readonly<Record<RuleState, number>>
  readonly findings: FindingTotals
  /** The sample that was drawn last, with how far it is read; null before the first. */
  readonly sample: SampleLine | null
  readonly complaints: ComplaintTotals
}
