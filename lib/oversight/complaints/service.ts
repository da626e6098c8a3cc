import 'server-only'
import type { Actor } from '@/lib/access/actor'
import type { Counter } from '@/lib/access/counters'
import { holds } from '@/lib/access/permissions'
import { aboutSubject, actorOf, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { maskNames } from '@/lib/people/free-text/rules'
import { unwrapComplaintKey } from '@/lib/platform/crypto/complaint-keys'
import { openText } from '@/lib/platform/crypto/envelope'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { bodyKey, unwrapBodyKey } from '../keys/body-keys'
import {
  findRecipientOfMember,
  insertMemberComplaint,
  insertSlip,
  listComplaintRows,
  listSlipRows,
  moveComplaint,
  openComplaint,
  type OpenedComplaint,
} from './data'
import { complaintId, sealedFor } from './filing-service'
import { movesFrom } from './rules'
import type {
  ComplaintPage,
  ComplaintView,
  ListComplaintsInput,
  MemberComplaintInput,
  MoveComplaintInput,
  PrintSlipInput,
  SlipList,
} from './schema'

const PAGE = 50

/** Prints a slip with a code of its own for the person of a case. Refuses with `not_found` everybody but its team. */
export async function printSlip(
  actor: Actor,
  input: PrintSlipInput,
): Promise<Result<{ readonly code: string; readonly case: string }>> {
  return withActor(actor, async (tx) => {
    const file = parseCode(input.case, 'CAS')
    if (!holds(actor, 'complaint-slip:print') || file === null) return refuse('not_found')
    aboutSubject(tx, file)
    const code = await insertSlip(tx, file)
    return code === null ? refuse('not_found') : ok({ code, case: file })
  })
}

/** The slips of a case, by code and day: whether one was used is told to nobody. An empty list for all but its team. */
export async function listSlips(actor: Actor, input: { readonly case: string }): Promise<Result<SlipList>> {
  return withActor(actor, async (tx) => {
    const file = parseCode(input.case, 'CAS')
    if (!holds(actor, 'complaint-slip:print') || file === null) return refuse('not_found')
    aboutSubject(tx, file)
    const rows = await listSlipRows(tx, file)
    await record(tx, { type: 'complaint-slip.listed', subject: file })
    const items = rows.map(({ printedAt, ...row }) => ({ ...row, printedAt: printedAt.toISOString() }))
    return ok({ case: file, items })
  })
}

/** The agencies that a member may complain of: those of their network. */
export async function prepareMemberComplaint(
  actor: Actor,
): Promise<Result<{ readonly agencies: readonly { readonly key: string; readonly name: string }[] }>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'complaint:make')) return refuse('forbidden')
    const agencies = await tx.agency.findMany({
      where: { networkId: actorOf(tx).network, kind: { not: 'operator' } },
      orderBy: [{ name: 'asc' }, { key: 'asc' }],
      select: { key: true, name: true },
      take: 1000,
    })
    return ok({ agencies })
  })
}

/**
 * Takes a member's complaint to the body that oversees, past their own agency. The log says that one came, not whose it
 * is, and nothing says so unless the member ticked it.
 *
 * Refuses with `conflict` while no body takes complaints, and `too_many` after a few. The same form sent again gives the code
 * of its first press.
 */
export async function fileMemberComplaint(
  actor: Actor,
  input: MemberComplaintInput,
  { key: pressed, counters }: { readonly key: string | null; readonly counters: readonly Counter[] },
): Promise<Result<{ readonly code: string }>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'complaint:make')) return refuse('forbidden')
    const recipient = await findRecipientOfMember(tx)
    if (recipient === null) return refuse('conflict', 'no_body')
    const key = unwrapBodyKey(recipient)
    const id = complaintId(pressed, actor.member, input)
    const { subject, ground, named, agency, text } = input
    const made = await insertMemberComplaint(tx, {
      id,
      about: agency ?? null,
      counters,
      told: {
        subject,
        ground: subject === 'treated_unequally' ? (ground ?? null) : null,
        named,
        locale: actor.locale,
      },
      text: text === undefined ? null : { ...sealedFor(key, id, maskNames(text)), version: recipient.version },
    })
    if (made === null) return refuse('conflict', 'no_body')
    return made.code === null ? refuse('too_many', 'complaint_wait') : ok({ code: made.code })
  })
}

