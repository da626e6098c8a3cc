import 'server-only'
import { aboutSubject, actorOf, type ActorTx } from '@/lib/access/with-actor'
import type { CategoryKey } from '@/lib/mandate/categories'
import { parseCode } from '@/lib/platform/ids'

import { originOf, type ForeignKey, type WrappedKey } from '../data'
import type { DeclineReason, ReferralState, ReferralUrgency } from '../schema'
import type { DeskActView, DeskWords } from './acts-schema'
import type { Bottleneck, DeskFilters, DeskLane, LaneCount, MatrixCell } from './schema'

export type WaitingRow = {
  readonly id: string
  readonly code: string
  readonly in_lane: DeskLane
  readonly state: ReferralState
  readonly urgency: ReferralUrgency
  readonly from_name: string
  readonly to_name: string
  readonly service_name: string
  readonly category: CategoryKey
  readonly type: string
  readonly clock_started_at: Date
  readonly acknowledge_half_at: Date
  readonly acknowledge_by: Date
  readonly acknowledge_late_at: Date
  readonly decide_half_at: Date
  readonly decide_by: Date
  readonly decide_late_at: Date
  readonly expires_at: Date
  readonly paused_at: Date | null
  readonly decline_reason: DeclineReason | null
  readonly ended_at: Date | null
  readonly sort_at: Date
  readonly fitting: number | null
  readonly with_room: number | null
  readonly reminded_at: Date | null
  readonly escalated_at: Date | null
}

/** What waits in a lane of the network's desk, the soonest limit first. */
export async function listWaiting(
  tx: ActorTx,
  lane: DeskLane,
  filters: DeskFilters,
  after: { readonly at: string; readonly id: string } | null,
  limit: number,
): Promise<readonly WaitingRow[]> {
  return tx.$queryRaw<WaitingRow[]>`
    SELECT * FROM app.desk_waiting(${lane}, NULL, ${JSON.stringify(filters)}::jsonb, ${after?.at ?? null}::timestamptz,
      ${after?.id ?? null}::uuid, ${limit}::int)`
}

/** One referral that waits, by its code. */
export async function findWaiting(tx: ActorTx, text: string): Promise<WaitingRow | null> {
  const code = parseCode(text, 'REF')
  if (code === null) return null
  aboutSubject(tx, code)
  const [row] = await tx.$queryRaw<
    WaitingRow[]
  >`SELECT * FROM app.desk_waiting(NULL, ${code}, '{}'::jsonb, NULL, NULL, 1)`
  return row ?? null
}

/** Which of these referrals wait until their sender shares something with the agency that was asked instead. */
export async function listAwaitingBasis(tx: ActorTx, codes: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.$queryRaw<{ code: string }[]>`SELECT code FROM app.desk_awaiting_basis(${[...codes]}::text[])`
  return new Set(rows.map(({ code }) => code))
}

type PauseLine = { readonly endsAt: Date | null; readonly unanswered: boolean }

/** How a question stands on those of these referrals that have one. */
export async function listPauses(tx: ActorTx, codes: readonly string[]): Promise<ReadonlyMap<string, PauseLine>> {
  const rows = await tx.$queryRaw<(PauseLine & { code: string })[]>`
    SELECT code, ends_at AS "endsAt", unanswered FROM app.desk_pauses(${[...codes]}::text[])`
  return new Map(rows.map(({ code, ...line }) => [code, line]))
}

/** How much lies in each lane. */
export async function countLanes(tx: ActorTx, filters: DeskFilters): Promise<Readonly<Record<DeskLane, LaneCount>>> {
  const rows = await tx.$queryRaw<(LaneCount & { lane: DeskLane })[]>`
    SELECT lane, n, late FROM app.desk_counts(${JSON.stringify(filters)}::jsonb)`
  const of = (lane: DeskLane): LaneCount => rows.find((row) => row.lane === lane) ?? { n: 0, late: 0 }
  return { unseen: of('unseen'), undecided: of('undecided'), unplaced: of('unplaced') }
}

export async function listBottlenecks(tx: ActorTx, limit: number): Promise<readonly Bottleneck[]> {
  return tx.$queryRaw<Bottleneck[]>`
    SELECT category, type, waiting, late, no_room AS "noRoom", needs, offered_by AS "offeredBy" FROM app.desk_bottlenecks(${limit}::int)`
}

