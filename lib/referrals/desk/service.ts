import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { nowIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { openCursor, sealCursor } from '@/lib/platform/cursor'
import { newCode, newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { networkClockIn } from '@/lib/agencies/network-service'
import type { NetworkClock } from '@/lib/agencies/network-schema'

import { servicesToRouteIn, viewFacets } from '@/lib/directory/service'
import { newKey } from '@/lib/platform/crypto/key-tree'

import { clockView, startClock } from '../clock/rules'
import type { ClockMoments } from '../clock/schema'
import { findRouting } from '../data'
import { wrapForOther } from '../keys'
import type { DeskActView, DeskWords } from './acts-schema'

import {
  countDeclines,
  countLanes,
  findKeysToReroute,
  findMark,
  findWaiting,
  listAwaitingBasis,
  listBottlenecks,
  listDeskActs,
  listDeskAgencies,
  listMatrix,
  listPauses,
  listWaiting,
  markActed,
  markRerouted,
  type WaitingRow,
} from './data'
import { mayWorkAtDesk } from './policy'
import type {
  AskInput,
  DeskCard,
  DeskChoices,
  DeskFilters,
  DeskLane,
  DeskLaneInput,
  DeskPage,
  DeskReferralInput,
  DeskView,
  MatrixCell,
  RerouteInput,
  WaitingView,
} from './schema'

/** As many as are worked on next; each lane has a page with all of them. */
const CARDS_A_LANE = 6
const ROWS_A_PAGE = 50
const MOST_BOTTLENECKS = 10
const MOST_SERVICES = 20

/**
 * The coordinator's desk: what waits between the agencies of the network in its lanes, the soonest limit first, and where
 * it sticks. Codes, agencies, kinds of help and times only. Refuses with `forbidden` everybody else.
 */
export async function viewDesk(actor: Actor, filters: DeskFilters): Promise<Result<DeskView>> {
  if (!mayWorkAtDesk(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const counts = await countLanes(tx, filters)
    const lane = async (key: DeskLane) => ({ ...counts[key], ...(await pageOf(tx, key, filters, null, CARDS_A_LANE)) })
    const lanes = { unseen: await lane('unseen'), undecided: await lane('undecided'), unplaced: await lane('unplaced') }
    const view: DeskView = {
      lanes,
      bottlenecks: await listBottlenecks(tx, MOST_BOTTLENECKS),
      declines: await countDeclines(tx),
      asOf: nowIn(tx).toISOString(),
      mark: await findMark(tx),
    }
    await record(tx, { type: 'desk.viewed' })
    return ok(view)
  })
}

/** A lane by pages. Refuses with `forbidden`, `invalid` a cursor of another list. */
export async function listDeskLane(
  actor: Actor,
  { lane, cursor, ...filters }: DeskLaneInput,
): Promise<Result<DeskPage>> {
  if (!mayWorkAtDesk(actor)) return refuse('forbidden')
  const opened = cursor === undefined ? undefined : openCursor(scopeOf(lane, filters), cursor)
  if (opened === null) return refuse('invalid', 'cursor', { cursor: ['errors.field.not_valid'] })
  const [at, id] = opened?.position ?? []
  return withActor(actor, async (tx) => {
    const after = typeof at === 'string' && typeof id === 'string' ? { at, id } : null
    const page = await pageOf(tx, lane, filters, after, ROWS_A_PAGE)
    await record(tx, { type: 'desk.viewed', purpose: lane })
    return ok(page)
  })
}

/** The agencies and the areas that the desk can be narrowed to. Refuses with `forbidden`. */
export async function deskChoices(actor: Actor): Promise<Result<DeskChoices>> {
  if (!mayWorkAtDesk(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const facets = await viewFacets(actor)
    return facets.ok ? ok({ agencies: await listDeskAgencies(tx), areas: facets.value.areas }) : facets
  })
}

/**
 * One referral that waits, with what was done about it and who else could take it. Refuses with `not_found` when it doesn't
 * wait, or is none of the network.
 */
export async function viewWaiting(actor: Actor, { referral }: DeskReferralInput): Promise<Result<WaitingView>> {
  if (!mayWorkAtDesk(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const row = await findWaiting(tx, referral)
    if (row === null) return refuse('not_found')
    await record(tx, { type: 'desk.viewed', subject: row.code })
    const [card] = await cardsOf(tx, [row])
    if (card === undefined) return refuse('not_found')
    const { from_code: from, to_code: to } = await findRouting(tx, row.code)
    const services = await servicesToRouteIn(tx, row.code, MOST_SERVICES)
    return ok({ card, acts: await listDeskActs(tx, row.code), from, to, services })
  })
}

/** Who refers to whom, the most first. Refuses with `forbidden`. */
export async function viewMatrix(actor: Actor): Promise<Result<readonly MatrixCell[]>> {
  if (!mayWorkAtDesk(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    await record(tx, { type: 'desk.viewed', purpose: 'matrix' })
    return ok(await listMatrix(tx))
  })
}

/** What changes when anything that waits does; writes no event, since nothing of a referral is seen. Refuses with `forbidden`. */
export async function deskMark(actor: Actor): Promise<Result<string>> {
  if (!mayWorkAtDesk(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => ok(await findMark(tx)))
}

/** Reminds whoever answers. Refuses with `not_found`, `conflict` and `wrong_state` or, within the hour, `too_soon`. */
export function remindReceivers(actor: Actor, { referral }: DeskReferralInput) {
  return act(actor, referral, 'reminded', null)
}

/** Asks one side something in words to choose from. Refuses as `remindReceivers`. */
export function askSide(actor: Actor, { referral, words }: AskInput) {
  return act(actor, referral, 'asked', words)
}

/** Tells those above whoever answers: supervisors and administrators of the receiving agency. Refuses as `remindReceivers`. */
export function escalateReferral(actor: Actor, { referral }: DeskReferralInput) {
  return act(actor, referral, 'escalated', null)
}

/**
 * Asks another listed service for a referral that was declined, expired, or waits too long. What goes there is the kind of
 * help and how pressing it is: the sender's team is told, and shares on a basis for that agency or withdraws. Refuses with
 * `not_found`, `conflict` and `wrong_state`, or `no_service` for one that may not be asked.
 */
export async function rerouteReferral(
  actor: Actor,
  { referral, directoryService }: RerouteInput,
): Promise<Result<{ readonly referral: string; readonly made: string }>> {
  if (!mayWorkAtDesk(actor)) return refuse('not_found')
  const [from, service] = [parseCode(referral, 'REF'), parseCode(directoryService, 'DIR')]
  if (from === null) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const row = await findWaiting(tx, from)
    if (row === null) return refuse('not_found')
    const keys = service === null ? null : await findKeysToReroute(tx, from, service)
    if (service === null || keys === null)
      return refuse('conflict', 'no_service', { directoryService: ['desk.errors.service'] })
    const [preview, rest] = [newKey(newId()), newKey(newId())]
    const made = newCode('REF')
    const answer = await markRerouted(tx, {
      ...{ from, service, id: newId(), code: made },
      clock: startClock(await networkClockIn(tx), row.urgency, nowIn(tx)),
      keys: {
        senderPreview: wrapForOther(keys.sender, 'preview', preview),
        senderPackage: wrapForOther(keys.sender, 'package', rest),
        receiverPreview: wrapForOther(keys.receiver, 'preview', preview),
      },
    })
    if (answer === 'ok') return ok({ referral: from, made })
    return answer === 'forbidden' || answer === 'not_found' ? refuse('not_found') : refuse('conflict', answer)
  })
}

async function act(
  actor: Actor,
  text: string,
  kind: DeskActView['kind'],
  words: DeskWords | null,
): Promise<Result<{ readonly referral: string }>> {
  if (!mayWorkAtDesk(actor)) return refuse('not_found')
  const code = parseCode(text, 'REF')
  if (code === null) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const answer = await markActed(tx, code, kind, words)
    switch (answer) {
      case 'ok':
        return ok({ referral: code })
      case 'wrong_state':
      case 'too_soon':
        return refuse('conflict', answer)
      case 'forbidden':
      case 'not_found':
        return refuse('not_found')
    }
  })
}

