import { Z_95 } from './distributions'
import type { Count } from './proportions'

/** The quantile of the standard normal distribution for a power of 80 %. */
const Z_POWER = 0.8416212335729143

/**
 * The smallest difference of two rates that this many people would have shown four times out of five, at the 5 % level
 * and around the rate of both together; where the variance is larger by a factor, that of needs of one person. Null of nobody.
 */
export function detectableDifference(group: Count, reference: Count, factor: number): number | null {
  if (group.n === 0 || reference.n === 0) return null
  const rate = (group.events + reference.events) / (group.n + reference.n)
  return Math.min(1, (Z_95 + Z_POWER) * Math.sqrt(factor * rate * (1 - rate) * (1 / group.n + 1 / reference.n)))
}