/** The complaints of the auditor's body, the latest first. Refuses with `not_found` everybody else. */
export async function listComplaints(actor: Actor, input: ListComplaintsInput): Promise<Result<ComplaintPage>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'complaint:answer')) return refuse('not_found')
    const scope = `complaints:${input.state ?? ''}:${input.subject ?? ''}`
    const cursor = input.cursor === undefined ? null : openCursor(scope, input.cursor)
    if (input.cursor !== undefined && cursor === null)
      return refuse('invalid', undefined, { cursor: ['errors.field.not_valid'] })
    const rows = await listComplaintRows(tx, input, cursor, PAGE + 1)
    const page = pageOf(scope, cursor, PAGE, rows, ({ sort, id }) => [sort, id])
    await record(tx, { type: 'complaint.listed', purpose: 'oversight' })
    return ok({
      items: page.rows.map(({ id: _id, sort: _sort, filedAt, ...line }) => ({
        ...line,
        filedAt: filedAt.toISOString(),
      })),
      earlierCursor: page.earlier,
      nextCursor: page.later,
    })
  })
}

/** One complaint with what was told, opened for its body. Refuses with `not_found` everybody else. */
export async function viewComplaint(
  actor: Actor,
  input: { readonly complaint: string },
): Promise<Result<ComplaintView>> {
  return withActor(actor, async (tx) => {
    const code = parseCode(input.complaint, 'CPL')
    if (!holds(actor, 'complaint:answer') || code === null) return refuse('not_found')
    aboutSubject(tx, code)
    const opened = await openComplaint(tx, code)
    return opened === null ? refuse('not_found') : ok(await viewOf(tx, opened))
  })
}

/**
 * Says that a complaint is looked at, answers it, or closes it. Refuses with `not_found` everybody but an auditor of its
 * body, `stale` when a colleague was quicker, and `conflict` for a move that its state doesn't allow.
 */
export async function changeComplaint(
  actor: Actor,
  input: MoveComplaintInput,
): Promise<Result<{ readonly code: string }>> {
  return withActor(actor, async (tx) => {
    const code = parseCode(input.complaint, 'CPL')
    if (!holds(actor, 'complaint:answer') || code === null) return refuse('not_found')
    aboutSubject(tx, code)
    switch (await moveComplaint(tx, { ...input, complaint: code })) {
      case 'ok':
        return ok({ code })
      case 'stale':
        return refuse('stale')
      case 'wrong_state':
        return refuse('conflict', 'wrong_state')
      default:
        return refuse('not_found')
    }
  })
}

async function viewOf(tx: ActorTx, opened: OpenedComplaint): Promise<ComplaintView> {
  const { id: _i, sealed: _s, wrapVersion: _v, wrapped: _w, filedAt, movedAt, ...view } = opened
  const text = await textOf(tx, opened)
  return {
    ...view,
    text,
    hasText: text !== null,
    filedAt: filedAt.toISOString(),
    movedAt: movedAt?.toISOString() ?? null,
    mayBecome: movesFrom(view.state),
  }
}

/** What was told, opened by the key of the body. */
async function textOf(tx: ActorTx, { id, sealed, wrapVersion, wrapped }: OpenedComplaint): Promise<string | null> {
  if (sealed === null || wrapVersion === null || wrapped === null) return null
  const { agency } = actorOf(tx)
  const key = unwrapComplaintKey(await bodyKey(tx, wrapVersion), id, wrapped)
  return openText(key, { table: 'complaint', column: 'sealed', row: id, agency }, sealed)
}
