import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { nowIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { findCaseForRead, type CaseRef } from '@/lib/cases/reference-service'
import { audienceIn } from '@/lib/cases/team-service'
import type { CaseAudience } from '@/lib/cases/team-schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { personKey, sealUnder, unsealUnder } from '@/lib/people/sealing'
import { newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findReceiver, listReceivers } from '../data'
import { mayReadConsents } from '../policy'
import type { ReceiverView } from '../schema'
import {
  findException,
  insertException,
  listCaseExceptions,
  listQueued,
  markEnded,
  markSettled,
  mayShareWithoutConsent,
  openReason,
  type ExceptionRow,
  type QueuedRow,
} from './data'
import { mayMakeExceptions, mayReviewExceptions } from './policy'
import type {
  CaseExceptionView,
  ExceptionInput,
  MakeExceptionInput,
  QueuedExceptionView,
  SettleExceptionInput,
} from './schema'

const DAY = 86_400_000

/** What a form for sharing without consent starts from. */
export type PreparedException = {
  readonly case: string
  readonly person: string
  readonly receivers: readonly ReceiverView[]
  readonly audience: CaseAudience
}

/**
 * What the form for sharing without consent starts from. Refuses with `not_found` when the actor may not know of the
 * case, and `forbidden` off its team and for members without the permission.
 */
export async function prepareException(
  actor: Actor,
  input: { readonly case: string },
): Promise<Result<PreparedException>> {
  return withActor(actor, async (tx) => {
    const found = await findForMaking(tx, actor, input.case)
    if (!found.ok) return found
    const on = found.value
    return ok({
      case: on.code,
      person: on.personCode,
      receivers: await listReceivers(tx),
      audience: await audienceIn(tx, on),
    })
  })
}

/**
 * Lets named fields go to one agency for a while although no consent covers them, on a coded basis and for a written
 * reason; coordinators and auditors of the network are told and look at it afterwards.
 *
 * Refuses with `not_found` and `forbidden` as `prepareException` does, `step_up_required`, and `invalid` for an agency
 * that is none of the network or a reason that seems to hold identity (`text_flagged`).
 */
export async function makeException(
  actor: Actor,
  input: MakeExceptionInput,
): Promise<Result<{ readonly code: string; readonly case: string }>> {
  return withActor(actor, async (tx) => {
    const found = await findForMaking(tx, actor, input.case)
    if (!found.ok) return found
    const on = found.value
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const receiver = await findReceiver(tx, input.agency)
    if (receiver === null) return refuse('invalid', 'agency', { agency: ['exceptions.errors.agency'] })
    const { fault } = await checkTexts(tx, on.person, { reason: { text: input.reason, kept: input.reasonKept } }, 'ask')
    if (fault !== null) return fault
    const id = newId()
    const key = await personKey(tx, on.person)
    const code = await insertException(tx, {
      ...input,
      id,
      caseId: on.id,
      receiver: receiver.id,
      sealed: sealUnder(key, actor.agency, { table: 'sharing_exception', column: 'reason', row: id }, input.reason),
      until: new Date(nowIn(tx).getTime() + input.days * DAY),
    })
    return ok({ code, case: on.code })
  })
}

/** What of a case was shared without consent, and whether the actor could add to it. Refuses with `not_found`, `forbidden`. */
export async function listExceptionsOf(
  actor: Actor,
  input: { readonly case: string },
): Promise<Result<{ readonly items: readonly CaseExceptionView[]; readonly mayMake: boolean }>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForRead(tx, input.case)
    if (!found.ok) return found
    if (!mayReadConsents(actor, found.value)) return refuse('forbidden')
    const rows = await listCaseExceptions(tx, found.value.id)
    return ok({
      items: rows.map((row) => caseViewOf(tx, row)),
      mayMake: mayMakeExceptions(actor) && (await mayShareWithoutConsent(tx)),
    })
  })
}

