import { DETAILED, TOGETHER, type Cell } from '@/lib/reporting/cube/schema'

import { disparity, type Comparison } from '../statistics/disparity'
import type { Pattern } from '../statistics/logistic'
import { benjaminiHochberg } from '../statistics/multiplicity'
import { detectableDifference } from '../statistics/power'
import { rateOf, wilson, type Count } from '../statistics/proportions'
import type { MantelHaenszel } from '../statistics/stratified'
import { pValueOf } from '../statistics/tables'
import {
  OUTCOMES,
  type Change,
  type Figures,
  type Group,
  type GroupComparison,
  type Outcome,
  type RunDisparityInput,
  type Verdict,
} from './schema'

/** What of a ground is asked, as counts in which the outcome came or did not. */
type Asked = Pick<RunDisparityInput, 'outcome' | 'category' | 'agency' | 'adjustFor'>

/** Counts by level of the needs of an agency's row and a category's; empty names stand for all. */
type Node = { readonly agency: string; readonly category: string; readonly levels: ReadonlyMap<string, Count> }

/**
 * Answers a question from what of a frozen period is shown, and from nothing else: no figure can say more than the cells
 * do. The same cells and question give the same figures to the last digit.
 */
export function analyse(cells: readonly Cell[], asked: Asked, ground: string): Figures {
  const nodes = nodesOf(cells, asked.outcome)
  const names = [...(at(nodes, '', '')?.levels.keys() ?? [])].filter((level) => level !== TOGETHER).sort()
  const counts = askedOf(nodes, asked)
  const groups = groupsOf(names, counts)
  const compared = names.filter((name) => (counts.get(name)?.n ?? 0) > 0)
  if (compared.length < 2) return { groups, comparisons: [], logistic: null, looked: 0 }

  const alone = compared.map((level) => ({ levels: [level], ...of(counts, level) }))
  const first = disparity({ group: ground, strata: [] }, alone)
  const reference = first.comparisons[0]?.reference ?? ''
  const isWithin = asked.adjustFor.length > 0
  const within = first.comparisons.map(({ group }) => {
    if (!isWithin) return null
    const patterns = patternsOf(nodes, asked, [group, reference])
    const [one] = disparity({ group: ground, strata: asked.adjustFor }, patterns, reference).comparisons
    const share = heldEqual(patterns, group)
    return { mantelHaenszel: share === 0 ? null : (one?.mantelHaenszel ?? null), heldEqual: share }
  })
  const { items, looked } = withChances(first.comparisons, within, counts, OUTCOMES[asked.outcome].isGood)
  const logistic = isWithin
    ? disparity({ group: ground, strata: asked.adjustFor }, patternsOf(nodes, asked, compared), reference).logistic
    : first.logistic
  return { groups, comparisons: items, logistic, looked }
}

const LEVEL = 0.05

type Within = { readonly mantelHaenszel: MantelHaenszel | null; readonly heldEqual: number }

/** Both views of each comparison, with p-values that answer for all of them together, and what they say in a word. */
function withChances(
  crude: readonly Comparison[],
  within: readonly (Within | null)[],
  counts: ReadonlyMap<string, Count>,
  isGood: boolean,
): { readonly items: GroupComparison[]; readonly looked: number } {
  const pooled = within.map((one) => one?.mantelHaenszel ?? null)
  const values = crude.map((one) => pValueOf(of(counts, one.group), of(counts, one.reference)))
  const inner = pooled.flatMap((one, at) => (one?.cmh ? [{ at, p: one.cmh.p }] : []))
  const adjusted = benjaminiHochberg([...values, ...inner.map(({ p }) => p)])
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
      detectable: detectableDifference(of(counts, one.group), of(counts, one.reference)),
      verdict: innermost ?? outer,
      change: innermost === null ? 'none' : changeOf(outer, innermost),
    }
  })
  return { items, looked: adjusted.length }
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

function nodesOf(cells: readonly Cell[], outcome: Outcome): Node[] {
  const { family, yes, no } = OUTCOMES[outcome] as {
    readonly family: string
    readonly yes: readonly string[]
    readonly no: readonly string[]
  }
  const nodes = new Map<string, Node & { readonly levels: Map<string, Count> }>()
  for (const { agency, category, level, family: own, class: one, n } of cells) {
    const isYes = yes.includes(one)
    if (own !== family || !(isYes || no.includes(one))) continue
    const key = `${agency}|${category}`
    const node = nodes.get(key) ?? { agency, category, levels: new Map<string, Count>() }
    nodes.set(key, node)
    node.levels.set(level, add([node.levels.get(level) ?? NOBODY, { n, events: isYes ? n : 0 }]))
  }
  return [...nodes.values()]
}

function at(nodes: readonly Node[], agency: string, category: string): Node | undefined {
  return nodes.find((node) => node.agency === agency && node.category === category)
}

