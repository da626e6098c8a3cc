import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

import { chiSquareUpper } from './distributions'
import type { TestResult } from './tables'

/** How many were seen up to a time, and whether what is waited for came then or they were lost from sight. */
export type Seen = { readonly time: number; readonly event: boolean; readonly n: number }

export type Curve = {
  readonly n: number
  readonly events: number
  /** When half have had it; null when that was not reached. */
  readonly median: number | null
  /** The share still waiting after each time at which it came for somebody. */
  readonly curve: readonly { readonly time: number; readonly survival: number }[]
}

type Step = { readonly time: number; readonly atRisk: number; readonly events: number }

/** The estimate of Kaplan and Meier (1958). Whoever is lost at a time was still at risk at it. */
export function kaplanMeier(seen: readonly Seen[]): Curve {
  const steps = stepsOf(seen)
  let survival = 1
  const curve = steps
    .filter(({ events }) => events > 0)
    .map(({ time, atRisk, events }) => {
      survival *= 1 - events / atRisk
      return { time, survival }
    })
  return {
    n: seen.reduce((sum, { n }) => sum + n, 0),
    events: steps.reduce((sum, { events }) => sum + events, 0),
    median: medianOf(curve),
    curve,
  }
}

const ROUNDING = 1e-9

/** Where the curve lies at just one half for a while, the middle of that while, as R has it. */
function medianOf(curve: Curve['curve']): number | null {
  const reached = curve.find(({ survival }) => survival <= 0.5 + ROUNDING)
  if (reached === undefined) return null
  const below = curve.find(({ survival }) => survival < 0.5 - ROUNDING)
  return reached.survival < 0.5 - ROUNDING || below === undefined ? reached.time : (reached.time + below.time) / 2
}

function stepsOf(seen: readonly Seen[]): Step[] {
  const times = new Map<number, { gone: number; events: number }>()
  for (const { time, event, n } of seen) {
    const at = times.get(time) ?? { gone: 0, events: 0 }
    times.set(time, { gone: at.gone + n, events: at.events + (event ? n : 0) })
  }
  let atRisk = seen.reduce((sum, { n }) => sum + n, 0)
  return [...times]
    .sort(([one], [other]) => one - other)
    .map(([time, { gone, events }]) => {
      const step = { time, atRisk, events }
      atRisk -= gone
      return step
    })
}

/**
 * The log-rank test (Mantel 1966) of groups that wait, in one stratum or summed over several. Null where no
 * two groups were at risk together when something happened.
 */
export function logRank(strata: readonly (readonly (readonly Seen[])[])[]): TestResult | null {
  const groups = Math.max(0, ...strata.map((stratum) => stratum.length))
  const excess = new Array<number>(groups).fill(0)
  const covariance = Matrix.zeros(groups, groups)
  for (const stratum of strata) addStratum(stratum.map(stepsOf), excess, covariance)
  return quadratic(excess, covariance)
}

const NOTHING = 1e-10

/**
 * The differences beside what chance makes of them, along each direction in which they can differ: they sum to zero, and
 * groups that were never at risk together can't be compared.
 */
function quadratic(excess: readonly number[], covariance: Matrix): TestResult | null {
  const { realEigenvalues: spreads, eigenvectorMatrix: directions } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  })
  const largest = Math.max(0, ...spreads)
  const free = spreads.flatMap((spread, at) => (spread > largest * NOTHING ? [{ spread, at }] : []))
  if (free.length === 0) return null
  const along = (at: number) => excess.reduce((sum, value, group) => sum + value * directions.get(group, at), 0)
  const statistic = free.reduce((sum, { spread, at }) => sum + along(at) ** 2 / spread, 0)
  return { statistic, df: free.length, p: chiSquareUpper(statistic, free.length) }
}

function addStratum(groups: readonly Step[][], excess: number[], covariance: Matrix): void {
  const times = [
    ...new Set(groups.flatMap((steps) => steps.filter(({ events }) => events > 0).map(({ time }) => time))),
  ]
  const cursors = groups.map((steps) => ({ steps, next: 0 }))
  for (const time of times.sort((one, other) => one - other)) {
    const now = cursors.map((cursor) => advance(cursor, time))
    const atRisk = now.reduce((sum, one) => sum + one.atRisk, 0)
    const events = now.reduce((sum, one) => sum + one.events, 0)
    // Ties share what is left, as drawn without putting back.
    const spread = atRisk < 2 ? 0 : (events * (atRisk - events)) / (atRisk - 1)
    now.forEach((own, group) => {
      const share = own.atRisk / atRisk
      excess[group] = (excess[group] ?? 0) + own.events - events * share
      now.forEach((other, to) => {
        const covaried = spread * share * ((group === to ? 1 : 0) - other.atRisk / atRisk)
        covariance.set(group, to, covariance.get(group, to) + covaried)
      })
    })
  }
}

/** How many of a group are at risk at a time and had the event at it. */
function advance(
  cursor: { readonly steps: readonly Step[]; next: number },
  time: number,
): Pick<Step, 'atRisk' | 'events'> {
  while ((cursor.steps[cursor.next]?.time ?? Infinity) < time) cursor.next += 1
  const step = cursor.steps[cursor.next]
  if (step === undefined) return { atRisk: 0, events: 0 }
  return { atRisk: step.atRisk, events: step.time === time ? step.events : 0 }
}
