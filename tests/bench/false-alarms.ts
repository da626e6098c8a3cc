import { analyse } from '@/lib/oversight/disparities/rules'
import type { Figures } from '@/lib/oversight/disparities/schema'
import { benjaminiHochberg } from '@/lib/oversight/statistics/multiplicity'
import { clusterings } from '@/lib/reporting/cube/clusters-rules'
import { FAMILIES, type Cell, type Clustering, type Family } from '@/lib/reporting/cube/schema'
import type { Chance } from '@/prisma/seed/random'

/** The rate that an answer promises: at most so many of the years without any difference may raise an alarm. */
export const AGREED = 0.05

/** The share of years without any difference in which each way of looking finds one. */
export type FalseAlarms = {
  readonly years: number
  /** Chi-square or Fisher's test, as it is. */
  readonly crude: number
  /** Cochran, Mantel and Haenszel's test within agencies that differ. */
  readonly within: number
  /**
   * Where groups are spread over such agencies unevenly, so that they differ as it is: the share of none among all that is
   * called a difference, as it is and within together.
   */
  readonly ofCalled: number
  /** The terms of the logistic regression of the same years, with errors by person. */
  readonly logistic: number
  /** The log-rank test of the curves. */
  readonly logRank: number
  /** The same within agencies that differ. */
  readonly stratifiedLogRank: number
  /** As it is, where people have two needs that fare alike. */
  readonly needsOfOne: number
  /** What the same years would raise if nothing allowed for it. */
  readonly needsOfOneApart: number
}

const GROUPS = 8
const AGENCIES = ['a', 'b', 'c'] as const
const LEVEL = 0.05

/** Draws years in which nobody is treated otherwise, and asks each in every way. */
export function falseAlarms(years: number, chance: Chance): FalseAlarms {
  const share = (isAlarm: () => boolean) => {
    let alarms = 0
    for (let year = 0; year < years; year += 1) alarms += isAlarm() ? 1 : 0
    return alarms / years
  }
  const [uneven, twice] = [{ logistic: 0, logRank: 0 }, { apart: 0 }]
  const crude = share(() => hasFound(ask(yearOf(chance, [0.4, 0.4, 0.4]), 'met_in_time', [], null)))
  const within = share(() => {
    const found = ask(yearOf(chance, [0.15, 0.4, 0.7]), 'met_in_time', ['agency'], null)
    if (hasFoundTerms(found)) uneven.logistic += 1
    return hasFound(found)
  })
  let ofCalled = 0
  for (let year = 0; year < years; year += 1)
    ofCalled += falseShare(ask(yearOf(chance, [0.15, 0.4, 0.7], 0.08), 'met_in_time', ['agency'], null)) / years
  const logRank = share(() =>
    isBelow(ask(yearOf(chance, [0.4, 0.4, 0.4]), 'time_to_service', [], null).waiting?.logRank),
  )
  const stratifiedLogRank = share(() =>
    isBelow(ask(yearOf(chance, [0.15, 0.4, 0.7]), 'time_to_service', ['agency'], null).waiting?.stratifiedLogRank),
  )
  const needsOfOne = share(() => {
    const { cells, persons } = yearOfTwo(chance)
    if (hasFound(ask(cells, 'met_in_time', [], null))) twice.apart += 1
    return hasFound(ask(cells, 'met_in_time', [], persons))
  })
  return {
    ...{ years, crude, within, ofCalled, logRank, stratifiedLogRank, needsOfOne },
    logistic: uneven.logistic / years,
    needsOfOneApart: twice.apart / years,
  }
}

function ask(
  cells: readonly Cell[],
  outcome: 'met_in_time' | 'time_to_service',
  adjustFor: 'agency'[],
  persons: readonly Clustering[] | null,
): Figures {
  return analyse(cells, { outcome, adjustFor }, 'language', persons)
}

function hasFound({ comparisons }: Figures): boolean {
  return comparisons.some(({ verdict }) => verdict !== 'not_shown')
}

function hasFoundTerms({ logistic }: Figures): boolean {
  const values = (logistic?.terms ?? []).flatMap(({ term, p }) =>
    term.startsWith('language=') && p !== null ? [p] : [],
  )
  return benjaminiHochberg(values).some((p) => p < LEVEL)
}

/** Of what is called a difference, the share that is called so within agencies, where there is none. */
function falseShare({ comparisons }: Figures): number {
  const outer = comparisons.filter(({ adjustedP }) => adjustedP < LEVEL).length
  const inner = comparisons.filter(({ withinAdjustedP }) => withinAdjustedP !== null && withinAdjustedP < LEVEL).length
  return inner / Math.max(1, outer + inner)
}

function isBelow(test: { readonly p: number } | null | undefined): boolean {
  return test !== null && test !== undefined && test.p < LEVEL
}

/** A year in which the chance of help in time hangs on the agency alone, over which groups are spread evenly or not. */
function yearOf(chance: Chance, rates: readonly [number, number, number], uneven = 0): Cell[] {
  const counts = new Map<string, number>()
  for (let group = 0; group < GROUPS; group += 1)
    for (let person = 0; person < 120 + 60 * group; person += 1) {
      const at = chance.is(0.2 + uneven * group) ? 0 : chance.is(0.5) ? 1 : 2
      const inTime = chance.is(rates[at])
      const pace = inTime ? chance.pick(['quarter', 'half', 'limit']) : chance.pick(['twice', 'later', 'waiting'])
      for (const agency of ['', AGENCIES[at]]) add(counts, agency, group, 'in_time', inTime ? 'yes' : 'no')
      add(counts, '', group, 'pace', pace)
    }
  return cellsOf(counts)
}

/** A year in which half of the people have a second need, which fares as the first did four times out of five. */
function yearOfTwo(chance: Chance) {
  const counts = new Map<string, number>()
  const people = new Map<string, number>()
  for (let group = 0; group < GROUPS; group += 1)
    for (let person = 0; person < 100 + 40 * group; person += 1) {
      const first = chance.is(0.4)
      const second = chance.is(0.8) ? first : chance.is(0.4)
      const needs = (chance.is(0.5) ? [first, second] : [first]).map((one) => (one ? 'yes' : 'no'))
      for (const one of needs) add(counts, '', group, 'in_time', one)
      const key = needs.sort().join(' ')
      people.set(key, (people.get(key) ?? 0) + 1)
    }
  const alike = [...people].map(([key, n]) => ({ family: 'in_time', classes: key.split(' '), n }))
  return { cells: cellsOf(counts), persons: clusterings(alike) }
}

function add(counts: Map<string, number>, agency: string, group: number, family: Family, one: string): void {
  const key = [agency, `g${String(group)}`, family, one].join('|')
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** A cell for every class, also where it is nobody's. */
function cellsOf(counts: ReadonlyMap<string, number>): Cell[] {
  const nodes = new Set([...counts.keys()].map((key) => key.split('|').slice(0, 3).join('|')))
  return [...nodes].flatMap((node) => {
    const [agency, level, family] = node.split('|') as [string, string, Family]
    return FAMILIES[family].map((one): Cell => {
      const tier = agency === '' ? 'network' : 'agency'
      return { tier, agency, category: '', level, family, class: one, n: counts.get(`${node}|${one}`) ?? 0 }
    })
  })
}