/** The counts of what is asked, by level; without those that can't be told from others there. */
function askedOf(nodes: readonly Node[], { agency, category }: Asked): ReadonlyMap<string, Count> {
  if (agency !== undefined || category === undefined)
    return at(nodes, agency ?? '', category ?? '')?.levels ?? new Map()
  // A category of all agencies: what is alone at each of them. Where an agency's small categories stand together, it may be among them.
  const agencies = nodes.filter((node) => node.agency !== '' && node.category === '')
  const parts = agencies.flatMap((one) => {
    const own = at(nodes, one.agency, category)
    return own === undefined && at(nodes, one.agency, TOGETHER) === undefined ? [] : [own]
  })
  const [first, ...others] = parts
  if (first === undefined || others.includes(undefined)) return new Map()
  const levels = [...first.levels.keys()].filter((level) => others.every((part) => part?.levels.has(level)))
  return new Map(levels.map((level) => [level, add(parts.map((part) => part?.levels.get(level) ?? NOBODY))]))
}

/**
 * The counts of some levels by what is held equal. Rows in which one of them can't be told from others make a stratum
 * together: what is left of the next larger count without the rows that can be told.
 */
function patternsOf(nodes: readonly Node[], asked: Asked, levels: readonly string[]): Pattern[] {
  const patterns = new Map<string, Pattern>()
  const put = (agency: string, category: string, level: string, { n, events }: Count) => {
    const place = { agency, category }
    const names = [level, ...asked.adjustFor.map((one) => place[one])]
    const key = JSON.stringify(names)
    patterns.set(key, { levels: names, ...add([patterns.get(key) ?? NOBODY, { n, events }]) })
  }
  const canTell = (node: Node) => levels.every((level) => node.levels.has(level))
  const children = ({ agency, category }: Node) =>
    nodes.filter((node) =>
      agency === ''
        ? node.agency !== '' && node.category === ''
        : category === '' && node.agency === agency && node.category !== '',
    )
  const walk = (node: Node) => {
    const isFiner = node.agency === '' || asked.adjustFor.includes('category')
    const told = isFiner ? children(node).filter(canTell) : []
    told.forEach(walk)
    for (const level of levels) {
      const left = less(of(node.levels, level), add(told.map((one) => of(one.levels, level))))
      if (left.n > 0)
        put(node.agency === '' ? TOGETHER : node.agency, node.category === '' ? TOGETHER : node.category, level, left)
    }
  }
  if (asked.agency === undefined && asked.category !== undefined) {
    const counts = askedOf(nodes, asked)
    for (const node of nodes.filter(({ category }) => category === asked.category))
      for (const level of levels.filter((one) => counts.has(one)))
        put(node.agency, node.category, level, of(node.levels, level))
  } else {
    const whole = at(nodes, asked.agency ?? '', asked.category ?? '')
    if (whole !== undefined) walk(whole)
  }
  return [...patterns.values()]
}

/** The share of a group's needs that lie in a stratum that could be told apart. */
function heldEqual(patterns: readonly Pattern[], group: string): number {
  const own = patterns.filter(({ levels }) => levels[0] === group)
  const apart = own.filter(({ levels }) => !levels.slice(1).includes(TOGETHER))
  return add(apart).n / Math.max(1, add(own).n)
}

function groupsOf(names: readonly string[], counts: ReadonlyMap<string, Count>): Group[] {
  const groups = names.map((group): Group => groupOf(group, counts.get(group) ?? null))
  const together = counts.get(TOGETHER)
  return together === undefined ? groups : [...groups, groupOf(TOGETHER, together)]
}

function groupOf(group: string, count: Count | null): Group {
  if (count === null) return { group, n: null, events: null, rate: null, ci: null, kept: true, isWhole: false }
  const isWhole = count.n > 0 && (count.events === 0 || count.events === count.n)
  return { group, ...count, rate: rateOf(count), ci: wilson(count), kept: false, isWhole }
}

const NOBODY: Count = { n: 0, events: 0 }

function of(counts: ReadonlyMap<string, Count>, group: string): Count {
  return counts.get(group) ?? NOBODY
}

function add(some: readonly Count[]): Count {
  return some.reduce((sum, one) => ({ n: sum.n + one.n, events: sum.events + one.events }), NOBODY)
}

function less(whole: Count, part: Count): Count {
  return { n: whole.n - part.n, events: whole.events - part.events }
}

/** Whether a question can be asked: what is finer than the network, of outcomes that stand there only, can't. */
export function canAsk({ outcome, category, agency, adjustFor }: Asked): boolean {
  const { family } = OUTCOMES[outcome]
  const isDetailed = DETAILED.some((one) => one === family)
  return isDetailed || (category === undefined && agency === undefined && adjustFor.length === 0)
}
