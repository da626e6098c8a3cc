import { Z_95 } from './distributions'

/** How many of a group had the outcome. */
export type Count = { readonly n: number; readonly events: number }

export type Interval = readonly [lower: number, upper: number]

/** Null where it can't be estimated, as a ratio to nothing. */
export type Estimate = { readonly estimate: number; readonly ci: Interval }

/** The share that had the outcome; null of nobody. */
export function rateOf({ n, events }: Count): number | null {
  return n === 0 ? null : events / n
}

/** The 95 % score interval of a share (Wilson 1927), which stays within 0 and 1 also for few and for none. */
export function wilson({ n, events }: Count): Interval | null {
  if (n === 0) return null
  const rate = events / n
  const z2 = Z_95 * Z_95
  const middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
  const half = (Z_95 / (1 + z2 / n)) * Math.sqrt((rate * (1 - rate)) / n + z2 / (4 * n * n))
  return [events === 0 ? 0 : middle - half, events === n ? 1 : middle + half]
}

/** The ratio of two rates, group over reference, with the 95 % interval of its logarithm (Katz 1978). */
export function riskRatio(group: Count, reference: Count): Estimate | null {
  if (group.events === 0 || reference.events === 0) return null
  const estimate = group.events / group.n / (reference.events / reference.n)
  const variance = 1 / group.events - 1 / group.n + 1 / reference.events - 1 / reference.n
  return { estimate, ci: aroundLog(estimate, variance) }
}

/** The difference of two rates, group less reference, with the 95 % hybrid score interval (Newcombe 1998, method 10). */
export function riskDifference(group: Count, reference: Count): Estimate | null {
  const [own, other] = [wilson(group), wilson(reference)]
  if (own === null || other === null) return null
  const [p, q] = [group.events / group.n, reference.events / reference.n]
  const down = Math.hypot(p - own[0], other[1] - q)
  const up = Math.hypot(own[1] - p, q - other[0])
  return { estimate: p - q, ci: [p - q - down, p - q + up] }
}

/** The odds ratio, group over reference, with the 95 % interval of its logarithm (Woolf 1955). */
export function oddsRatio(group: Count, reference: Count): Estimate | null {
  const cells = [group.events, group.n - group.events, reference.events, reference.n - reference.events] as const
  if (cells.some((cell) => cell === 0)) return null
  const [a, b, c, d] = cells
  const estimate = (a * d) / (b * c)
  return { estimate, ci: aroundLog(estimate, 1 / a + 1 / b + 1 / c + 1 / d) }
}

/** The 95 % interval of a ratio whose logarithm has this variance. */
export function aroundLog(estimate: number, variance: number): Interval {
  const factor = Math.exp(Z_95 * Math.sqrt(variance))
  return [estimate / factor, estimate * factor]
}

const FOUR_FIFTHS = 0.8

/**
 * The four-fifths screen: the group's rate over the highest of all groups. A rule of thumb and no proof: with few
 * people it means little, and with many a true difference can pass it. Null where nobody had the outcome.
 */
export function fourFifths(
  group: Count,
  all: readonly Count[],
): { readonly ratio: number; readonly passes: boolean } | null {
  const highest = Math.max(...all.map((one) => rateOf(one) ?? 0))
  const rate = rateOf(group)
  if (rate === null || highest === 0) return null
  return { ratio: rate / highest, passes: rate / highest >= FOUR_FIFTHS }
}
