import { chiSquareUpper, normalTwoSided } from './distributions'
import type { Term } from './logistic'
import { aroundLog, type Count, type Estimate } from './proportions'
import { chiSquare, pValueOf } from './tables'

/** A term of a logistic regression with an error that allows for clusters. */
export type ClusteredTerm = {
  readonly term: string
  readonly se: number | null
  readonly p: number | null
  /** With the interval that follows from the error. */
  readonly oddsRatio: Estimate | null
}

/**
 * The p-value of a statistic whose variance is larger by a factor than it was taken for (Rao and Scott 1981, first
 * order).
 */
export function clusteredP(
  { statistic, df }: { readonly statistic: number; readonly df: number },
  factor: number,
): number {
  return chiSquareUpper(statistic / factor, df)
}

/** The p-value of two groups to rely on, as `pValueOf`, and never a smaller one than clusters allow. */
export function clusteredPValueOf(group: Count, reference: Count, factor: number): number {
  const apart = pValueOf(group, reference)
  const test = factor > 1 ? chiSquare(group, reference) : null
  return test === null ? apart : Math.max(apart, clusteredP(test, factor))
}

/** The terms with errors larger by the root of the factor. */
export function clusteredTerms(terms: readonly Term[], factor: number): ClusteredTerm[] {
  return terms.map(({ term, estimate, se: apart }) => {
    if (estimate === null || apart === null) return { term, se: null, p: null, oddsRatio: null }
    const se = apart * Math.sqrt(factor)
    const odds = Math.exp(estimate)
    return { term, se, p: normalTwoSided(estimate / se), oddsRatio: { estimate: odds, ci: aroundLog(odds, se * se) } }
  })
}
