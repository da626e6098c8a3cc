import 'server-only'
import { actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import type { CategoryKey } from '@/lib/mandate/categories'
import { newCode } from '@/lib/platform/ids'

import type {
  AddListedServiceInput,
  AreaView,
  ChangeListedServiceInput,
  Fit,
  FitWord,
  ForGender,
  ListedServiceView,
  ListedStatus,
  OpeningSpan,
  ReceiverView,
  RoomUnit,
  WantedHelp,
} from './schema'

/** An entry with what only the server knows of it: its ids, and where it stands in the order of a search. */
export type ListedRow = Omit<ListedServiceView, 'may'> & {
  readonly id: string
  readonly agencyId: string
  readonly answers: boolean
  readonly rank: number
}

type Found = {
  id: string
  code: string
  agency_id: string
  category: CategoryKey
  type: string
  name: string
  description: string | null
  status: ListedStatus
  min_age: number | null
  max_age: number | null
  genders: ForGender[]
  languages: string[]
  interpreters: boolean
  areas: string[]
  step_free: boolean
  with_children: boolean
  opening: StoredSpan[]
  version: number
  agency_key: string
  agency_name: string
  zone: string
  unit: RoomUnit | null
  available: number | null
  maximum: number | null
  room_at: Date | null
  room_version: number | null
  receivers: number
  stand_ins: number
  open_now: boolean | null
  fit_age: FitWord
  fit_gender: FitWord
  fit_area: FitWord
  fit_access: FitWord
  fit_language: Fit['language']
  fit_room: Fit['room']
  fit_agreement: Fit['agreement']
  rank: number
  answers: boolean
}

/** As `app.opening_fits` has it: minutes after midnight. */
type StoredSpan = { readonly day: number; readonly opens: number; readonly closes: number }

/** After which row of a search a page begins. */
export type SearchPosition = { readonly rank: number; readonly name: string; readonly id: string }

/** Listed services of the actor's network, best first for what is wanted; `code` and `ended` are for a single one. */
export async function searchRows(
  tx: ActorTx,
  wanted: WantedHelp & { readonly code?: string; readonly ended?: boolean },
  after: SearchPosition | null,
  limit: number,
): Promise<ListedRow[]> {
  const { ages, ...rest } = wanted
  const asked = JSON.stringify({ ...rest, ageFrom: ages?.from, ageTo: ages?.to })
  const rows = await tx.$queryRaw<Found[]>`
    SELECT * FROM app.search_directory(${asked}::jsonb, ${after?.rank ?? null}::int, ${after?.name ?? null}::text, ${after?.id ?? null}::uuid, ${limit}::int)`
  const now = nowIn(tx)
  return rows.map((row) => rowOf(row, now))
}

/** The listed services that could take a referral of the coordinator's desk, those of its very kind first. */
export async function routableRows(tx: ActorTx, referral: string, limit: number): Promise<ListedRow[]> {
  const rows = await tx.$queryRaw<Found[]>`SELECT * FROM app.services_to_route(${referral}, ${limit}::int)`
  const now = nowIn(tx)
  return rows.map((row) => rowOf(row, now))
}

/** One entry by its code, also one that has ended; null when it is none of the network's. */
export async function findListed(tx: ActorTx, code: string): Promise<ListedRow | null> {
  const [row] = await searchRows(tx, { code, ended: true, all: true }, null, 1)
  return row?.code === code ? row : null
}

/** Writes a new entry with its room; returns its code. */
export async function insertListed(tx: ActorTx, id: string, input: AddListedServiceInput): Promise<string> {
  const { agency, network } = actorOf(tx)
  const code = newCode('DIR')
  const { unit, maximum, available, receivers: _receivers, standIns: _standIns, opening, ...entry } = input
  await tx.listedService.create({
    data: {
      ...{ id, code, networkId: network, agencyId: agency },
      ...entry,
      description: entry.description ?? null,
      minAge: entry.minAge ?? null,
      maxAge: entry.maxAge ?? null,
      opening: storedOf(opening),
    },
    select: { id: true },
  })
  await tx.listedServiceRoom.create({
    data: { listedServiceId: id, agencyId: agency, unit, maximum: maximum ?? null, available: available ?? null },
    select: { listedServiceId: true },
  })
  return code
}

/** Changes an entry. Returns false if it changed since `version`. */
export async function markListedChanged(tx: ActorTx, id: string, input: ChangeListedServiceInput): Promise<boolean> {
  const { service: _service, version, opening, ...entry } = input
  const data = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined))
  const { count } = await tx.listedService.updateMany({
    where: { id, version, status: { not: 'ended' } },
    data: {
      ...data,
      ...(opening === undefined ? {} : { opening: storedOf(opening) }),
      version: { increment: 1 },
    },
  })
  return count === 1
}

