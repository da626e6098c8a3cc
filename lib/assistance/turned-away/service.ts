import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { addDays } from '@/lib/platform/zone'

import {
  countTurnedAway,
  findTurnedAway,
  insertTurnedAway,
  listNeighbours,
  listTurnedAwayRows,
  markTurnedAwayVoided,
  turnedAwayPosition,
  type TurnedAwayRow,
} from './data'
import { seesAllTurnedAway } from './policy'
import type {
  ListTurnedAwayInput,
  RecordTurnedAwayInput,
  TurnedAwayForm,
  TurnedAwayPage,
  TurnedAwayView,
  VoidTurnedAwayInput,
} from './schema'

const YEAR = 365

/**
 * Records that somebody asked and was not served: chosen answers only, nothing that tells who it was.
 *
 * Refuses with `forbidden` roles without casework, and `invalid` for a day that hasn't come or an agency that is none of
 * the network's others.
 */
export async function recordTurnedAway(actor: Actor, input: RecordTurnedAwayInput): Promise<Result<TurnedAwayView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'turned-away:record')) return refuse('forbidden')
    const today = todayIn(tx)
    const askedOn = input.askedOn ?? today
    if (askedOn > today) return refuse('invalid', undefined, { askedOn: ['turned_away.errors.later'] })
    // What a form sends along from a choice that was changed back is no answer.
    const wanted = input.sentTo === 'agency' ? input.sentAgency : undefined
    const sent = wanted === undefined ? null : (await listNeighbours(tx)).find(({ key }) => key === wanted)
    if (sent === undefined) return refuse('invalid', undefined, { sentAgency: ['turned_away.errors.agency'] })
    const code = await insertTurnedAway(tx, { ...input, askedOn, sentAgencyId: sent?.id ?? null })
    await record(tx, { type: 'turned-away.recorded', subject: code })
    return ok(viewOf(await stillThere(tx, code)))
  })
}

/** What the form offers. Refuses with `forbidden` roles without casework. */
export async function prepareTurnedAway(actor: Actor): Promise<Result<TurnedAwayForm>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'turned-away:record')) return refuse('forbidden')
    const today = todayIn(tx)
    const agencies = (await listNeighbours(tx)).map(({ key, name }) => ({ key, name }))
    return ok({ today, yesterday: addDays(today, -1), agencies })
  })
}

/** One record. Refuses with `not_found` whoever neither recorded it nor supervises in its agency. */
export async function viewTurnedAway(
  actor: Actor,
  input: { readonly record: string },
): Promise<Result<TurnedAwayView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'turned-away:record')) return refuse('not_found')
    const found = await findTurnedAway(tx, input.record)
    if (found === null) return refuse('not_found')
    await record(tx, { type: 'turned-away.viewed', subject: found.code })
    return ok(viewOf(found))
  })
}

/**
 * Who was turned away, the latest first: for a supervisor by the whole agency, with the counts of a year; for a caseworker
 * what they recorded themselves. Refuses with `forbidden` roles without casework, `invalid` a cursor of another list.
 */
export async function listTurnedAway(actor: Actor, input: ListTurnedAwayInput): Promise<Result<TurnedAwayPage>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'turned-away:record')) return refuse('forbidden')
    const scope = `turned-away:${input.reason ?? ''}:${input.category ?? ''}`
    const cursor = input.cursor === undefined ? null : openCursor(scope, input.cursor)
    if (input.cursor !== undefined && cursor === null)
      return refuse('invalid', 'cursor', { cursor: ['errors.field.not_valid'] })
    const all = seesAllTurnedAway(actor)
    const rows = await listTurnedAwayRows(tx, input, !all, cursor)
    const page = pageOf(scope, cursor, input.limit, rows, turnedAwayPosition)
    const counts = all ? await countTurnedAway(tx, addDays(todayIn(tx), -YEAR)) : null
    await record(tx, { type: 'turned-away.listed' })
    return ok({
      items: page.rows.map(viewOf),
      nextCursor: page.later,
      previousCursor: page.earlier,
      year: counts === null ? null : { total: counts.byReason.reduce((sum, { n }) => sum + n, 0), ...counts },
    })
  })
}

/**
 * Voids a record that doesn't count; it stays readable as voided. Refuses with `not_found` like a look at it, `stale` when
 * somebody changed it meanwhile, `conflict` when it is void already.
 */
export async function voidTurnedAway(actor: Actor, input: VoidTurnedAwayInput): Promise<Result<TurnedAwayView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'turned-away:record')) return refuse('not_found')
    const found = await findTurnedAway(tx, input.record)
    if (found === null) return refuse('not_found')
    if (found.voidReason !== null) return refuse('conflict', 'wrong_state')
    if (input.version !== undefined && input.version !== found.version) return refuse('stale')
    if (!(await markTurnedAwayVoided(tx, found, input.reason))) return refuse('stale')
    await record(tx, { type: 'turned-away.voided', subject: found.code })
    return ok(viewOf(await stillThere(tx, found.code)))
  })
}

async function stillThere(tx: ActorTx, code: string): Promise<TurnedAwayRow> {
  const row = await findTurnedAway(tx, code)
  if (row === null) throw new Error('A record that was just written can be read')
  return row
}

function viewOf({ id: _id, enteredAt, ...row }: TurnedAwayRow): TurnedAwayView {
  return { ...row, enteredAt: enteredAt.toISOString(), mayVoid: row.voidReason === null }
}
