import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { nowIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'
import { dayIn } from '@/lib/platform/zone'

import { addWorkingDays } from './calendar-rules'
import { mayAdministerNetworks } from './member-policy'
import {
  findNetwork,
  findNetworkClock,
  listCoordinators,
  listNetworkChanges,
  listNetworkRows,
  listServicesThatMayIdentify,
  markNetworkChanged,
  setArea,
  setHoliday,
  type FoundNetwork,
  type NetworkAnswer,
} from './network-data'
import type {
  AddAreaInput,
  AddHolidayInput,
  ChangeNetworkInput,
  IdentifyingService,
  NetworkChange,
  NetworkClock,
  NetworkDetail,
  NetworkPerson,
  NetworkRow,
  RemoveAreaInput,
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
    NetworkDetail & {
      readonly changes: readonly NetworkChange[]
      readonly coordinators: readonly NetworkPerson[]
      readonly mayIdentify: readonly IdentifyingService[]
    }
  >
> {
  if (!mayAdministerNetworks(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const found = await findNetwork(tx, key)
    if (found === null) return refuse('not_found')
    const changes = await listNetworkChanges(tx, found.id)
    const coordinators = await listCoordinators(tx, found.id)
    const mayIdentify = await listServicesThatMayIdentify(tx, found.id)
    await record(tx, { type: 'network.listed' })
    return ok({ ...detailOf(found, nowIn(tx)), changes, coordinators, mayIdentify })
  })
}

/**
 * Changes what a network sets. Needs that were found before keep the limit that they got; what is found from now on
 * gets the new one.
 *
 * Refuses with `forbidden` whoever is no system administrator in a session, `step_up_required`, `not_found`, `stale` when it changed since
 * `version`, and `invalid` a zone that isn't there, a coordinator, an overseeing body or an authority that is none of the network's.
 */
export async function changeNetwork(actor: Actor, input: ChangeNetworkInput): Promise<Result<undefined>> {
  if (!mayAdministerNetworks(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const found = await findNetwork(tx, input.network)
    if (found === null) return refuse('not_found')
    const { contactHours, referralLimits, referralExpiry, identification, legalBases, smallNumber, leaveUrl } = input
    const { name, country, timeZone, workingDays, opens, closes, oversight, coordinator, identifyingService } = input
    const change = {
      ...{ name, country, timeZone, workingDays, opensMinute: opens, closesMinute: closes, oversight, coordinator },
      identifyingService,
      settings: { contactHours, referralLimits, referralExpiry, identification, legalBases, smallNumber, leaveUrl },
    }
    return refusedChange(await markNetworkChanged(tx, found.id, input.version, change)) ?? ok()
  })
}

/** What the response clock of a referral runs by in the actor's network. For other parts, inside a transaction. */
export function networkClockIn(tx: ActorTx): Promise<NetworkClock> {
  return findNetworkClock(tx)
}

/** Adds a holiday. Refuses as `changeNetwork`, and with `conflict` a day that is one already. */
export async function addHoliday(actor: Actor, input: AddHolidayInput): Promise<Result<undefined>> {
  return changeHoliday(actor, input, input.name)
}

/** Takes a holiday away. Refuses as `changeNetwork`, and with `not_found` a day that is none. */
export async function removeHoliday(actor: Actor, input: RemoveHolidayInput): Promise<Result<undefined>> {
  return changeHoliday(actor, input, null)
}

/** Adds an area. Refuses as `changeNetwork`, and with `conflict` a name that one has already. */
export async function addArea(actor: Actor, input: AddAreaInput): Promise<Result<undefined>> {
  return onNetwork(actor, input.network, async (tx, { id, areas }) => {
    const isTaken = areas.some(({ name }) => name.toLowerCase() === input.name.toLowerCase())
    if (isTaken) return refuse('conflict', 'area_taken', { name: ['networks.area.taken'] })
    const taken = areas.map(({ key }) => key)
    return refusedChange(await setArea(tx, id, areaKey(input.name, taken), input.name, input.version))
  })
}

/** Takes an area away. Refuses as `changeNetwork`, and with `conflict` one in which something is offered. */
export async function removeArea(actor: Actor, input: RemoveAreaInput): Promise<Result<undefined>> {
  return onNetwork(actor, input.network, async (tx, { id }) =>
    refusedChange(await setArea(tx, id, input.area, null, input.version)),
  )
}

async function changeHoliday(
  actor: Actor,
  { network, day, version }: RemoveHolidayInput,
  name: string | null,
): Promise<Result<undefined>> {
  return onNetwork(actor, network, async (tx, { id }) => refusedChange(await setHoliday(tx, id, day, name, version)))
}

async function onNetwork(
  actor: Actor,
  key: string,
  change: (tx: ActorTx, network: FoundNetwork) => Promise<Refused | null>,
): Promise<Result<undefined>> {
  if (!mayAdministerNetworks(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const found = await findNetwork(tx, key)
    if (found === null) return refuse('not_found')
    return (await change(tx, found)) ?? ok()
  })
}

/** A key for an area out of its name, that none has yet: `north-district`, or `area-3` for a name without Latin letters. */
function areaKey(name: string, taken: readonly string[]): string {
  const latin = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
  const base = latin.replace(/^-|-$/g, '') || 'area'
  let key = base
  for (let count = 2; taken.includes(key); count += 1) key = `${base}-${String(count)}`
  return key
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
    case 'identifying_service':
      return refuse('invalid', 'identifying_service', { identifyingService: ['networks.identification.not_here'] })
    case 'in_use':
      return refuse('conflict', 'area_in_use', { area: ['networks.area.in_use'] })
    case 'taken':
      return refuse('conflict', 'holiday_taken', { day: ['networks.holiday.taken'] })
  }
}
