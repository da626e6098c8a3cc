import { CATEGORY_KEYS } from '@/lib/mandate/categories'

import { isShown, LEAST } from './rules'
import { SPLITS, type Clustering, type Persons, type SplitKey } from './schema'

const SPLIT_KEYS = (Object.keys(SPLITS) as SplitKey[]).filter((key) => SPLITS[key].family !== 'door')
/** Nobody has more than one need of a category. */
const MOST_NEEDS = CATEGORY_KEYS.length

/**
 * How much larger the variance of a rate is than if each need were another person's, for every way in which an outcome
 * may come or not: the design effect of Rao and Scott (1992) with persons as clusters, over all of the period. Nothing
 * of an outcome that too few people had, or too few had not.
 *
 * It is told upwards in steps of what eleven people can make of it who have two needs that fared alike, so that no few
 * people's needs follow from it; errors come out larger by it, never smaller.
 */
export function clusterings(persons: readonly Persons[]): Clustering[] {
  return SPLIT_KEYS.flatMap((split) => {
    const counted = countedOf(persons, split)
    if (counted === null) return []
    const { needs, rate } = counted
    const independent = needs * rate * (1 - rate)
    const step = (LEAST * 2 * Math.max(rate, 1 - rate) ** 2) / independent
    const steps = Math.ceil((designEffect(counted) - 1) / step - ROUNDING)
    if (steps <= 0) return [{ split, factor: 1 }]
    // The small-sample correction G / (G - 1), with the fewest people that so many needs can be of.
    const fewest = Math.max(2, Math.ceil(needs / MOST_NEEDS))
    return [{ split, factor: Math.ceil(((1 + steps * step) * fewest * 100) / (fewest - 1)) / 100 }]
  })
}

const ROUNDING = 1e-9

/** People by how many needs they have of which it is known whether the outcome came, and of how many it came. */
type Counted = {
  readonly people: readonly { readonly needs: number; readonly events: number; readonly n: number }[]
  readonly needs: number
  readonly rate: number
}

/** The variance of the sum of outcomes with persons as clusters, over what it is among needs that have nothing in common. */
export function designEffect({ people, needs, rate }: Counted): number {
  const clustered = people.reduce((sum, one) => sum + one.n * (one.events - one.needs * rate) ** 2, 0)
  return clustered / (needs * rate * (1 - rate))
}

function countedOf(persons: readonly Persons[], split: SplitKey): Counted | null {
  const {
    family,
    yes,
    no,
  }: { readonly family: string; readonly yes: readonly string[]; readonly no: readonly string[] } = SPLITS[split]
  const people = persons
    .filter((one) => one.family === family)
    .map(({ classes, n }) => ({
      needs: classes.filter((one) => yes.includes(one) || no.includes(one)).length,
      events: classes.filter((one) => yes.includes(one)).length,
      n,
    }))
  const sum = (of: (one: (typeof people)[number]) => number) =>
    people.reduce((total, one) => total + of(one) * one.n, 0)
  const sides = [sum(({ events }) => Number(events > 0)), sum((one) => Number(one.needs > one.events))]
  // Where all had it, or nobody, nothing varies.
  if (sides.some((side) => side === 0 || !isShown(side))) return null
  const needs = sum((one) => one.needs)
  return { people, needs, rate: sum(({ events }) => events) / needs }
}
