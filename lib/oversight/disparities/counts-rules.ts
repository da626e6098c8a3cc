import { TOGETHER, type Cell } from '@/lib/reporting/cube/schema'

import type { Pattern } from '../statistics/logistic'
import type { Count } from '../statistics/proportions'
import { OUTCOMES, type Outcome, type RunDisparityInput } from './schema'

/** What of a ground is asked, as counts in which the outcome came or did not. */
export type Asked = Pick<RunDisparityInput, 'outcome' | 'category' | 'agency' | 'reference' | 'adjustFor'>

/** Counts by level of the needs of an agency's row and a category's; empty names stand for all. */
export type Node = { readonly agency: string; readonly category: string; readonly levels: ReadonlyMap<string, Count> }

export const NOBODY: Count = { n: 0, events: 0 }

export function of(counts: ReadonlyMap<string, Count>, group: string): Count {
  return counts.get(group) ?? NOBODY
}

export function add(some: readonly Count[]): Count {
  return some.reduce((sum, one) => ({ n: sum.n + one.n, events: sum.events + one.events }), NOBODY)
}

function less(whole: Count, part: Count): Count {
  return { n: whole.n - part.n, events: whole.events - part.events }
}

/** The counts of an outcome, by where they stand. None where the classes that make it are not told by themselves. */
export function nodesOf(cells: readonly Cell[], outcome: Outcome): Node[] {
  const { family, yes, no } = OUTCOMES[outcome] as {
    readonly family: string
    readonly yes: readonly string[]
    readonly no: readonly string[]
  }
  const nodes = new Map<string, Node & { readonly levels: Map<string, Count> }>()
  if (!cells.some((cell) => cell.family === family && yes.includes(cell.class))) return []
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

export function at(nodes: readonly Node[], agency: string, category: string): Node | undefined {
  return nodes.find((node) => node.agency === agency && node.category === category)
}

/** The counts of what is asked, by level; without those that can't be told from others there. */
export function askedOf(nodes: readonly Node[], { agency, category }: Asked): ReadonlyMap<string, Count> {
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
export function patternsOf(nodes: readonly Node[], asked: Asked, levels: readonly string[]): Pattern[] {
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
