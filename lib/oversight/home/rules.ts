import type { LookItem } from './schema'
import type { RuleGrade, RuleMonth } from '../rules/schema'

/** A complaint that nobody has looked at for so many days wants somebody. */
export const COMPLAINT_DAYS = 7

const WORST: Readonly<Record<RuleGrade, number>> = { breach: 0, concern: 1, watch: 2 }

/** Where to look first: the worst grade, then what is new since the last visit, then what is many; else as it came. */
export function lookFirst(items: readonly LookItem[]): LookItem[] {
  return [...items].sort(
    (one, other) =>
      WORST[one.grade] - WORST[other.grade] ||
      Number(other.fresh > 0) - Number(one.fresh > 0) ||
      countOf(other) - countOf(one),
  )
}

function countOf(item: LookItem): number {
  return item.kind === 'run' ? item.worse : item.n
}

/** Whether the last month is more, less or as much as the one before. */
export function directionOf(trend: readonly RuleMonth[]): 'up' | 'down' | 'level' {
  const [before, now] = [trend.at(-2)?.n ?? 0, trend.at(-1)?.n ?? 0]
  return now > before ? 'up' : now < before ? 'down' : 'level'
}

/** How many whole days lie between two moments. */
export function daysBetween(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / 86_400_000))
}
