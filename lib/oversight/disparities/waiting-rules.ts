import { TOGETHER, type Cell } from '@/lib/reporting/cube/schema'

import { competing, type Leaving } from '../statistics/competing'
import { waiting, type Waited } from '../statistics/waiting'
import type { TestResult } from '../statistics/tables'
import { nodesOf, patternsOf } from './counts-rules'
import type { Adjuster, Declines, Waiting, WaitingGroup } from './schema'

/** When what a class says happened, as parts of the time that a need's urgency allows. */
const CAME = { quarter: 0.25, half: 0.5, limit: 1, twice: 2 } as const
const LEFT = { left_limit: 1, left_twice: 2 } as const
/** Everybody was seen for so long: a year is frozen a month after its end. */
const LAST = 2

/** Waiting before its tests answer for everything that was looked at. */
type Untested = Omit<Waiting, 'logRank' | 'stratifiedLogRank'> & {
  readonly logRank: TestResult | null
  readonly stratifiedLogRank: TestResult | null
}

/** How long groups waited, from the classes that are shown of the whole network. */
export function waitingOf(
  cells: readonly Cell[],
  compared: readonly string[],
  adjustFor: readonly Adjuster[],
): Untested {
  const own = cells.filter(({ family }) => family === 'pace')
  const groups = compared.map((group) => ({ group, leavings: leavingsOf(own.filter(({ level }) => level === group)) }))
  const hasLeft = own.some((cell) => cell.class === 'left_twice')
  return {
    groups: groups.map(({ group, leavings }) => curveOf(group, leavings, hasLeft)),
    logRank: waiting(groups.flatMap(({ group, leavings }) => waitedOf(group, leavings))).logRank,
    stratifiedLogRank: adjustFor.length === 0 ? null : stratified(cells, compared, adjustFor),
  }
}

/** The tests with what they answer for, in the order in which they were given. */
export function withTests(found: Untested, [crude, within]: readonly (number | undefined)[]): Waiting {
  const tested = (test: TestResult | null, adjustedP: number | undefined) =>
    test === null || adjustedP === undefined ? null : { ...test, adjustedP }
  return {
    groups: found.groups,
    logRank: tested(found.logRank, crude),
    stratifiedLogRank: tested(found.stratifiedLogRank, within),
  }
}

function leavingsOf(cells: readonly Cell[]): Leaving[] {
  const at = new Map<number, { came: number; gone: number; lost: number }>()
  for (const { class: one, n } of cells) {
    const came = (CAME as Readonly<Record<string, number>>)[one]
    const gone = (LEFT as Readonly<Record<string, number>>)[one]
    const time = came ?? gone ?? LAST
    const now = at.get(time) ?? { came: 0, gone: 0, lost: 0 }
    at.set(time, {
      came: now.came + (came === undefined ? 0 : n),
      gone: now.gone + (gone === undefined ? 0 : n),
      lost: now.lost + (came === undefined && gone === undefined ? n : 0),
    })
  }
  return [...at].map(([time, counts]) => ({ time, ...counts })).sort((one, other) => one.time - other.time)
}

function curveOf(group: string, leavings: readonly Leaving[], hasLeft: boolean): WaitingGroup {
  const curve = competing(leavings).map((step) => ({ ...step, gone: hasLeft ? step.gone : null }))
  return {
    group,
    n: leavings.reduce((sum, { came, gone, lost }) => sum + came + gone + lost, 0),
    events: leavings.reduce((sum, { came }) => sum + came, 0),
    median: curve.find((step) => step.waiting <= 0.5)?.time ?? null,
    curve,
  }
}

function waitedOf(group: string, leavings: readonly Leaving[]): Waited[] {
  return leavings.flatMap(({ time, came, gone, lost }) => [
    { group, strata: [], time, event: true, n: came },
    { group, strata: [], time, event: false, n: gone + lost },
  ])
}

/** Below the network what stands is whether help came by the limit: a wait of one step, in strata. */
function stratified(
  cells: readonly Cell[],
  compared: readonly string[],
  adjustFor: readonly Adjuster[],
): TestResult | null {
  const patterns = patternsOf(
    nodesOf(cells, 'met_in_time'),
    { outcome: 'met_in_time', adjustFor: [...adjustFor] },
    compared,
  )
  return waiting(
    patterns.flatMap(({ levels: [group = '', ...strata], n, events }): Waited[] => [
      { group, strata, time: 1, event: true, n: events },
      { group, strata, time: 1, event: false, n: n - events },
    ]),
  ).stratifiedLogRank
}

/** Why referrals were declined, by group, as finely as it may be told; nothing where none was. */
export function declinesOf(cells: readonly Cell[]): Declines[] {
  const own = cells.filter((cell) => cell.family === 'why')
  if (own.every((cell) => cell.class === 'none' || cell.n === 0)) return []
  const levels = [...new Set(own.map(({ level }) => level))].sort((one, other) =>
    one === TOGETHER ? 1 : other === TOGETHER ? -1 : one < other ? -1 : 1,
  )
  const told = (level: string, reason: string) =>
    own.find((cell) => cell.level === level && cell.class === reason)?.n ?? null
  return levels.map((group) => ({
    group,
    capacity: told(group, 'capacity'),
    unfit: told(group, 'unfit'),
    person: told(group, 'person'),
    else: told(group, 'else') ?? 0,
  }))
}
