import 'server-only'

import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { holds } from '@/lib/access/permissions'
import { aboutSubject, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import type { CategoryKey } from '@/lib/mandate/categories'
import { openCursor, sealCursor } from '@/lib/platform/cursor'
import { newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import type { Purpose } from '../network-schema'
import {
  findAgreement,
  findCovering,
  insertAgreement,
  listAgreementRows,
  listPossibleParties,
  markLeft,
  markSigned,
  type AgreementAnswer,
  type AgreementRow,
} from './data'
import { mayEnd, maySign, maySignAgreements } from './policy'
import type {
  AgreementInput,
  AgreementList,
  AgreementView,
  ChangeAgreementInput,
  Covering,
  ListAgreementsInput,
  PossibleParty,
  ProposeAgreementInput,
} from './schema'

const PAGE = 50

/**
 * The agreements of the actor's agency; for coordinator and auditor those of the network. The latest proposed first.
 * Refuses with `forbidden` other roles, `invalid` a cursor of another list.
 */
export async function listAgreements(actor: Actor, input: ListAgreementsInput): Promise<Result<AgreementList>> {
  if (!holds(actor, 'agreement:read')) return refuse('forbidden')
  const scope = `agreements:${input.state ?? ''}`
  const cursor = input.cursor === undefined ? undefined : openCursor(scope, input.cursor)
  if (cursor === null) return refuse('invalid', undefined, { cursor: ['errors.field.not_valid'] })
  const [at, id] = cursor?.position ?? []
  return withActor(actor, async (tx) => {
    const after = typeof at === 'string' && typeof id === 'string' ? { at, id } : null
    const found = await listAgreementRows(tx, input.state ?? null, after, PAGE + 1)
    const rows = found.slice(0, PAGE)
    const last = rows.at(-1)
    const hasMore = found.length > rows.length && last !== undefined
    await record(tx, { type: 'agreement.listed' })
    return ok({
      items: rows.map((row) => viewOf(actor, row)),
      nextCursor: hasMore ? sealCursor(scope, { direction: 'after', position: [last.proposedAt, last.id] }) : null,
    })
  })
}

/** One agreement. Refuses with `not_found` whoever it doesn't concern. */
export async function viewAgreement(actor: Actor, input: AgreementInput): Promise<Result<AgreementView>> {
  if (!holds(actor, 'agreement:read')) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findForActor(tx, input.agreement)
    if (found === null) return refuse('not_found')
    await record(tx, { type: 'agreement.viewed', subject: found.code })
    return ok(viewOf(actor, found))
  })
}

/** Whom the actor's agency may make an agreement with. Refuses with `forbidden` all but its administrator. */
export async function prepareAgreement(actor: Actor): Promise<Result<readonly PossibleParty[]>> {
  if (!maySignAgreements(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => ok(await listPossibleParties(tx)))
}

/**
 * Proposes an agreement and signs it for the actor's agency; the administrators of the others are told. Refuses with
 * `forbidden`, `step_up_required`, `invalid` an agency that is none of the network or named twice.
 */
export async function proposeAgreement(
  actor: Actor,
  input: ProposeAgreementInput,
): Promise<Result<{ readonly agreement: string }>> {
  if (!maySignAgreements(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const { answer, code } = await insertAgreement(tx, newId(), input)
    return refusalOf(answer) ?? ok({ agreement: code ?? '' })
  })
}

/**
 * Signs for the actor's agency; the last signature puts it in force. Refuses with `forbidden`, `step_up_required`,
 * `not_found`, `stale`, and `conflict` (`wrong_state`) when it waits for no signature of theirs.
 */
export async function signAgreement(
  actor: Actor,
  input: ChangeAgreementInput,
): Promise<Result<{ readonly agreement: string }>> {
  return onAgreement(actor, input, markSigned)
}

/**
 * Declines a proposal, or takes the actor's agency out of an agreement in force, which ends for all when fewer than two
 * are left. Refuses like `signAgreement`.
 */
export async function endAgreement(
  actor: Actor,
  input: ChangeAgreementInput,
): Promise<Result<{ readonly agreement: string }>> {
  return onAgreement(actor, input, markLeft)
}

/**
 * Under which agreement the actor's agency may pass data of a category to the agency with this id now; null when under
 * none (P05). For other parts, inside a transaction.
 */
export function coveringAgreementIn(
  tx: ActorTx,
  receiver: string,
  purpose: Purpose,
  category: CategoryKey,
): Promise<Covering | null> {
  return findCovering(tx, receiver, purpose, category)
}

async function onAgreement(
  actor: Actor,
  input: ChangeAgreementInput,
  change: (tx: ActorTx, code: string, version: number) => Promise<AgreementAnswer>,
): Promise<Result<{ readonly agreement: string }>> {
  if (!maySignAgreements(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const found = await findForActor(tx, input.agreement)
    if (found === null) return refuse('not_found')
    return refusalOf(await change(tx, found.code, input.version)) ?? ok({ agreement: found.code })
  })
}

async function findForActor(tx: ActorTx, text: string): Promise<AgreementRow | null> {
  const code = parseCode(text, 'AGR')
  if (code === null) return null
  aboutSubject(tx, code)
  return findAgreement(tx, code)
}

function refusalOf(answer: AgreementAnswer): Refused | null {
  switch (answer) {
    case 'ok':
      return null
    case 'parties':
      return refuse('invalid', 'parties', { parties: ['agreements.errors.parties'] })
    case 'wrong_state':
      return refuse('conflict', 'wrong_state')
    case 'step_up':
      return refuse('step_up_required')
    default:
      return refuse(answer)
  }
}

function viewOf(actor: Actor, { id: _id, ...row }: AgreementRow): AgreementView {
  return { ...row, may: { sign: maySign(actor, row), end: mayEnd(actor, row) } }
}
