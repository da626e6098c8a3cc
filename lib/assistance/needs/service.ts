import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { actorOf, nowIn, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import type { ContactLimit } from '@/lib/agencies/network-schema'
import { record } from '@/lib/audit/record'
import { findCaseForRead, findCaseForWrite } from '@/lib/cases/reference-service'
import { makeTaskIn } from '@/lib/cases/tasks/service'
import { isServiceTypeOf } from '@/lib/mandate/categories'
import { openCursor, pageOf, type Cursor } from '@/lib/platform/cursor'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'
import { instantIn } from '@/lib/platform/zone'

import { endFirstContacts } from '../first-contact-data'
import {
  findNeed,
  findNetworkSettings,
  insertNeed,
  listLivingNeeds,
  listNeedRows,
  markNeedChanged,
  needPosition,
  type NeedChange,
  type NeedRow,
} from './data'
import { mayChangeNeed, mayAddNeed, mayReadNeeds } from './policy'
import { canMoveNeed, contactDueAt, contactLimit, isContactLate, stateAfterService } from './rules'
import type {
  AddNeedInput,
  ChangeNeedInput,
  ListNeedsInput,
  NeedPage,
  NeedState,
  NeedToRefer,
  NeedView,
  Urgency,
} from './schema'

export { canMoveNeed }

/**
 * Adds a need that was found, and the task to reach the person about it within its limit.
 *
 * Refuses with `not_found` when the actor may not know of the case, `forbidden` off its team, `conflict`
 * (`case_closed`) when it has to be reopened first, and `invalid` for a day that hasn't come yet.
 */
export async function addNeed(actor: Actor, input: AddNeedInput): Promise<Result<NeedView>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    if (!mayAddNeed(actor, on)) return refuse('forbidden')
    const today = todayIn(tx)
    const foundOn = input.foundOn ?? today
    if (foundOn > today) return refuse('invalid', 'future_date', { foundOn: ['assistance.date.future'] })

    const limit = contactLimit(input.urgency, await findNetworkSettings(tx))
    const dueAt = contactDueAt(foundAt(tx, foundOn), limit)
    const made = await insertNeed(tx, on, { ...input, foundOn, contactDueAt: dueAt, type: input.type })
    await makeTaskIn(tx, on, { kind: 'first_contact', dueAt, need: made.id })
    await record(tx, {
      type: 'need.found',
      subject: made.code,
      personId: on.person,
      caseId: on.id,
      holderAgencyId: on.holderAgency,
    })
    return viewOf(tx, await stillThere(tx, made.code))
  })
}

/**
 * Changes what a need says: its state, urgency or type. The limit of the first contact moves with the urgency, counted
 * from when the need was found, and its task with it; that ends when nobody has to do anything any more. The database sees
 * to both, since the task may be that of another agency, which leads the case.
 *
 * Refuses with `not_found`, `forbidden` off the team, `stale` when the need changed since the version that the actor
 * saw, `conflict` (`wrong_state`) for a move that its state doesn't allow, and `invalid` for a type of another category.
 */
export async function changeNeed(actor: Actor, input: ChangeNeedInput): Promise<Result<NeedView>> {
  return withActor(actor, async (tx) => {
    if (!mayReadNeeds(actor)) return refuse('not_found')
    const need = await findNeed(tx, input.need)
    if (need === null) return refuse('not_found')
    if (!mayChangeNeed(actor, need)) return refuse('forbidden')
    const wrong = faultOf(tx, need, input)
    if (wrong !== null) return wrong

    const change = changeOf(tx, need, input, await findNetworkSettings(tx))
    if (!(await markNeedChanged(tx, need.id, input.version, change))) return refuse('stale')
    await record(tx, {
      type: 'need.changed',
      subject: need.code,
      personId: need.person,
      caseId: need.caseId,
      holderAgencyId: need.holder,
      fields: Object.keys(change),
    })
    return viewOf(tx, await stillThere(tx, need.code))
  })
}

