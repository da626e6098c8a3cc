import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { nowIn, withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'
import { dayIn } from '@/lib/platform/zone'

import { addWorkingDays } from './calendar-rules'
import { mayAdministerNetworks } from './member-policy'
import {
  findNetwork,
  listCoordinators,
  listNetworkChanges,
  listNetworkRows,
  markNetworkChanged,
  setHoliday,
  type FoundNetwork,
  type NetworkAnswer,
} from './network-data'
import type {
  AddHolidayInput,
  ChangeNetworkInput,
  NetworkChange,
  NetworkDetail,
  NetworkPerson,
  NetworkRow,
  RemoveHolidayInput,
} from './network-schema'

/** Every network. Refuses with `forbidden` whoever is no system administrator. */
export async function listNetworksInFull(actor: Actor): Promise<Result<readonly NetworkRow[]>> {
  if (!mayAdministerNetworks(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const rows = await listNetworkRows(tx)
    await record(tx, { type: 'network.listed' })
    return ok(rows)
  })
}

/** A network with its agencies, its changes, and who may coordinate it. Refuses with `forbidden` and `not_found`. */
export async function viewNetwork(
  actor: Actor,
  key: string,
): Promise<
  Result<
    NetworkDetail & { readonly changes: readonly NetworkChange[]; readonly coordinators: readonly NetworkPerson[] }
  >
> {
  if (!mayAdministerNetworks(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const found = await findNetwork(tx, key)
    if (found === null) return refuse('not_found')
    const changes = await listNetworkChanges(tx, found.id)
    const coordinators = await listCoordinators(tx, found.id)
    await record(tx, { type: 'network.listed' })
    return ok({ ...detailOf(found, nowIn(tx)), changes, coordinators })
  })
}

/**
 * Changes what a network sets. Needs that were found before keep the limit that they got; what is found from now on
 * gets the new one.
 *
 * Refuses with `forbidden` whoever is no system administrator in a session, `step_up_required`, `not_found`, `stale` when it changed since
 * `version`, and `invalid` a zone that isn't there, a coordinator or an overseeing body that is none of the network's.
 */
export async function changeNetwork(actor: Actor, input: ChangeNetworkInput): Promise<Result<undefined>> {
  if (!mayAdministerNetworks(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const found = await findNetwork(tx, input.network)
    if (found === null) return refuse('not_found')
    const { contactHours, referralLimits, legalBases, smallNumber, leaveUrl } = input
    const { name, country, timeZone, workingDays, opens, closes, oversight, coordinator } = input
    const change = {
      ...{ name, country, timeZone, workingDays, opensMinute: opens, closesMinute: closes, oversight, coordinator },
      settings: { contactHours, referralLimits, legalBases, smallNumber, leaveUrl },
    }
    return refusedChange(await markNetworkChanged(tx, found.id, input.version, change)) ?? ok()
  })
}

/** Adds a holiday. Refuses as `changeNetwork`, and with `conflict` a day that is one already. */
export async function addHoliday(actor: Actor, input: AddHolidayInput): Promise<Result<undefined>> {
  return changeHoliday(actor, input, input.name)
}

/** Takes a holiday away. Refuses as `changeNetwork`, and with `not_found` a day that is none. */
export async function removeHoliday(actor: Actor, input: RemoveHolidayInput): Promise<Result<undefined>> {
  return changeHoliday(actor, input, null)
}

async function changeHoliday(
  actor: Actor,
  { network, day, version }: RemoveHolidayInput,
  name: string | null,
): Promise<Result<undefined>> {
  if (!mayAdministerNetworks(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const found = await findNetwork(tx, network)
    if (found === null) return refuse('not_found')
    return refusedChange(await setHoliday(tx, found.id, day, name, version)) ?? ok()
  })
}

function detailOf({ id: _id, ...found }: FoundNetwork, now: Date): NetworkDetail {
  const { acknowledge, decide } = found.referralLimits.routine
  return {
    ...found,
    today: dayIn(found.calendar.timeZone, now),
    example: {
      acknowledge: addWorkingDays(found.calendar, now, acknowledge),
      decide: addWorkingDays(found.calendar, now, decide),
    },
  }
}

function refusedChange(answer: NetworkAnswer): Refused | null {
  switch (answer) {
    case 'ok':
      return null
    case 'not_found':
    case 'stale':
      return refuse(answer)
    case 'zone':
      return refuse('invalid', 'zone', { timeZone: ['agencies.agency.zone.required'] })
    case 'oversight':
      return refuse('invalid', 'oversight', { oversight: ['networks.oversight.not_here'] })
    case 'coordinator':
      return refuse('invalid', 'coordinator', { coordinator: ['networks.coordinator.not_here'] })
    case 'taken':
      return refuse('conflict', 'holiday_taken', { day: ['networks.holiday.taken'] })
  }
}
