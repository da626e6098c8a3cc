import type { Comparison, Disparity } from '@/lib/oversight/statistics/disparity'
import type { FromFile } from '@/lib/oversight/statistics/operator-service'
import type { Estimate, Interval } from '@/lib/oversight/statistics/proportions'
import type { Waiting } from '@/lib/oversight/statistics/waiting'

/** A disparity run as a person reads it on a terminal. */
export function inWordsDisparity({ groups, comparisons, logistic, missing }: FromFile<Disparity>): string {
  return [
    ...groups.map(
      ({ group, n, events, rate, ci }) =>
        `${group}: ${String(events)} of ${String(n)}, ${digits(rate)} ${interval(ci)}`,
    ),
    ...comparisons.flatMap((one) => [
      '',
      `${one.group} beside ${one.reference}`,
      `  risk ratio ${estimate(one.riskRatio)}, difference ${estimate(one.riskDifference)}, odds ratio ${estimate(one.oddsRatio)}`,
      `  Fisher p ${digits(one.fisherP)}, chi-square p ${digits(one.chiSquare?.p)}, adjusted p ${digits(one.adjustedP)}`,
      `  four-fifths screen: ${screened(one.fourFifths)}`,
      ...(one.mantelHaenszel === null
        ? []
        : [
            `  within strata: risk ratio ${estimate(one.mantelHaenszel.riskRatio)}, odds ratio ${estimate(one.mantelHaenszel.oddsRatio)}`,
            `  within strata: p ${digits(one.mantelHaenszel.cmh?.p)}; same in all strata: p ${digits(one.mantelHaenszel.breslowDay?.p)}`,
          ]),
    ]),
    '',
    ...(logistic === null
      ? ['No logistic regression: some outcomes follow from the columns without exception.']
      : logistic.terms.map(
          ({ term, estimate: logit, se, p }) => `${term}: ${digits(logit)}, error ${digits(se)}, p ${digits(p)}`,
        )),
    leftOut(missing),
  ].join('\n')
}

/** Times of waiting as a person reads them on a terminal. */
export function inWordsWaiting({ groups, logRank, stratifiedLogRank, missing }: FromFile<Waiting>): string {
  return [
    ...groups.map(
      ({ group, n, events, median }) =>
        `${group}: ${String(events)} of ${String(n)}, half of them by ${median === null ? 'a time not reached' : digits(median)}`,
    ),
    `Log-rank p ${digits(logRank?.p)}`,
    ...(stratifiedLogRank === null ? [] : [`Within strata p ${digits(stratifiedLogRank.p)}`]),
    leftOut(missing),
  ].join('\n')
}

function screened(screen: Comparison['fourFifths']): string {
  return screen === null ? 'not to be had' : `${digits(screen.ratio)}, ${screen.passes ? 'passes' : 'fails'}`
}

function leftOut(missing: number): string {
  return `${String(missing)} ${missing === 1 ? 'row' : 'rows'} left out, something of them being missing`
}

function estimate(found: Estimate | null): string {
  return found === null ? 'not to be had' : `${digits(found.estimate)} ${interval(found.ci)}`
}

function interval(ci: Interval | null): string {
  return ci === null ? '' : `(${digits(ci[0])} to ${digits(ci[1])})`
}

function digits(value: number | null | undefined): string {
  return value === null || value === undefined ? 'not to be had' : String(Number(value.toPrecision(4)))
}