/** Ends an entry for good. Returns false if it changed since `version`. */
export async function markListedEnded(tx: ActorTx, id: string, version: number | undefined): Promise<boolean> {
  const { count } = await tx.listedService.updateMany({
    where: { id, ...seen(version), status: { not: 'ended' } },
    data: { status: 'ended', version: { increment: 1 } },
  })
  return count === 1
}

/** Lets exactly these members answer. Returns false if the entry changed since `version`. */
export async function markReceivers(
  tx: ActorTx,
  id: string,
  version: number | undefined,
  members: ReadonlyMap<string, { readonly standsIn: boolean }>,
): Promise<boolean> {
  const { count } = await tx.listedService.updateMany({
    where: { id, ...seen(version), status: { not: 'ended' } },
    data: { version: { increment: 1 } },
  })
  if (count === 1) await writeReceivers(tx, id, members)
  return count === 1
}

/** Takes away who answered for a service until now and writes who does from now on. */
export async function writeReceivers(
  tx: ActorTx,
  id: string,
  members: ReadonlyMap<string, { readonly standsIn: boolean }>,
): Promise<void> {
  await tx.listedServiceReceiver.deleteMany({ where: { listedServiceId: id } })
  await tx.listedServiceReceiver.createMany({
    data: [...members].map(([memberId, { standsIn }]) => ({
      listedServiceId: id,
      agencyId: actorOf(tx).agency,
      memberId,
      standsIn,
      since: nowIn(tx),
    })),
  })
}

/** Says how much room there is. Returns false if somebody else said so since the version that the actor saw. */
export async function markRoom(
  tx: ActorTx,
  id: string,
  version: number | undefined,
  room: { readonly available: number | null; readonly maximum?: number | undefined },
): Promise<boolean> {
  const { count } = await tx.listedServiceRoom.updateMany({
    where: { listedServiceId: id, ...seen(version) },
    data: {
      available: room.available,
      ...(room.maximum === undefined ? {} : { maximum: room.maximum }),
      version: { increment: 1 },
    },
  })
  return count === 1
}

type ReceiverRow = {
  code: string
  display_name: string
  stands_in: boolean
  may_answer: boolean
  is_away: boolean
}

/** Who answers for a service of the actor's own agency; empty for other agencies. Receivers first, then stand-ins. */
export async function listReceivers(tx: ActorTx, id: string): Promise<ReceiverView[]> {
  const rows = await tx.$queryRaw<ReceiverRow[]>`
    SELECT m.code, m.display_name, r.stands_in,
      m.status = 'active' AND m.roles && ARRAY['caseworker', 'supervisor']::role[] AS may_answer,
      EXISTS (SELECT 1 FROM absence a WHERE a.agency_id = r.agency_id AND a.member_id = m.id AND a.starts_at <= ${nowIn(tx)} AND a.ends_at > ${nowIn(tx)}) AS is_away
    FROM listed_service_receiver r JOIN member m ON m.id = r.member_id AND m.agency_id = r.agency_id
    WHERE r.listed_service_id = ${id}::uuid ORDER BY r.stands_in, m.display_name, m.code`
  return rows.map((row) => ({
    code: row.code,
    name: row.display_name,
    standsIn: row.stands_in,
    mayAnswer: row.may_answer,
    isAway: row.is_away,
  }))
}