/** Opens a need. Refuses with `not_found` when the actor may not know of it. */
export async function viewNeed(actor: Actor, input: { readonly need: string }): Promise<Result<NeedView>> {
  return withActor(actor, async (tx) => {
    if (!mayReadNeeds(actor)) return refuse('not_found')
    const need = await findNeed(tx, input.need)
    if (need === null) return refuse('not_found')
    await record(tx, {
      type: 'need.viewed',
      subject: need.code,
      personId: need.person,
      caseId: need.caseId,
      holderAgencyId: need.holder,
    })
    return viewOf(tx, need)
  })
}

/**
 * Needs of the agency or of one case, the earliest limit of the first contact first. Writes one event.
 *
 * Refuses with `not_found` for a case that the actor may not know of, and `invalid` for a cursor that isn't ours.
 */
export async function listNeeds(actor: Actor, input: ListNeedsInput): Promise<Result<NeedPage>> {
  return withActor(actor, async (tx) => {
    if (!mayReadNeeds(actor)) return refuse('forbidden')
    const found = input.case === undefined ? null : await findCaseForRead(tx, input.case)
    if (found?.ok === false) return found
    const on = found?.value ?? null

    const scope = `needs:${[on?.code, input.category, input.urgency, input.state].map((part) => part ?? '').join(':')}`
    const cursor = input.cursor === undefined ? null : openCursor(scope, input.cursor)
    if (input.cursor !== undefined && cursor === null)
      return refuse('invalid', 'cursor', { cursor: ['errors.field.not_valid'] })
    const page = await readPage(tx, scope, { ...input, caseId: on?.id }, input.limit, cursor)
    await record(tx, {
      type: 'need.listed',
      ...(on === null ? {} : { subject: on.code, caseId: on.id, personId: on.person, holderAgencyId: on.holderAgency }),
    })
    return ok(page)
  })
}

/** How long the first contact may take by urgency, in the actor's network, or null for whoever writes no needs. */
export async function listContactLimits(actor: Actor): Promise<Readonly<Record<Urgency, ContactLimit>> | null> {
  const found = await withActor(actor, async (tx) => {
    const settings = await findNetworkSettings(tx)
    return ok({
      emergency: contactLimit('emergency', settings),
      urgent: contactLimit('urgent', settings),
      routine: contactLimit('routine', settings),
    })
  })
  return found.ok ? found.value : null
}

async function readPage(
  tx: ActorTx,
  scope: string,
  filter: Parameters<typeof listNeedRows>[1],
  limit: number,
  cursor: Cursor | null,
): Promise<NeedPage> {
  const page = pageOf(scope, cursor, limit, await listNeedRows(tx, filter, limit, cursor), needPosition)
  const settings = await findNetworkSettings(tx)
  return {
    items: page.rows.map((row) => toView(tx, row, settings)),
    nextCursor: page.later,
    previousCursor: page.earlier,
  }
}

/**
 * Moves a need on because a service for it was logged, and ends the task of its first contact. For the use cases of
 * services, which have decided already that the actor may write on the case, and have locked the need.
 */
export async function moveNeedForServiceIn(
  tx: ActorTx,
  need: NeedRow,
  service: Parameters<typeof stateAfterService>[1] & { readonly on: string },
): Promise<void> {
  const state = stateAfterService(need.state, service)
  if (state !== need.state) {
    const change: NeedChange = { state, ...(state === 'met' ? { metOn: new Date(service.on) } : {}) }
    if (!(await markNeedChanged(tx, need.id, need.version, change))) throw new Error('The need was not locked')
    await record(tx, {
      type: 'need.changed',
      subject: need.code,
      personId: need.person,
      caseId: need.caseId,
      holderAgencyId: need.holder,
      fields: ['state'],
    })
  }
  if (service.hasBegun) await endFirstContacts(tx, { need: need.id })
}

/** By when the person should be reached about a need found on a day, in the actor's network; for other parts. */
export async function contactDueIn(tx: ActorTx, urgency: Urgency, foundOn: string): Promise<Date> {
  return contactDueAt(foundAt(tx, foundOn), contactLimit(urgency, await findNetworkSettings(tx)))
}

