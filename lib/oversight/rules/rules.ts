import { GROUNDS, isStated, PERSONS, type Ground, type StoredTable } from '@/lib/reporting/cube/schema'

import { analyse } from '../disparities/rules'
import type { GroupComparison, Outcome } from '../disparities/schema'
import type { RuleGrade, RuleGroup, RuleMeasure, RuleMonth, RuleState } from './schema'

/**
 * How a rule stands by what broke it this month and the last one: what is older is trend. A rule of groups stands as the
 * latest frozen period has it.
 */
export function stateOfRule(
  { grade, measure }: { readonly grade: RuleGrade; readonly measure: RuleMeasure },
  trend: readonly RuleMonth[],
  today: string,
): RuleState {
  const latest = trend.at(-1)
  if (latest === undefined) return 'not_looked_at'
  if (measure === 'groups') return latest.n > 0 ? grade : 'holds'
  const recent = [today.slice(0, 7), monthBefore(today)]
  return trend.some(({ month, n }) => n > 0 && recent.includes(month)) ? grade : 'holds'
}

const WORST: Readonly<Record<RuleState, number>> = { breach: 0, concern: 1, watch: 2, not_looked_at: 3, holds: 4 }

/** What to look at first: breaches, then concerns, then what is to be watched; the rest in the register's order. */
export function worstFirst<R extends { readonly state: RuleState }>(rules: readonly R[]): R[] {
  return [...rules].sort((one, other) => WORST[one.state] - WORST[other.state])
}

function monthBefore(day: string): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return month === 1 ? `${String(year - 1)}-12` : `${String(year)}-${String(month - 1).padStart(2, '0')}`
}

/** What each rule of groups asks of a frozen period, ground by ground. */
export const GROUP_RULES: Readonly<Record<string, { readonly outcome: Outcome; readonly grounds: readonly Ground[] }>> =
  {
    help_tied_to_status: { outcome: 'need_met', grounds: ['cooperation', 'identification', 'migration'] },
    not_asked_by_group: { outcome: 'data_complete', grounds: GROUNDS },
  }

/** Less than this much of the other group's odds counts as far: of rates around a half, ten points. */
const FAR = 2 / 3
const LEVEL = 0.05

/**
 * The groups that stand far worse than the largest of their ground, or the largest where another stands far better, beyond
 * chance and with category and agency held equal. Benjamini and Hochberg's correction within a ground and Bonferroni's
 * over the grounds answer for having looked at all of them. It reads what is shown of the period and nothing else.
 */
export function groupsThatBreak(rule: string, tables: readonly StoredTable[]): Omit<RuleGroup, 'period'>[] {
  const asked = GROUP_RULES[rule]
  if (asked === undefined) throw new Error(`The rule ${rule} asks nothing of groups`)
  const persons = tables.find((table) => table.ground === PERSONS)?.cells ?? null
  return tables
    .filter((table) => table.ground !== PERSONS)
    .filter(({ ground }) => asked.grounds.includes(ground))
    .flatMap(({ ground, cells }) => {
      const said = cells.filter(({ level }) => isStated(level))
      const { groups, comparisons } = analyse(
        said,
        { outcome: asked.outcome, adjustFor: ['agency', 'category'] },
        ground,
        persons,
      )
      const rates = new Map(groups.map(({ group, rate }) => [group, rate]))
      return comparisons.flatMap((one): Omit<RuleGroup, 'period'>[] => {
        const adjustedP = Math.min(1, (one.withinAdjustedP ?? one.adjustedP) * asked.grounds.length)
        const odds = oddsOf(one, rates)
        if (adjustedP >= LEVEL || (odds > FAR && odds < 1 / FAR)) return []
        const [group, reference] = odds < 1 ? [one.group, one.reference] : [one.reference, one.group]
        const [rate, referenceRate] = [rates.get(group) ?? 0, rates.get(reference) ?? 0]
        return [{ ground, group, reference, rate, referenceRate, adjustedP }]
      })
    })
}

/** The odds of a group over the reference's: held equal where they could be, else as they are. */
function oddsOf(one: GroupComparison, rates: ReadonlyMap<string, number | null>): number {
  const odds = one.withinAdjustedP === null ? one.oddsRatio : one.mantelHaenszel?.oddsRatio
  // Where nobody had it, or everybody, there is no ratio, and the side is plain.
  return odds?.estimate ?? ((rates.get(one.group) ?? 0) < (rates.get(one.reference) ?? 0) ? 0 : Infinity)
}
