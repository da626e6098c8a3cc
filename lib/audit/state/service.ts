import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor } from '@/lib/access/with-actor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { keyLineOf, verifierOf } from '../seal/note'
import { askCheck, findSealState, hasAlarm, markAcknowledged, type SealRow } from './data'
import { mayAcknowledgeFault, maySeeSeal } from './policy'
import { sealStateOf } from './rules'
import type { AcknowledgeFaultInput, SealView } from './schema'

/** How the seal stands, with what anybody needs to verify its last checkpoint. Refuses with `forbidden`. */
export async function viewSeal(actor: Actor): Promise<Result<SealView>> {
  return withActor(actor, async (tx) => {
    if (!maySeeSeal(actor)) return refuse('forbidden')
    const row = await findSealState(tx)
    return row === null ? refuse('forbidden') : ok(viewOf(row))
  })
}

/** Whether a fault of the seal waits to be dealt with; for the frame of every page of those who must know. */
export async function hasSealAlarm(actor: Actor): Promise<boolean> {
  if (!maySeeSeal(actor) || actor.roles.every((role) => role === 'supervisor' || role === 'caseworker')) return false
  const alarm = await withActor(actor, async (tx) => ok(await hasAlarm(tx)))
  return alarm.ok && alarm.value
}

/** Asks for a check of the whole log soon. Refuses with `forbidden`, and with `conflict` while one runs or waits. */
export async function askSealCheck(actor: Actor): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => {
    if (!maySeeSeal(actor)) return refuse('forbidden')
    return (await askCheck(tx)) ? ok() : refuse('conflict', 'wrong_state')
  })
}

/**
 * Says that the fault of the last check is dealt with: pages warn of it no longer, the log and every verification go on
 * naming it. Refuses with `forbidden`, `step_up_required`, and `conflict` when it is dealt with already.
 */
export async function acknowledgeFault(actor: Actor, { check }: AcknowledgeFaultInput): Promise<Result<undefined>> {
  return withActor(actor, async (tx) => {
    if (!mayAcknowledgeFault(actor)) return refuse('forbidden')
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    return (await markAcknowledged(tx, check)) ? ok() : refuse('conflict', 'wrong_state')
  })
}

function viewOf(row: SealRow): SealView {
  const { sealed_at: sealedAt, waiting_since: waitingSince, checked_at: checkedAt, fault } = row
  const facts = { size: Number(row.size), waitingSince, checkedAt, fault }
  return {
    // The seal goes by the real clock, as sessions do.
    state: sealStateOf(facts, new Date()),
    size: facts.size,
    root: row.root === null ? null : Buffer.from(row.root).toString('hex'),
    epoch: row.epoch,
    sealedAt: sealedAt?.toISOString() ?? null,
    checkpoint: row.note,
    publicKey: row.public_key === null ? null : keyLineOf(verifierOf(row.public_key, row.origin ?? undefined)),
    waiting: row.waiting,
    waitingSince: waitingSince?.toISOString() ?? null,
    verification:
      checkedAt === null ? null : { at: checkedAt.toISOString(), size: Number(row.checked_size), fault: faultOf(row) },
    checking: row.checking,
    check: row.check_id === null ? null : String(row.check_id),
  }
}

function faultOf({ fault, position, code, checkpoint_size: size, acknowledged_at: at }: SealRow) {
  if (fault === null) return null
  return {
    kind: fault,
    position: position === null ? null : Number(position),
    code,
    checkpointSize: size === null ? null : Number(size),
    acknowledgedAt: at?.toISOString() ?? null,
  }
}