/** Ends one before its time, by whoever is on the team. Refuses with `not_found`, `conflict` when it has ended. */
export async function endException(actor: Actor, input: ExceptionInput): Promise<Result<{ readonly case: string }>> {
  return withActor(actor, async (tx) => {
    const found = mayMakeExceptions(actor) ? await findException(tx, input.exception) : null
    if (found === null) return refuse('not_found')
    return (await markEnded(tx, found.code)) ? ok({ case: found.caseCode }) : refuse('conflict', 'wrong_state')
  })
}

/** Opens why, on an explicit press; the look is written in the same transaction. Refuses with `not_found` off the team. */
export async function readExceptionReason(
  actor: Actor,
  input: ExceptionInput,
): Promise<Result<{ readonly reason: string }>> {
  return withActor(actor, async (tx) => {
    const found = mayMakeExceptions(actor) ? await findException(tx, input.exception) : null
    const sealed = found === null ? null : await openReason(tx, found.id)
    if (found === null || sealed === null) return refuse('not_found')
    const key = await personKey(tx, found.person)
    const place = { table: 'sharing_exception', column: 'reason', row: found.id } as const
    return ok({ reason: unsealUnder(key, actor.agency, place, sealed) })
  })
}

/**
 * What was shared without consent in the network, for coordinator and auditor, what waits for the asking one first:
 * agencies, kinds of data, basis and dates; no person, no words. Refuses with `forbidden` other roles.
 */
export async function listExceptionQueue(actor: Actor): Promise<Result<readonly QueuedExceptionView[]>> {
  if (!mayReviewExceptions(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const rows = await listQueued(tx, null)
    await record(tx, { type: 'sharing-exception.listed' })
    return ok(rows.map((row) => queuedViewOf(tx, row)))
  })
}

/** One of them. Refuses with `not_found` other roles and networks. */
export async function viewQueuedException(actor: Actor, input: ExceptionInput): Promise<Result<QueuedExceptionView>> {
  if (!mayReviewExceptions(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const code = parseCode(input.exception, 'EXC')
    const row = code === null ? undefined : (await listQueued(tx, code))[0]
    if (row === undefined) return refuse('not_found')
    await record(tx, { type: 'sharing-exception.listed', subject: row.code })
    return ok(queuedViewOf(tx, row))
  })
}

/**
 * What a coordinator or an auditor finds, once each. Refuses with `not_found` other roles and networks, and `conflict`
 * (`wrong_state`) what they have looked at already.
 */
export async function settleException(
  actor: Actor,
  input: SettleExceptionInput,
): Promise<Result<{ readonly code: string }>> {
  if (!mayReviewExceptions(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const code = parseCode(input.exception, 'EXC')
    if (code === null) return refuse('not_found')
    const answer = await markSettled(tx, code, input.verdict)
    if (answer === 'ok') return ok({ code })
    return answer === 'not_found' ? refuse('not_found') : refuse('conflict', 'wrong_state')
  })
}

async function findForMaking(tx: ActorTx, actor: Actor, code: string): Promise<Result<CaseRef>> {
  const found = await findCaseForRead(tx, code)
  if (!found.ok) return found
  if (!mayMakeExceptions(actor) || !mayReadConsents(actor, found.value)) return refuse('forbidden')
  return (await mayShareWithoutConsent(tx)) ? found : refuse('forbidden')
}

function caseViewOf(tx: ActorTx, { id: _id, person: _person, caseCode, ...row }: ExceptionRow): CaseExceptionView {
  return { ...row, case: caseCode, ...whenOf(tx, row) }
}

function queuedViewOf(tx: ActorTx, row: QueuedRow): QueuedExceptionView {
  return { ...row, ...whenOf(tx, row) }
}

function whenOf(tx: ActorTx, { madeAt, endsAt, endedAt }: Pick<ExceptionRow, 'madeAt' | 'endsAt' | 'endedAt'>) {
  return {
    madeAt: madeAt.toISOString(),
    endsAt: endsAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    lives: endedAt === null && nowIn(tx) < endsAt,
  }
}
