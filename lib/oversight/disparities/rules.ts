import { DETAILED, isStated, TOGETHER, type Cell, type Clustering, type Ground } from '@/lib/reporting/cube/schema'

import { clusteredP, clusteredPValueOf, clusteredTerms } from '../statistics/clustered'
import { disparity, type Comparison } from '../statistics/disparity'
import type { Pattern } from '../statistics/logistic'
import { benjaminiHochberg } from '../statistics/multiplicity'
import { detectableDifference } from '../statistics/power'
import { rateOf, riskRatio, wilson, type Count } from '../statistics/proportions'
import type { MantelHaenszel } from '../statistics/stratified'
import { add, askedOf, at, nodesOf, of, patternsOf, type Asked, type Node } from './counts-rules'
import {
  AT_THE_DOOR,
  OUTCOMES,
  type Change,
  type Clustered,
  type Figures,
  type Group,
  type GroupComparison,
  type StratumView,
  type Verdict,
} from './schema'
import { declinesOf, waitingOf, withTests } from './waiting-rules'

/**
 * Answers a question from what of a frozen period is shown, and from nothing else: no figure can say more than the cells
 * do. The same cells and question give the same figures to the last digit.
 */
export function analyse(
  cells: readonly Cell[],
  asked: Asked,
  ground: string,
  persons: readonly Clustering[] | null,
): Figures {
  const { outcome, adjustFor } = asked
  const nodes = nodesOf(cells, outcome)
  const counts = askedOf(nodes, asked)
  // Where it was nobody's, as referrals in a year without any, there are no groups to show.
  const names = counts.size > 0 && add([...counts.values()]).n === 0 ? [] : levelsOf(nodes)
  const declines = OUTCOMES[outcome].family === 'referral' ? declinesOf(cells) : []
  const few = { comparisons: [], logistic: null, clustered: null, looked: 0, waiting: null, declines }
  if (outcome === 'turned_away') return { ...few, groups: sharesOf(names, counts) }
  const groups = names.length === 0 ? [] : groupsOf(names, counts, peopleOf(cells, asked))
  const compared = comparable(names, counts)
  const reference = referenceOf(nodes, asked)
  if (compared.length < 2 || reference === null) return { ...few, groups }

  const alone = compared.map((level) => ({ levels: [level], ...of(counts, level) }))
  const first = disparity({ group: ground, strata: [] }, alone, reference)
  const factor = factorOf(asked, persons)
  const waiting = outcome === 'time_to_service' ? waitingOf(cells, compared, adjustFor) : null
  // By category and agency there is no curve, only whether help came by the limit: that is compared by its test.
  const isWithin = adjustFor.length > 0 && waiting === null
  const within = first.comparisons.map(({ group }) => (isWithin ? withinOf(nodes, asked, group, reference) : null))
  const { items, tests, looked } = withChances(first.comparisons, within, counts, {
    isGood: OUTCOMES[outcome].isGood,
    factor: factor ?? 1,
    tests: [waiting?.logRank, waiting?.stratifiedLogRank].map((test) => test && clusteredP(test, factor ?? 1)),
  })
  const logistic = isWithin
    ? disparity({ group: ground, strata: adjustFor }, patternsOf(nodes, asked, compared), reference).logistic
    : first.logistic
  const clustered: Clustered | null =
    factor === null ? null : { factor, terms: logistic && clusteredTerms(logistic.terms, factor) }
  const tested = waiting && withTests(waiting, tests)
  return { ...few, groups, comparisons: items, logistic, clustered, looked, waiting: tested }
}

/** How much larger variances are since needs of one person fare alike; null in one category, where each is another person's. */
function factorOf({ outcome, category }: Asked, persons: readonly Clustering[] | null): number | null {
  if (category !== undefined || OUTCOMES[outcome].family === 'door') return null
  return persons?.find(({ split }) => split === outcome)?.factor ?? null
}

/** Whom the others of a question are compared with; null where nobody may be. */
export function referenceIn(cells: readonly Cell[], asked: Asked): string | null {
  return referenceOf(nodesOf(cells, asked.outcome), asked)
}

