import { Z_95 } from './distributions'
import type { Interval } from './proportions'

/** How many left the wait at a time: since what they waited for came, since they left before it, or since they were lost from sight. */
export type Leaving = { readonly time: number; readonly came: number; readonly gone: number; readonly lost: number }

export type CompetingStep = {
  readonly time: number
  /** Still waiting just before. */
  readonly atRisk: number
  /** The share that would still wait after it if nobody left (Kaplan and Meier 1958), with its 95 % interval. */
  readonly waiting: number
  readonly ci: Interval | null
  /** The shares to whom it came, and who left before it, up to and with this time (Aalen and Johansen 1978). */
  readonly came: number
  readonly gone: number
}

/**
 * How a wait ends when people may also leave it: as if nobody could leave, and beside it what really became of them.
 * Whoever leaves at a time was at risk at it. Intervals after Greenwood on the scale of log minus log.
 */
export function competing(leavings: readonly Leaving[]): CompetingStep[] {
  let atRisk = leavings.reduce((sum, { came, gone, lost }) => sum + came + gone + lost, 0)
  let [waiting, inNeither, came, gone, spread] = [1, 1, 0, 0, 0]
  const steps: CompetingStep[] = []
  for (const now of [...leavings].sort((one, other) => one.time - other.time)) {
    if (atRisk === 0) break
    waiting *= 1 - now.came / atRisk
    if (atRisk > now.came) spread += now.came / (atRisk * (atRisk - now.came))
    came += (inNeither * now.came) / atRisk
    gone += (inNeither * now.gone) / atRisk
    inNeither *= 1 - (now.came + now.gone) / atRisk
    steps.push({ time: now.time, atRisk, waiting, ci: aroundLogLog(waiting, spread), came, gone })
    atRisk -= now.came + now.gone + now.lost
  }
  return steps
}

function aroundLogLog(share: number, spread: number): Interval | null {
  if (share <= 0 || share >= 1) return null
  const half = (Z_95 * Math.sqrt(spread)) / Math.abs(Math.log(share))
  return [share ** Math.exp(half), share ** Math.exp(-half)]
}
