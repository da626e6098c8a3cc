import type { CategoryKey } from '@/lib/mandate/categories'
import { SERVICE_TYPES } from '@/lib/mandate/categories'
import { addDays } from '@/lib/platform/zone'

import type { Chance } from '../random'
import type { LoadedAgency } from './office'

export type InventedService = {
  readonly category: CategoryKey
  readonly type: string
  readonly on: string
  readonly status: string
  readonly need: number | null
}

export type InventedNeed = {
  readonly category: CategoryKey
  readonly type: string
  readonly urgency: 'emergency' | 'urgent' | 'routine'
  readonly state: string
  readonly foundOn: string
  readonly metOn: string | null
}

/** The story of a case in days and codes. */
export type InventedCase = {
  readonly openedOn: string
  readonly closedOn: string | null
  readonly status: 'active' | 'follow_up' | 'closed' | 'closed_referred'
  readonly stage: string
  readonly risk: 'high' | 'medium' | 'low'
  readonly restricted: boolean
  readonly needs: readonly InventedNeed[]
  readonly services: readonly InventedService[]
  readonly contacts: readonly string[]
}

const DAYS = 730
const STAGES = [
  'presumed',
  'recovery_and_reflection',
  'assessment',
  'support_plan',
  'social_inclusion_or_return',
  'follow_up',
] as const

/** Invents a case of the last two years: opened, helped, and by now perhaps closed. */
export function inventCase(chance: Chance, agency: LoadedAgency, today: string, services: number): InventedCase {
  const age = Math.floor(chance.next() * DAYS)
  const openedOn = addDays(today, -age)
  const length = Math.floor(35 + chance.next() * 170)
  const ended = age > length
  const status = ended ? (chance.is(0.2) ? 'closed_referred' : 'closed') : chance.is(0.12) ? 'follow_up' : 'active'
  const span = Math.min(age, length)
  const needs = Array.from({ length: chance.between(1, 3) }, () =>
    inventNeed(chance, agency, openedOn, span, ended, today),
  )
  const stage = Math.min(STAGES.length - 1, Math.floor((span / length) * STAGES.length))
  return {
    openedOn,
    closedOn: ended ? addDays(openedOn, length) : null,
    status,
    stage: STAGES[stage] ?? 'presumed',
    risk: chance.weighted({ high: 2, medium: 4, low: 4 }),
    restricted: chance.is(0.012),
    needs,
    services: inventServices(chance, agency, needs, openedOn, span, services),
    contacts: Array.from({ length: chance.between(1, 3) }, () => addDays(openedOn, chance.draw(span + 1))),
  }
}

function inventNeed(
  chance: Chance,
  agency: LoadedAgency,
  openedOn: string,
  span: number,
  ended: boolean,
  today: string,
): InventedNeed {
  const category = chance.weighted(agency.work as Record<CategoryKey, number>)
  const foundOn = addDays(openedOn, Math.floor(chance.next() ** 2 * span))
  const state = ended
    ? chance.weighted({ met: 78, not_met: 14, withdrawn: 8 })
    : chance.weighted({ open: 18, planned: 10, being_met: 40, met: 32 })
  const met = addDays(foundOn, chance.between(0, 40))
  return {
    category,
    type: chance.pick(SERVICE_TYPES[category]),
    urgency: chance.weighted({ emergency: 12, urgent: 26, routine: 62 }),
    state,
    foundOn,
    metOn: state === 'met' ? (met > today ? today : met) : null,
  }
}

function inventServices(
  chance: Chance,
  agency: LoadedAgency,
  needs: readonly InventedNeed[],
  openedOn: string,
  span: number,
  average: number,
): InventedService[] {
  const count = Math.max(1, Math.round(average * (0.3 + chance.next() * 1.4)))
  return Array.from({ length: count }, () => {
    const index = chance.is(0.7) ? chance.draw(needs.length) : null
    const need = index === null ? undefined : needs[index]
    const category = need?.category ?? chance.weighted(agency.work as Record<CategoryKey, number>)
    return {
      category,
      type: need !== undefined && chance.is(0.8) ? need.type : chance.pick(SERVICE_TYPES[category]),
      on: addDays(openedOn, chance.draw(span + 1)),
      status: chance.weighted({ delivered: 90, in_progress: 3, interrupted: 2, declined: 3, unavailable: 2 }),
      need: index,
    }
  })
}