/** The group that was chosen; else the largest whose value was stated, of equal ones the first by name. */
function referenceOf(nodes: readonly Node[], asked: Asked): string | null {
  const counts = askedOf(nodes, asked)
  const compared = comparable(levelsOf(nodes), counts)
  const { reference: wanted } = asked
  if (wanted !== undefined) return compared.includes(wanted) ? wanted : null
  return compared
    .filter(isStated)
    .reduce<string | null>((most, one) => (most === null || of(counts, one).n > of(counts, most).n ? one : most), null)
}

function levelsOf(nodes: readonly Node[]): readonly string[] {
  return [...(at(nodes, '', '')?.levels.keys() ?? [])].filter((level) => level !== TOGETHER).sort()
}

function comparable(names: readonly string[], counts: ReadonlyMap<string, Count>): readonly string[] {
  return names.filter((name) => of(counts, name).n > 0)
}

function withinOf(nodes: readonly Node[], asked: Asked, group: string, reference: string): Within {
  const patterns = patternsOf(nodes, asked, [group, reference])
  const { comparisons } = disparity({ group, strata: asked.adjustFor }, patterns, reference)
  const share = heldEqual(patterns, group)
  return {
    mantelHaenszel: share === 0 ? null : (comparisons[0]?.mantelHaenszel ?? null),
    heldEqual: share,
    strata: strataOf(patterns, group, reference),
  }
}

/** Both groups wherever what is held equal is the same; where only one of them is, nothing can be compared. */
function strataOf(patterns: readonly Pattern[], group: string, reference: string): StratumView[] {
  return patterns
    .filter(({ levels }) => levels[0] === group)
    .flatMap((own) => {
      const names = own.levels.slice(1)
      const other = patterns.find(
        ({ levels }) => levels[0] === reference && names.every((name, place) => levels[place + 1] === name),
      )
      if (other === undefined) return []
      const [one, two] = [own, other].map(({ n, events }) => ({ n, events })) as [Count, Count]
      return [{ names, group: one, reference: two, riskRatio: riskRatio(one, two) }]
    })
    .sort((one, other) => (one.names.join('|') < other.names.join('|') ? -1 : 1))
}

const LEVEL = 0.05

type Within = {
  readonly mantelHaenszel: MantelHaenszel | null
  readonly heldEqual: number
  readonly strata: readonly StratumView[]
}

/** Both views of each comparison, with p-values that answer for all of them together, and what they say in a word. */
function withChances(
  crude: readonly Comparison[],
  within: readonly (Within | null)[],
  counts: ReadonlyMap<string, Count>,
  {
    isGood,
    factor,
    tests,
  }: { readonly isGood: boolean; readonly factor: number; readonly tests: readonly (number | null | undefined)[] },
): { readonly items: GroupComparison[]; readonly tests: readonly (number | undefined)[]; readonly looked: number } {
  const pooled = within.map((one) => one?.mantelHaenszel ?? null)
  const values = crude.map((one) => clusteredPValueOf(of(counts, one.group), of(counts, one.reference), factor))
  const inner = pooled.flatMap((one, at) => (one?.cmh ? [{ at, p: clusteredP({ ...one.cmh, df: 1 }, factor) }] : []))
  const more = tests.flatMap((p) => p ?? [])
  const adjusted = benjaminiHochberg([...values, ...inner.map(({ p }) => p), ...more])
  const ofTests = adjusted.slice(values.length + inner.length).values()
  const items = crude.map((one, at): GroupComparison => {
    const mantelHaenszel = pooled[at] ?? null
    const place = inner.findIndex((each) => each.at === at)
    const adjustedP = adjusted[at] ?? 1
    const withinAdjustedP = place < 0 ? null : (adjusted[values.length + place] ?? 1)
    const outer = verdictOf(adjustedP, one.riskDifference?.estimate ?? 0, isGood)
    const pooledRatio = mantelHaenszel?.oddsRatio?.estimate ?? null
    const innermost =
      withinAdjustedP === null || pooledRatio === null
        ? null
        : verdictOf(withinAdjustedP, Math.log(pooledRatio), isGood)
    return {
      ...one,
      mantelHaenszel,
      adjustedP,
      withinAdjustedP,
      heldEqual: within[at]?.heldEqual ?? null,
      detectable: detectableDifference(of(counts, one.group), of(counts, one.reference), factor),
      verdict: innermost ?? outer,
      change: innermost === null ? 'none' : changeOf(outer, innermost),
      strata: within[at]?.strata ?? [],
    }
  })
  const again = tests.map((p) => (p === undefined || p === null ? undefined : ofTests.next().value))
  return { items, tests: again, looked: adjusted.length }
}

