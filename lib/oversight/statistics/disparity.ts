import { logistic, type Pattern, type Term } from './logistic'
import { benjaminiHochberg } from './multiplicity'
import { fourFifths, oddsRatio, rateOf, riskDifference, riskRatio, wilson } from './proportions'
import type { Count, Estimate, Interval } from './proportions'
import { mantelHaenszel, type MantelHaenszel } from './stratified'
import { chiSquare, fisherExact, pValueOf, type TestResult } from './tables'

export type GroupRate = Count & { readonly group: string; readonly rate: number | null; readonly ci: Interval | null }

/** A group beside the reference; ratios are group over reference, intervals of 95 %. */
export type Comparison = {
  readonly group: string
  readonly reference: string
  readonly riskRatio: Estimate | null
  readonly riskDifference: Estimate | null
  readonly oddsRatio: Estimate | null
  readonly fisherP: number
  readonly chiSquare: TestResult | null
  readonly fourFifths: ReturnType<typeof fourFifths>
  /** Within strata and pooled; null without strata. */
  readonly mantelHaenszel: MantelHaenszel | null
  /** After Benjamini and Hochberg over all comparisons of the run. */
  readonly adjustedP: number
}

export type Disparity = {
  readonly groups: readonly GroupRate[]
  readonly comparisons: readonly Comparison[]
  readonly logistic: { readonly terms: readonly Term[] } | null
}

/** The column of the group and those of the strata, in the order of `levels` of a pattern. */
export type DisparityColumns = { readonly group: string; readonly strata: readonly string[] }

/**
 * How an outcome differs between groups, crude and within strata side by side, so that a difference that strata make or
 * hide is seen (Simpson 1951). Without a reference the largest group is it, of equal ones the first by name.
 * Throws a RangeError for a reference that isn't among the groups.
 */
export function disparity(columns: DisparityColumns, patterns: readonly Pattern[], reference?: string): Disparity {
  const groups = sumBy(patterns, ({ levels }) => levels[0] ?? '')
  const base = referenceOf(groups, reference)
  const all = [...groups.values()]
  const others = [...groups].filter(([group]) => group !== base.name)
  const adjusted = benjaminiHochberg(others.map(([, count]) => pValueOf(count, base.count)))
  return {
    groups: [...groups].map(([group, count]) => ({ group, ...count, rate: rateOf(count), ci: wilson(count) })),
    comparisons: others.map(([group, count], at) => ({
      group,
      reference: base.name,
      riskRatio: riskRatio(count, base.count),
      riskDifference: riskDifference(count, base.count),
      oddsRatio: oddsRatio(count, base.count),
      fisherP: fisherExact(count, base.count),
      chiSquare: chiSquare(count, base.count),
      fourFifths: fourFifths(count, all),
      mantelHaenszel: columns.strata.length === 0 ? null : mantelHaenszel(strataOf(patterns, group, base.name)),
      adjustedP: adjusted[at] ?? 1,
    })),
    logistic: logistic([columns.group, ...columns.strata], patterns),
  }
}

function referenceOf(groups: ReadonlyMap<string, Count>, wanted: string | undefined) {
  const largest = [...groups].reduce((most, one) => (one[1].n > most[1].n ? one : most), ['', { n: 0, events: 0 }])
  const name = wanted ?? largest[0]
  const count = groups.get(name)
  if (count === undefined) throw new RangeError(`${name} is not among the groups`)
  return { name, count }
}

function strataOf(patterns: readonly Pattern[], group: string, reference: string) {
  const own = sumBy(
    patterns.filter(({ levels }) => levels[0] === group),
    stratumOf,
  )
  const other = sumBy(
    patterns.filter(({ levels }) => levels[0] === reference),
    stratumOf,
  )
  const nobody: Count = { n: 0, events: 0 }
  return [...new Set([...own.keys(), ...other.keys()])]
    .sort()
    .map((stratum) => ({ group: own.get(stratum) ?? nobody, reference: other.get(stratum) ?? nobody }))
}

function stratumOf({ levels }: Pattern): string {
  return JSON.stringify(levels.slice(1))
}

/** Counts summed by a key, in the order of the keys. */
function sumBy(patterns: readonly Pattern[], keyOf: (pattern: Pattern) => string): Map<string, Count> {
  const sums = new Map<string, Count>()
  for (const pattern of patterns) {
    const { n, events } = sums.get(keyOf(pattern)) ?? { n: 0, events: 0 }
    sums.set(keyOf(pattern), { n: n + pattern.n, events: events + pattern.events })
  }
  return new Map([...sums].sort(([one], [other]) => (one < other ? -1 : 1)))
}