export async function countDeclines(tx: ActorTx): Promise<readonly { reason: DeclineReason; n: number }[]> {
  return tx.$queryRaw<{ reason: DeclineReason; n: number }[]>`SELECT reason, n FROM app.desk_declines()`
}

export async function listMatrix(tx: ActorTx): Promise<readonly MatrixCell[]> {
  return tx.$queryRaw<MatrixCell[]>`
    SELECT from_key AS "from", from_name AS "fromName", to_key AS "to", to_name AS "toName", sent, waiting, late, accepted, declined,
      expired, hours_to_answer AS "hoursToAnswer" FROM app.desk_matrix()`
}

export async function findMark(tx: ActorTx): Promise<string> {
  const [row] = await tx.$queryRaw<{ mark: string | null }[]>`SELECT app.desk_mark() AS mark`
  return row?.mark ?? ''
}

export async function listDeskActs(tx: ActorTx, code: string): Promise<readonly DeskActView[]> {
  const rows = await tx.$queryRaw<{ kind: DeskActView['kind']; words: DeskWords | null; at: Date }[]>`
    SELECT kind, words, at FROM app.desk_acts(${code})`
  return rows.map(({ kind, words, at }) => ({ kind, words, at: at.toISOString() }))
}

/** The agencies of the network that refer or receive, by name. */
export async function listDeskAgencies(
  tx: ActorTx,
): Promise<readonly { readonly key: string; readonly name: string }[]> {
  return tx.agency.findMany({
    where: { networkId: actorOf(tx).network, kind: { not: 'operator' } },
    orderBy: [{ name: 'asc' }, { key: 'asc' }],
    select: { key: true, name: true },
    take: 1000,
  })
}

/** What the database says of an act at the desk. */
export type DeskAnswer = 'ok' | 'forbidden' | 'not_found' | 'wrong_state' | 'too_soon'

export async function markActed(
  tx: ActorTx,
  code: string,
  act: DeskActView['kind'],
  words: DeskWords | null,
): Promise<DeskAnswer> {
  const [row] = await tx.$queryRaw<{ answer: DeskAnswer }[]>`
    SELECT app.act_at_desk(${code}, ${act}, ${words}, ${originOf(tx)}::jsonb) AS answer`
  if (row === undefined) throw new Error('An act at the desk gives one answer')
  return row.answer
}

/** The newest keys of the agency that refers and of the one that is asked instead; null where it may not be asked. */
export async function findKeysToReroute(
  tx: ActorTx,
  code: string,
  service: string,
): Promise<{ readonly sender: ForeignKey; readonly receiver: ForeignKey } | null> {
  const rows = await tx.$queryRaw<(ForeignKey & { side: 'sender' | 'receiver' })[]>`
    SELECT side, agency_id AS agency, version, wrapped FROM app.keys_to_reroute(${code}, ${service})`
  const sender = rows.find(({ side }) => side === 'sender')
  const receiver = rows.find(({ side }) => side === 'receiver')
  return sender === undefined || receiver === undefined ? null : { sender, receiver }
}

/** Asks another listed service; what becomes of the new referral is the sender's to say. */
export async function markRerouted(
  tx: ActorTx,
  rerouted: {
    readonly from: string
    readonly service: string
    readonly id: string
    readonly code: string
    readonly clock: unknown
    readonly keys: Readonly<Record<'senderPreview' | 'senderPackage' | 'receiverPreview', WrappedKey>>
  },
): Promise<Exclude<DeskAnswer, 'too_soon'> | 'no_service'> {
  const [row] = await tx.$queryRaw<{ answer: Exclude<DeskAnswer, 'too_soon'> | 'no_service' }[]>`
    SELECT app.reroute_referral(${rerouted.from}, ${rerouted.service}, ${rerouted.id}::uuid, ${rerouted.code},
      ${JSON.stringify(rerouted.clock)}::jsonb, ${JSON.stringify(rerouted.keys)}::jsonb, ${originOf(tx)}::jsonb) AS answer`
  if (row === undefined) throw new Error('An act at the desk gives one answer')
  return row.answer
}
