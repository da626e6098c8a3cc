import { chiSquareUpper } from './distributions'
import { aroundLog, type Count, type Estimate } from './proportions'
import type { TestResult } from './tables'

/** Two groups within one stratum, as one age band or one agency. */
export type Stratum = { readonly group: Count; readonly reference: Count }

export type MantelHaenszel = {
  readonly oddsRatio: Estimate | null
  readonly riskRatio: Estimate | null
  readonly cmh: { readonly statistic: number; readonly p: number } | null
  /** Whether the odds ratio is the same in all strata; without Tarone's correction. */
  readonly breslowDay: TestResult | null
}

type Cells = {
  /** Group with and without the outcome, reference with and without it. */
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
  readonly n: number
}

/** Both groups compared within strata and pooled (Mantel and Haenszel 1959). A stratum with one group alone says nothing. */
export function mantelHaenszel(strata: readonly Stratum[]): MantelHaenszel {
  const cells = strata.filter(({ group, reference }) => group.n > 0 && reference.n > 0).map(cellsOf)
  const pooled = pooledOddsRatio(cells)
  return {
    oddsRatio: pooled,
    riskRatio: pooledRiskRatio(cells),
    cmh: cochran(cells),
    breslowDay: pooled === null ? null : breslowDay(cells, pooled.estimate),
  }
}

function cellsOf({ group, reference }: Stratum): Cells {
  const [a, b] = [group.events, group.n - group.events]
  const [c, d] = [reference.events, reference.n - reference.events]
  return { a, b, c, d, n: group.n + reference.n }
}

// The interval is that of Robins, Breslow and Greenland (1986), good for few large strata and for many small ones.
function pooledOddsRatio(cells: readonly Cells[]): Estimate | null {
  const parts = cells.map(({ a, b, c, d, n }) => ({
    p: (a + d) / n,
    q: (b + c) / n,
    r: (a * d) / n,
    s: (b * c) / n,
  }))
  const r = total(parts, (one) => one.r)
  const s = total(parts, (one) => one.s)
  if (r === 0 || s === 0) return null
  const variance =
    total(parts, (one) => one.p * one.r) / (2 * r * r) +
    total(parts, (one) => one.p * one.s + one.q * one.r) / (2 * r * s) +
    total(parts, (one) => one.q * one.s) / (2 * s * s)
  return { estimate: r / s, ci: aroundLog(r / s, variance) }
}

// The interval is that of Greenland and Robins (1985).
function pooledRiskRatio(cells: readonly Cells[]): Estimate | null {
  const r = total(cells, ({ a, c, d, n }) => (a * (c + d)) / n)
  const s = total(cells, ({ a, b, c, n }) => (c * (a + b)) / n)
  if (r === 0 || s === 0) return null
  const spread = total(cells, ({ a, b, c, d, n }) => ((a + b) * (c + d) * (a + c) - a * c * n) / (n * n))
  return { estimate: r / s, ci: aroundLog(r / s, spread / (r * s)) }
}

/** The test of Cochran, Mantel and Haenszel for any difference, without continuity correction. */
function cochran(cells: readonly Cells[]): MantelHaenszel['cmh'] {
  const difference = total(cells, ({ a, b, c, n }) => a - ((a + b) * (a + c)) / n)
  const variance = total(cells, ({ a, b, c, d, n }) =>
    n < 2 ? 0 : ((a + b) * (c + d) * (a + c) * (b + d)) / (n * n * (n - 1)),
  )
  if (variance === 0) return null
  const statistic = (difference * difference) / variance
  return { statistic, p: chiSquareUpper(statistic, 1) }
}

/** Breslow and Day's test (1980). Strata where all or none had the outcome fit any odds ratio and are left out. */
function breslowDay(cells: readonly Cells[], pooled: number): TestResult | null {
  const telling = cells.filter(({ a, b, c, d }) => a + c > 0 && b + d > 0)
  if (telling.length < 2) return null
  const statistic = total(telling, (one) => {
    const a = expectedUnder(one, pooled)
    const [m, n1] = [one.a + one.c, one.a + one.b]
    const variance = 1 / (1 / a + 1 / (m - a) + 1 / (n1 - a) + 1 / (one.n - m - n1 + a))
    return (one.a - a) ** 2 / variance
  })
  const df = telling.length - 1
  return { statistic, df, p: chiSquareUpper(statistic, df) }
}

/** The count of a stratum's first cell that, with its margins, gives just this odds ratio. */
function expectedUnder({ a, b, c, n }: Cells, ratio: number): number {
  const [m, n1] = [a + c, a + b]
  // (1 - ratio) a² + (n - m - n1 + ratio (m + n1)) a - ratio m n1 = 0, solved without losing digits near ratio 1.
  const linear = n - m - n1 + ratio * (m + n1)
  const root = Math.sqrt(linear * linear + 4 * (1 - ratio) * ratio * m * n1)
  return (2 * ratio * m * n1) / (linear + root)
}

function total<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0)
}