function verdictOf(p: number, towards: number, isGood: boolean): Verdict {
  if (p >= LEVEL || towards === 0) return 'not_shown'
  return towards > 0 === isGood ? 'better' : 'worse'
}

function changeOf(crude: Verdict, within: Verdict): Change {
  if (crude === within) return 'none'
  if (within === 'not_shown') return 'gone'
  return crude === 'not_shown' ? 'appears' : 'turned'
}

/** The share of a group's needs that lie in a stratum that could be told apart. */
function heldEqual(patterns: readonly Pattern[], group: string): number {
  const own = patterns.filter(({ levels }) => levels[0] === group)
  const apart = own.filter(({ levels }) => !levels.slice(1).includes(TOGETHER))
  return add(apart).n / Math.max(1, add(own).n)
}

function groupsOf(
  names: readonly string[],
  counts: ReadonlyMap<string, Count>,
  people: (group: string, n: number) => number | null,
): Group[] {
  const groups = names.map((group): Group => groupOf(group, counts.get(group) ?? null, people))
  const together = counts.get(TOGETHER)
  return together === undefined ? groups : [...groups, groupOf(TOGETHER, together, people)]
}

function groupOf(group: string, count: Count | null, people: (group: string, n: number) => number | null): Group {
  if (count === null)
    return { group, n: null, events: null, rate: null, ci: null, kept: true, isWhole: false, people: null }
  const isWhole = count.n > 0 && (count.events === 0 || count.events === count.n)
  const whose = people(group, count.n)
  return { group, ...count, rate: rateOf(count), ci: wilson(count), kept: false, isWhole, people: whose }
}

/** How many people needs are of: in one category each person has one; over all of them it is told where it may be. */
function peopleOf(cells: readonly Cell[], { outcome, category, agency }: Asked) {
  const { family } = OUTCOMES[outcome]
  const firsts = new Map(
    cells.filter((cell) => cell.family === 'nth' && cell.class === 'first').map(({ level, n }) => [level, n]),
  )
  const isWhole = DETAILED.some((one) => one === family) || family === 'wait' || family === 'pace'
  return (group: string, n: number) => {
    if (category !== undefined || family === 'door') return n
    // Who stands together may be others in the one table than in the other.
    return isWhole && agency === undefined && group !== TOGETHER ? (firsts.get(group) ?? null) : null
  }
}

/** Of whoever was turned away, which share was of each group: nobody knows of how many who came. */
function sharesOf(names: readonly string[], counts: ReadonlyMap<string, Count>): Group[] {
  const all = add([...counts.values()]).n
  return [...names, ...(counts.has(TOGETHER) ? [TOGETHER] : [])].map((group) => {
    const count = { n: all, events: of(counts, group).n }
    const people = count.events
    return { group, ...count, rate: rateOf(count), ci: wilson(count), kept: false, isWhole: false, people }
  })
}

/** Whether a question can be asked: of what stands for the network alone nothing finer, at a door what is seen there. */
export function cannotAsk({ outcome, ground, category, agency, adjustFor }: Asked & { readonly ground: Ground }) {
  const { family } = OUTCOMES[outcome]
  if (family === 'door' && !AT_THE_DOOR.some((one) => one === ground)) return 'door_ground'
  if (DETAILED.some((one) => one === family)) return null
  const isNarrow = category !== undefined || agency !== undefined
  const isHeld = adjustFor.length > 0 && outcome !== 'time_to_service'
  return isNarrow || isHeld ? 'network_only' : null
}
