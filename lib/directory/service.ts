import 'server-only'

import type { Actor } from '@/lib/access/actor'
import { aboutSubject, actorOf, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { openCursor, sealCursor } from '@/lib/platform/cursor'
import { newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import {
  findLastChange,
  findListed,
  insertListed,
  listAnsweringMembers,
  listAreas,
  listOfferedLanguages,
  listReceivers,
  markListedChanged,
  markListedEnded,
  markReceivers,
  markRoom,
  routableRows,
  searchRows,
  writeReceivers,
  type ListedRow,
  type SearchPosition,
} from './data'
import { mayChangeListed, mayKeepEntry, mayReadDirectory, mayUpdateRoom } from './policy'
import type {
  AddListedServiceInput,
  ChangeListedServiceInput,
  DirectoryFacets,
  EndListedServiceInput,
  ListedServiceDetail,
  ListedServiceInput,
  ListedServicePage,
  ListedServiceView,
  OfferChoices,
  SearchDirectoryInput,
  SetReceiversInput,
  UpdateRoomInput,
  WantedHelp,
} from './schema'

const MOST_OWN = 200

/** Whether the actor may look for services at all; for other parts. */
export function readsDirectory(actor: Actor): boolean {
  return mayReadDirectory(actor)
}

/**
 * What agencies of the actor's network offer that fits what is looked for, the best first, each with its reasons. Writes
 * one event. Refuses with `forbidden` other roles, `invalid` a cursor of another search.
 */
export async function searchDirectory(actor: Actor, input: SearchDirectoryInput): Promise<Result<ListedServicePage>> {
  if (!mayReadDirectory(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const { limit, cursor, ...filters } = input
    const page = await rankServicesIn(tx, wantedOf(filters), { limit, cursor })
    if (!page.ok) return page
    await record(tx, { type: 'directory.searched' })
    return page
  })
}

/**
 * A page of the listed services of the actor's network, ranked for what is wanted. For other parts, inside a transaction;
 * they decide and record themselves. Refuses with `invalid` a cursor of another search.
 */
export async function rankServicesIn(
  tx: ActorTx,
  wanted: WantedHelp,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Result<ListedServicePage>> {
  const scope = `directory:${JSON.stringify(wanted)}`
  const cursor = page.cursor === undefined ? undefined : openCursor(scope, page.cursor)
  if (cursor === null) return refuse('invalid', 'cursor', { cursor: ['errors.field.not_valid'] })
  const [rank, name, id] = cursor?.position ?? []
  const after: SearchPosition | null =
    typeof rank === 'number' && typeof name === 'string' && typeof id === 'string' ? { rank, name, id } : null
  const found = await searchRows(tx, wanted, after, page.limit + 1)
  const rows = found.slice(0, page.limit)
  const last = rows.at(-1)
  const hasMore = found.length > rows.length && last !== undefined
  return ok({
    items: rows.map((row) => viewOf(actorOf(tx), row)),
    nextCursor: hasMore ? sealCursor(scope, { direction: 'after', position: [last.rank, last.name, last.id] }) : null,
  })
}

/**
 * The listed services that could take a referral of the coordinator's desk, with the directory's reasons. Nothing of the
 * person is asked about. For other parts, inside a transaction.
 */
export async function servicesToRouteIn(
  tx: ActorTx,
  referral: string,
  limit: number,
): Promise<readonly ListedServiceView[]> {
  return (await routableRows(tx, referral, limit)).map((row) => viewOf(actorOf(tx), row))
}

/** One listed service with its ids, also one that has ended; null when it is none of the network's. For other parts. */
export async function findListedServiceIn(tx: ActorTx, text: string): Promise<ListedRow | null> {
  const code = parseCode(text, 'DIR')
  return code === null ? null : findListed(tx, code)
}

/**
 * The listed service of an agency that fits best and has somebody who answers; null when it offers none. One that is
 * paused or isn't for this person is none. For other parts, inside a transaction.
 */
export async function bestListedServiceIn(tx: ActorTx, agency: string, wanted: WantedHelp): Promise<ListedRow | null> {
  const rows = await searchRows(tx, { ...wanted, agency, all: false }, null, 50)
  return rows.find((row) => row.status === 'active' && row.receivers + row.standIns > 0) ?? null
}

/** What a search can be narrowed by. Refuses with `forbidden` other roles. */
export async function viewFacets(actor: Actor): Promise<Result<DirectoryFacets>> {
  if (!mayReadDirectory(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => ok({ areas: await listAreas(tx), languages: await listOfferedLanguages(tx) }))
}

/** One listed service; to its own agency with who answers. Refuses with `not_found` what is none of the network's. */
export async function viewListedService(actor: Actor, input: ListedServiceInput): Promise<Result<ListedServiceDetail>> {
  if (!mayReadDirectory(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findForActor(tx, input.service)
    if (found === null) return refuse('not_found')
    await record(tx, { type: 'listed-service.viewed', subject: found.code })
    return ok(await detailOf(tx, found))
  })
}

/** All that the actor's agency lists, also what is paused or has ended. Refuses with `forbidden` other roles. */
export async function listOwnEntry(actor: Actor): Promise<Result<readonly ListedServiceView[]>> {
  if (!mayReadDirectory(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const rows = await searchRows(tx, { agency: actor.agencyKey, all: true, ended: true }, null, MOST_OWN)
    await record(tx, { type: 'directory.searched' })
    return ok(rows.map((row) => viewOf(actor, row)))
  })
}

/** What the form of an entry offers. Refuses with `forbidden` whoever doesn't keep the entry. */
export async function prepareOffer(actor: Actor): Promise<Result<OfferChoices>> {
  if (!mayKeepEntry(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const members = await listAnsweringMembers(tx)
    return ok({ areas: await listAreas(tx), members: members.map(({ code, name }) => ({ code, name })) })
  })
}

/**
 * Lists a service of the actor's agency. Refuses with `forbidden`, `invalid` an area that the network hasn't, or somebody to answer who works with no cases there.
 */
export async function addListedService(
  actor: Actor,
  input: AddListedServiceInput,
): Promise<Result<ListedServiceDetail>> {
  if (!mayKeepEntry(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const id = newId()
    const wrong = await areaFault(tx, input.areas)
    if (wrong !== null) return wrong
    const members = await membersOf(tx, input)
    if (!members.ok) return members
    const code = await insertListed(tx, id, input)
    await writeReceivers(tx, id, members.value)
    await record(tx, { type: 'listed-service.added', subject: code })
    return ok(await detailOf(tx, await stillThere(tx, code)))
  })
}

/**
 * Changes an entry. Refuses with `not_found`, `forbidden` another agency's, `conflict` (`wrong_state`) what has ended,
 * `stale`, `invalid` an area that the network hasn't or an age that begins after it ends.
 */
export async function changeListedService(
  actor: Actor,
  input: ChangeListedServiceInput,
): Promise<Result<ListedServiceDetail>> {
  return onListed(actor, input.service, async (tx, listed) => {
    const wrong = await areaFault(tx, input.areas ?? [])
    if (wrong !== null) return wrong
    const [minAge, maxAge] = [given(input.minAge, listed.minAge), given(input.maxAge, listed.maxAge)]
    if (minAge !== null && maxAge !== null && minAge > maxAge)
      return refuse('invalid', 'ages', { maxAge: ['directory.errors.ages'] })
    if (!(await markListedChanged(tx, listed.id, input))) return refuse('stale')
    const fields = Object.entries(input).filter(
      ([field, value]) => value !== undefined && field !== 'service' && field !== 'version',
    )
    await record(tx, {
      type: 'listed-service.changed',
      subject: listed.code,
      fields: fields.map(([field]) => field),
    })
    return null
  })
}

/** Ends an entry for good; referrals to it go on. Refuses like `changeListedService`. */
export async function endListedService(
  actor: Actor,
  input: EndListedServiceInput,
): Promise<Result<ListedServiceDetail>> {
  return onListed(actor, input.service, async (tx, listed) => {
    if (!(await markListedEnded(tx, listed.id, input.version))) return refuse('stale')
    await record(tx, { type: 'listed-service.ended', subject: listed.code })
    return null
  })
}

/**
 * Sets who answers for a service and who stands in. Refuses like `changeListedService`, and with `invalid` somebody who
 * works with no cases in the agency.
 */
export async function setReceivers(actor: Actor, input: SetReceiversInput): Promise<Result<ListedServiceDetail>> {
  return onListed(actor, input.service, async (tx, listed) => {
    const members = await membersOf(tx, input)
    if (!members.ok) return members
    if (!(await markReceivers(tx, listed.id, input.version, members.value))) return refuse('stale')
    await record(tx, { type: 'listed-service.receivers-changed', subject: listed.code })
    return null
  })
}

/**
 * Says how much room a service has now; also when nothing changed, since the age of the number counts. Refuses with
 * `not_found`, `forbidden` whoever neither keeps the entry nor answers for it, `stale` when somebody else said another
 * number since, and `invalid` more than there is at most.
 */
export async function updateRoom(actor: Actor, input: UpdateRoomInput): Promise<Result<ListedServiceDetail>> {
  if (!mayReadDirectory(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const listed = await findForActor(tx, input.service)
    if (listed === null) return refuse('not_found')
    if (!mayUpdateRoom(actor, listed)) return refuse('forbidden')
    const { available } = input
    const maximum = input.maximum ?? listed.room?.maximum ?? null
    if (available !== null && maximum !== null && available > maximum)
      return refuse('invalid', 'room', { available: ['directory.errors.more_than_maximum'] })
    // The same number from a second press, or from a colleague, is no conflict: it only gets younger.
    const seen = listed.room?.available === available ? undefined : input.roomVersion
    if (!(await markRoom(tx, listed.id, seen, { available, maximum: input.maximum }))) return refuse('stale')
    await record(tx, { type: 'room.changed', subject: listed.code })
    return ok(await detailOf(tx, await stillThere(tx, listed.code)))
  })
}

async function onListed(
  actor: Actor,
  code: string,
  change: (tx: ActorTx, listed: ListedRow) => Promise<Refused | null>,
): Promise<Result<ListedServiceDetail>> {
  if (!mayReadDirectory(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const listed = await findForActor(tx, code)
    if (listed === null) return refuse('not_found')
    if (!mayKeepEntry(actor) || listed.agency !== actor.agencyKey) return refuse('forbidden')
    if (!mayChangeListed(actor, listed)) return refuse('conflict', 'wrong_state')
    const refused = await change(tx, listed)
    return refused ?? ok(await detailOf(tx, await stillThere(tx, listed.code)))
  })
}

async function findForActor(tx: ActorTx, text: string): Promise<ListedRow | null> {
  const code = parseCode(text, 'DIR')
  if (code === null) return null
  aboutSubject(tx, code)
  return findListed(tx, code)
}

async function stillThere(tx: ActorTx, code: string): Promise<ListedRow> {
  const listed = await findListed(tx, code)
  if (listed === null) throw new Error('A listed service that was just written is out of sight')
  return listed
}

async function areaFault(tx: ActorTx, areas: readonly string[]): Promise<Refused | null> {
  if (areas.length === 0) return null
  const known = new Set((await listAreas(tx)).map(({ key }) => key))
  return areas.every((area) => known.has(area)) ? null : refuse('invalid', 'area', { areas: ['directory.errors.area'] })
}

/** The ids behind the codes of who answers; a member named in both lists receives. */
async function membersOf(
  tx: ActorTx,
  { receivers, standIns }: { readonly receivers: readonly string[]; readonly standIns: readonly string[] },
): Promise<Result<ReadonlyMap<string, { readonly standsIn: boolean }>>> {
  const ids = new Map((await listAnsweringMembers(tx)).map(({ id, code }) => [code, id]))
  const members = new Map<string, { readonly standsIn: boolean }>()
  for (const [field, codes] of [
    ['standIns', standIns],
    ['receivers', receivers],
  ] as const)
    for (const text of codes) {
      const id = ids.get(parseCode(text, 'MBR') ?? '')
      if (id === undefined) return refuse('invalid', 'member', { [field]: ['directory.errors.member'] })
      members.set(id, { standsIn: field === 'standIns' })
    }
  return ok(members)
}

async function detailOf(tx: ActorTx, row: ListedRow): Promise<ListedServiceDetail> {
  const actor = actorOf(tx)
  const isOwn = row.agency === actor.agencyKey
  const view = viewOf(actor, row)
  if (!isOwn) return { ...view, answering: null, lastChange: null }
  return { ...view, answering: await listReceivers(tx, row.id), lastChange: await findLastChange(tx, row.id) }
}

function viewOf(actor: Actor, row: ListedRow): ListedServiceView {
  const { id: _id, agencyId: _agencyId, answers, rank: _rank, ...view } = row
  return {
    ...view,
    may: { change: mayChangeListed(actor, row), updateRoom: mayUpdateRoom(actor, row), answer: answers },
  }
}

/** `18-24` or `17`, from the younger to the older. */
function agesOf(text: string): { readonly from: number; readonly to: number } {
  const [one = 0, other = one] = text.split('-').map(Number)
  return { from: Math.min(one, other), to: Math.max(one, other) }
}

function given<T>(input: T | undefined, before: T): T {
  return input === undefined ? before : input
}

function wantedOf(filters: Omit<SearchDirectoryInput, 'limit' | 'cursor'>): WantedHelp {
  const { category, type, area, gender, age, agency, language } = filters
  return {
    ...{ category, type, area, gender, agency },
    ages: age === undefined ? undefined : agesOf(age),
    languages: language === undefined ? undefined : [language],
    stepFree: filters.stepFree === 'yes' || undefined,
    withChildren: filters.withChildren === 'yes' || undefined,
    hasRoom: filters.room === 'yes' || undefined,
    all: filters.all === 'yes' || undefined,
  }
}