async function pageOf(
  tx: ActorTx,
  lane: DeskLane,
  filters: DeskFilters,
  after: { readonly at: string; readonly id: string } | null,
  size: number,
): Promise<DeskPage> {
  const found = await listWaiting(tx, lane, filters, after, size + 1)
  const rows = found.slice(0, size)
  const last = rows.at(-1)
  const hasMore = found.length > rows.length && last !== undefined
  return {
    items: await cardsOf(tx, rows),
    nextCursor: hasMore
      ? sealCursor(scopeOf(lane, filters), { direction: 'after', position: [last.sort_at.toISOString(), last.id] })
      : null,
  }
}

function scopeOf(lane: DeskLane, { category, urgency, agency, area }: DeskFilters): string {
  return `desk:${[lane, category ?? '', urgency ?? '', agency ?? '', area ?? ''].join(':')}`
}

async function cardsOf(tx: ActorTx, rows: readonly WaitingRow[]): Promise<readonly DeskCard[]> {
  if (rows.length === 0) return []
  const { calendar } = await networkClockIn(tx)
  const now = nowIn(tx)
  const codes = rows.map(({ code }) => code)
  const awaiting = await listAwaitingBasis(tx, codes)
  const pauses = await listPauses(tx, codes)
  return rows.map((row) => {
    const pause = pauses.get(row.code)
    return {
      ...cardOf(row, calendar, now),
      awaitsBasis: awaiting.has(row.code),
      pauseEndsAt: pause?.endsAt?.toISOString() ?? null,
      unanswered: pause?.unanswered ?? false,
    }
  })
}

const AWAITED = { unseen: 'acknowledge', undecided: 'decide', unplaced: null } as const

/** What its own row says of a card. */
type CardAlone = Omit<DeskCard, 'awaitsBasis' | 'pauseEndsAt' | 'unanswered'>

function cardOf(row: WaitingRow, calendar: NetworkClock['calendar'], now: Date): CardAlone {
  const moments: ClockMoments = {
    startedAt: row.clock_started_at,
    acknowledgeHalfAt: row.acknowledge_half_at,
    acknowledgeBy: row.acknowledge_by,
    acknowledgeLateAt: row.acknowledge_late_at,
    decideHalfAt: row.decide_half_at,
    decideBy: row.decide_by,
    decideLateAt: row.decide_late_at,
    expiresAt: row.expires_at,
  }
  const awaited = AWAITED[row.in_lane]
  const waiting = { urgency: row.urgency, moments, awaited, needBy: null, stoppedAt: row.paused_at }
  return {
    code: row.code,
    lane: row.in_lane,
    state: row.state,
    urgency: row.urgency,
    fromAgencyName: row.from_name,
    toAgencyName: row.to_name,
    serviceName: row.service_name,
    category: row.category,
    type: row.type,
    clock: clockView(calendar, waiting, now),
    declineReason: row.decline_reason,
    endedAt: row.ended_at?.toISOString() ?? null,
    fitting: row.fitting,
    withRoom: row.with_room,
    remindedAt: row.reminded_at?.toISOString() ?? null,
    escalatedAt: row.escalated_at?.toISOString() ?? null,
  }
}