/** When a need counts as found: now for today, else the end of its day. */
function foundAt(tx: ActorTx, foundOn: string): Date {
  return foundOn === todayIn(tx) ? nowIn(tx) : instantIn(actorOf(tx).timeZone, foundOn, '23:59')
}

function faultOf(tx: ActorTx, need: NeedRow, input: ChangeNeedInput): Refused | null {
  if (input.version !== need.version) return refuse('stale')
  if (input.state !== undefined && !canMoveNeed(need.state, input.state)) return refuse('conflict', 'wrong_state')
  if (input.type !== undefined && input.type !== null && !isServiceTypeOf(need.category, input.type)) {
    return refuse('invalid', 'type_of_other_category', { type: ['mandate.errors.type'] })
  }
  if (input.metOn !== undefined && input.metOn > todayIn(tx))
    return refuse('invalid', 'future_date', { metOn: ['assistance.date.future'] })
  return null
}

function changeOf(tx: ActorTx, need: NeedRow, input: ChangeNeedInput, settings: unknown): NeedChange {
  const state = input.state ?? need.state
  return {
    ...(state === need.state ? {} : { state, ...traceOf(tx, state, input) }),
    ...(state === 'not_met' && input.notMetReason !== undefined ? { notMetReason: input.notMetReason } : {}),
    ...(input.type === undefined || input.type === need.type ? {} : { type: input.type }),
    ...(input.urgency === undefined || input.urgency === need.urgency
      ? {}
      : {
          urgency: input.urgency,
          contactDueAt: contactDueAt(firstFoundAt(tx, need), contactLimit(input.urgency, settings)),
        }),
  }
}

/** What a state leaves behind: the day on which it was met, the reason why not. Another state takes both away. */
function traceOf(tx: ActorTx, state: NeedState, input: ChangeNeedInput): NeedChange {
  return {
    metOn: state === 'met' ? new Date(input.metOn ?? todayIn(tx)) : null,
    notMetReason: state === 'not_met' ? (input.notMetReason ?? null) : null,
  }
}

/** When the need was found: its entry, or the end of an earlier day that it was found on. */
function firstFoundAt(tx: ActorTx, need: NeedRow): Date {
  const endOfDay = instantIn(actorOf(tx).timeZone, need.foundOn, '23:59')
  return endOfDay < need.createdAt ? endOfDay : need.createdAt
}

async function stillThere(tx: ActorTx, code: string): Promise<NeedRow> {
  const need = await findNeed(tx, code)
  if (need === null) throw new Error('A need that was just written is out of sight')
  return need
}

async function viewOf(tx: ActorTx, need: NeedRow): Promise<Result<NeedView>> {
  return ok(toView(tx, need, await findNetworkSettings(tx)))
}

/** A row as its readers see it. */
export function toView(tx: ActorTx, need: NeedRow, settings: unknown): NeedView {
  return {
    code: need.code,
    case: need.caseCode,
    person: need.personCode,
    agency: need.agencyKey,
    agencyName: need.agencyName,
    category: need.category,
    type: need.type,
    urgency: need.urgency,
    state: need.state,
    notMetReason: need.notMetReason,
    foundOn: need.foundOn,
    contactDueAt: need.contactDueAt.toISOString(),
    contactLimit: contactLimit(need.urgency, settings),
    isLate: isContactLate(need, nowIn(tx)),
    metOn: need.metOn,
    version: need.version,
    mayChange: mayChangeNeed(actorOf(tx), need),
  }
}

/**
 * The needs of a case that these codes name, each once, for other parts, inside a transaction; null when one of them names
 * no need of the case.
 */
export async function needsOfCaseIn(
  tx: ActorTx,
  caseId: string,
  codes: readonly string[],
): Promise<readonly NeedToRefer[] | null> {
  const found = new Map<string, NeedToRefer>()
  for (const code of codes) {
    const need = await findNeed(tx, code)
    if (need?.caseId !== caseId) return null
    found.set(need.id, need)
  }
  return [...found.values()]
}

/** The needs of a case that somebody still has to do something about, the most pressing first; for other parts. */
export async function livingNeedsIn(tx: ActorTx, caseId: string): Promise<readonly NeedToRefer[]> {
  return listLivingNeeds(tx, caseId)
}
