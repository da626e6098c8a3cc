import type { RuleGrade, RuleMonth, RuleState } from './schema'

/** How a rule stands by what broke it this month and the last one: what is older is trend. */
export function stateOfRule(grade: RuleGrade, trend: readonly RuleMonth[], today: string): RuleState {
  if (trend.length === 0) return 'not_looked_at'
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
