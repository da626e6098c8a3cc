import 'server-only'
import { actorOf, type ActorTx, nowIn, originOf } from '@/lib/access/with-actor'

import type { WorkingCalendar } from './calendar-rules'
import {
  networkSettings,
  type IdentifyingService,
  type NetworkChange,
  type NetworkClock,
  type NetworkDetail,
  type NetworkPerson,
  type NetworkRow,
} from './network-schema'

export type NetworkAnswer =
  'ok' | 'not_found' | 'stale' | 'zone' | 'oversight' | 'coordinator' | 'identifying_service' | 'taken' | 'in_use'

/** Every network, by name. */
export async function listNetworkRows(tx: ActorTx): Promise<NetworkRow[]> {
  const rows = await tx.network.findMany({
    orderBy: { name: 'asc' },
    select: { key: true, name: true, country: true, timeZone: true, _count: { select: { agencies: true } } },
  })
  return rows.map(({ _count, ...row }) => ({ ...row, agencies: _count.agencies }))
}

export type FoundNetwork = Omit<NetworkDetail, 'example' | 'today'> & { readonly id: string }

/** The network with this key, with all that it sets; null when there is none. */
export async function findNetwork(tx: ActorTx, key: string): Promise<FoundNetwork | null> {
  const row = await tx.network.findUnique({
    where: { key },
    select: {
      id: true,
      key: true,
      name: true,
      country: true,
      timeZone: true,
      settings: true,
      workingDays: true,
      opensMinute: true,
      closesMinute: true,
      version: true,
      holidays: { orderBy: { onDay: 'asc' }, select: { onDay: true, name: true } },
      areas: { orderBy: [{ name: 'asc' }, { key: 'asc' }], select: { key: true, name: true } },
      agencies: {
        where: { kind: { not: 'operator' } },
        orderBy: { name: 'asc' },
        select: { key: true, name: true, kind: true },
      },
      oversight: { select: { key: true, name: true } },
      identifyingService: { select: { code: true, name: true, agency: { select: { name: true } } } },
      coordinator: { select: { member: { select: MEMBER } } },
    },
  })
  if (row?.key !== key) return null
  const holidays = row.holidays.map(({ onDay, name }) => ({ day: onDay.toISOString().slice(0, 10), name }))
  return {
    ...networkSettings.parse(row.settings),
    id: row.id,
    key: row.key,
    name: row.name,
    country: row.country,
    calendar: calendarOf(row, holidays),
    holidays,
    areas: row.areas,
    agencies: row.agencies,
    oversight: row.oversight,
    identifying:
      row.identifyingService === null
        ? null
        : {
            code: row.identifyingService.code,
            name: row.identifyingService.name,
            agency: row.identifyingService.agency.name,
          },
    coordinator: row.coordinator === null ? null : personOf(row.coordinator.member),
    version: row.version,
  }
}

const MEMBER = { code: true, displayName: true, status: true, agency: { select: { name: true } } } as const

/** What the response clock runs by in the actor's network, with the holidays of the years around now. */
export async function findNetworkClock(tx: ActorTx): Promise<NetworkClock> {
  const near = 2 * 366 * 86_400_000
  const row = await tx.network.findUniqueOrThrow({
    where: { id: actorOf(tx).network },
    select: {
      ...{ timeZone: true, settings: true, workingDays: true, opensMinute: true, closesMinute: true },
      holidays: {
        where: { onDay: { gte: new Date(nowIn(tx).getTime() - near), lte: new Date(nowIn(tx).getTime() + near) } },
        select: { onDay: true },
      },
    },
  })
  const { referralLimits, referralExpiry, identification } = networkSettings.parse(row.settings)
  const days = row.holidays.map(({ onDay }) => ({ day: onDay.toISOString().slice(0, 10) }))
  return { calendar: calendarOf(row, days), limits: referralLimits, expiry: referralExpiry, identification }
}

/** Who may coordinate a network: the active coordinators of its agencies. */
export async function listCoordinators(tx: ActorTx, network: string): Promise<NetworkPerson[]> {
  const rows = await tx.member.findMany({
    where: { agency: { networkId: network }, status: 'active', roles: { has: 'coordinator' } },
    orderBy: { displayName: 'asc' },
    select: MEMBER,
    take: 200,
  })
  return rows.map(personOf)
}

/** The listed services that a network may name as its identifying authority. */
export function listServicesThatMayIdentify(tx: ActorTx, network: string): Promise<IdentifyingService[]> {
  return tx.$queryRaw<IdentifyingService[]>`
    SELECT code, name, agency_name AS agency FROM app.services_that_may_identify(${network}::uuid)`
}

/** The newest changes of a network, with who made them. */
export async function listNetworkChanges(tx: ActorTx, network: string): Promise<NetworkChange[]> {
  return tx.$queryRaw<NetworkChange[]>`
    SELECT v.version, v.changed_at AS at, coalesce(m.display_name, '') AS by, v.fields
    FROM network_version v LEFT JOIN member m ON m.id = v.changed_by
    WHERE v.network_id = ${network}::uuid ORDER BY v.version DESC LIMIT 50`
}

export async function markNetworkChanged(
  tx: ActorTx,
  network: string,
  expectedVersion: number,
  change: Readonly<Record<string, unknown>>,
): Promise<NetworkAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.change_network(${network}::uuid, ${expectedVersion}::int, ${JSON.stringify(change)}::jsonb, ${originOf(tx)}::jsonb) AS answer`,
  )
}

/** Adds a holiday; without a name takes it away. */
export async function setHoliday(
  tx: ActorTx,
  network: string,
  day: string,
  name: string | null,
  version: number,
): Promise<NetworkAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.set_holiday(${network}::uuid, ${day}::date, ${name}, ${version}::int, ${originOf(tx)}::jsonb) AS answer`,
  )
}

/** Adds an area; without a name takes it away. */
export async function setArea(
  tx: ActorTx,
  network: string,
  area: string,
  name: string | null,
  version: number,
): Promise<NetworkAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.set_area(${network}::uuid, ${area}, ${name}, ${version}::int, ${originOf(tx)}::jsonb) AS answer`,
  )
}

type Answered = { answer: NetworkAnswer }[]

function answered(rows: Answered): NetworkAnswer {
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('A change to a network gives one answer')
  return answer
}

function calendarOf(
  row: Omit<WorkingCalendar, 'holidays'>,
  holidays: readonly { readonly day: string }[],
): WorkingCalendar {
  const { timeZone, workingDays, opensMinute, closesMinute } = row
  return { timeZone, workingDays, opensMinute, closesMinute, holidays: new Set(holidays.map(({ day }) => day)) }
}

function personOf(row: { code: string; displayName: string; status: string; agency: { name: string } }): NetworkPerson {
  return { code: row.code, name: row.displayName, agency: row.agency.name, isActive: row.status === 'active' }
}