/** Who saved an entry of the actor's own agency last, and when. */
export async function findLastChange(tx: ActorTx, id: string): Promise<{ by: string; at: string } | null> {
  const row = await tx.listedService.findUnique({
    where: { id },
    select: { changedAt: true, changedBy: { select: { displayName: true } } },
  })
  if (row === null) return null
  return { by: row.changedBy?.displayName ?? actorOf(tx).agencyName, at: row.changedAt.toISOString() }
}

export type AnsweringMember = { readonly id: string; readonly code: string; readonly name: string }

/** The colleagues who may be named to answer: active, and working with cases. */
export async function listAnsweringMembers(tx: ActorTx): Promise<AnsweringMember[]> {
  const rows = await tx.member.findMany({
    where: { agencyId: actorOf(tx).agency, status: 'active', roles: { hasSome: ['caseworker', 'supervisor'] } },
    orderBy: [{ displayName: 'asc' }, { code: 'asc' }],
    select: { id: true, code: true, displayName: true },
    take: 500,
  })
  return rows.map(({ id, code, displayName }) => ({ id, code, name: displayName }))
}

/** The areas of the actor's network, by name. */
export async function listAreas(tx: ActorTx): Promise<AreaView[]> {
  return tx.networkArea.findMany({
    where: { networkId: actorOf(tx).network },
    orderBy: [{ name: 'asc' }, { key: 'asc' }],
    select: { key: true, name: true },
  })
}

/** The languages in which anything is offered in the actor's network. */
export async function listOfferedLanguages(tx: ActorTx): Promise<string[]> {
  const rows = await tx.$queryRaw<{ code: string }[]>`
    SELECT DISTINCT l AS code FROM listed_service s, unnest(s.languages) l
    WHERE s.network_id = ${actorOf(tx).network}::uuid AND s.status <> 'ended' ORDER BY 1`
  return rows.map(({ code }) => code)
}

/** The condition that nobody changed it since; none where no version was seen. */
function seen(version: number | undefined): { version?: number } {
  return version === undefined ? {} : { version }
}

function rowOf(row: Found, now: Date): ListedRow {
  return {
    ...{ id: row.id, code: row.code, agencyId: row.agency_id, agency: row.agency_key, agencyName: row.agency_name },
    ...{ category: row.category, type: row.type, name: row.name, description: row.description, status: row.status },
    ...{ minAge: row.min_age, maxAge: row.max_age, genders: row.genders, languages: row.languages },
    ...{ interpreters: row.interpreters, areas: row.areas, stepFree: row.step_free, withChildren: row.with_children },
    ...{ isOpenNow: row.open_now, timeZone: row.zone, receivers: row.receivers, standIns: row.stand_ins },
    ...{ version: row.version, answers: row.answers, rank: row.rank },
    opening: row.opening.map(({ day, opens, closes }) => ({ day, opens: clockText(opens), closes: clockText(closes) })),
    room:
      row.unit === null || row.room_at === null || row.room_version === null
        ? null
        : {
            unit: row.unit,
            available: row.available,
            maximum: row.maximum,
            updatedAt: row.room_at.toISOString(),
            ageMinutes: Math.max(0, Math.round((now.getTime() - row.room_at.getTime()) / 60_000)),
            version: row.room_version,
          },
    fit: fitOf(row),
  }
}

function fitOf(row: Found): Fit {
  const words = [row.fit_age, row.fit_gender, row.fit_area, row.fit_access]
  const mayNotFit = [...words, row.fit_language].includes('ask') || row.fit_language === 'no'
  return {
    verdict: words.includes('no') ? 'no' : mayNotFit ? 'ask' : 'fits',
    age: row.fit_age,
    gender: row.fit_gender,
    area: row.fit_area,
    access: row.fit_access,
    language: row.fit_language,
    room: row.fit_room,
    agreement: row.fit_agreement,
  }
}

function storedOf(spans: readonly OpeningSpan[]): StoredSpan[] {
  return spans.map(({ day, opens, closes }) => ({ day, opens: minuteOf(opens), closes: minuteOf(closes) }))
}

function minuteOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
}

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
