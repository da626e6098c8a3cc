import { chiSquareUpper } from './distributions'
import type { Count } from './proportions'

export type TestResult = { readonly statistic: number; readonly df: number; readonly p: number }

/** Below this, the chi-square distribution is no good stand-in for the exact one (Cochran 1954). */
const EXPECTED_ENOUGH = 5

/** The smallest count that would be expected in the four cells if both groups had the same rate. */
export function smallestExpected(group: Count, reference: Count): number {
  const n = group.n + reference.n
  const events = group.events + reference.events
  return (Math.min(group.n, reference.n) * Math.min(events, n - events)) / n
}

/** Pearson's chi-square of two groups, without continuity correction. Null where all or none had the outcome. */
export function chiSquare(group: Count, reference: Count): TestResult | null {
  const n = group.n + reference.n
  const events = group.events + reference.events
  const product = group.n * reference.n * events * (n - events)
  if (product === 0) return null
  const cross = group.events * (reference.n - reference.events) - reference.events * (group.n - group.events)
  const statistic = (cross / product) * cross * n
  return { statistic, df: 1, p: chiSquareUpper(statistic, 1) }
}

// As R does: probabilities that differ by rounding alone count as equal.
const SAME = 1 + 1e-7

/**
 * Fisher's exact test of two groups, two-sided: the chance, with both margins given, of a table no likelier than this
 * one. Each table's chance follows from its neighbour's, from the likeliest outwards, so nothing over- or underflows
 * that would be seen.
 */
export function fisherExact(group: Count, reference: Count): number {
  const events = group.events + reference.events
  const least = Math.max(0, events - reference.n)
  const most = Math.min(events, group.n)
  const up = (k: number) => ((group.n - k) * (events - k)) / ((k + 1) * (reference.n - events + k + 1))
  const mode = Math.min(most, Math.max(least, Math.floor(((group.n + 1) * (events + 1)) / (group.n + reference.n + 2))))
  const weights = new Float64Array(most - least + 1)
  weights[mode - least] = 1
  for (let k = mode; k < most; k += 1) weights[k + 1 - least] = (weights[k - least] ?? 0) * up(k)
  for (let k = mode - 1; k >= least; k -= 1) weights[k - least] = (weights[k + 1 - least] ?? 0) / up(k)
  const observed = (weights[group.events - least] ?? 0) * SAME
  // From small to large, so that no small one is lost beside a large sum.
  const sorted = weights.sort()
  let [asUnlikely, all] = [0, 0]
  for (const weight of sorted) {
    all += weight
    if (weight <= observed) asUnlikely += weight
  }
  return Math.min(1, asUnlikely / all)
}

/** The p-value to rely on: the exact one where a count below five would be expected, else the chi-square's. */
export function pValueOf(group: Count, reference: Count): number {
  const exact = smallestExpected(group, reference) < EXPECTED_ENOUGH
  const approximate = exact ? null : chiSquare(group, reference)
  return approximate === null ? fisherExact(group, reference) : approximate.p
}
