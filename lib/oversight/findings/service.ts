import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { aboutSubject, actorOf, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { maskText } from '@/lib/people/free-text/service'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { addDays } from '@/lib/platform/zone'

import {
  countFindings,
  findEvidence,
  findFinding,
  findSource,
  listFindingRows,
  readTexts,
  type FindingRow,
} from './data'
import { openFindingKey, openFindingText } from './keys'
import { findingMoves, mayMakeFindings, mayReadFindings } from './policy'
import type {
  FindingEvidence,
  FindingForm,
  FindingInput,
  FindingLine,
  FindingPage,
  FindingSourceInput,
  FindingState,
  FindingSummary,
  FindingTextView,
  FindingView,
  ListFindingsInput,
} from './schema'

const PAGE = 50
const LATEST = 5
const DAYS_TO_ANSWER = 14

/**
 * The findings that the actor may know, the latest first: for an auditor those of their body, for an agency's supervisor
 * those that were sent to it, for its administrator those about accounts. Refuses with `forbidden` other roles, and with
 * `invalid` a cursor of another list.
 */
export async function listFindings(actor: Actor, input: ListFindingsInput): Promise<Result<FindingPage>> {
  return withActor(actor, async (tx) => {
    if (!mayReadFindings(actor)) return refuse('forbidden')
    const { cursor: given, limit = PAGE, ...asked } = input
    const filters = {
      ...(asked.state === undefined ? {} : { state: asked.state }),
      ...(asked.agency === undefined ? {} : { agency: asked.agency }),
      ...(asked.late === undefined ? {} : { late: asked.late }),
    }
    const scope = `findings:${JSON.stringify(filters)}`
    const cursor = given === undefined ? null : openCursor(scope, given)
    if (given !== undefined && cursor === null)
      return refuse('invalid', undefined, { cursor: ['errors.field.not_valid'] })
    const read = await listFindingRows(tx, filters, cursor, limit + 1)
    const page = pageOf(scope, cursor, limit, read, ({ sort, id }) => [sort, id])
    await record(tx, { type: 'finding.listed' })
    return ok({ items: page.rows.map(lineOf), earlierCursor: page.earlier, nextCursor: page.later })
  })
}

/** How many of the findings that the actor may know stand where, and the latest ones. Refuses with `forbidden` other roles. */
export async function summariseFindings(actor: Actor): Promise<Result<FindingSummary>> {
  return withActor(actor, async (tx) => {
    if (!mayReadFindings(actor)) return refuse('forbidden')
    const counts = await countFindings(tx)
    const latest = await listFindingRows(tx, {}, null, LATEST)
    await record(tx, { type: 'finding.listed' })
    const found = new Map(counts.map(({ state, n }) => [state, n]))
    const count = (state: FindingState) => found.get(state) ?? 0
    return ok({
      byState: {
        draft: count('draft'),
        sent: count('sent'),
        answered: count('answered'),
        accepted: count('accepted'),
        reopened: count('reopened'),
        withdrawn: count('withdrawn'),
      },
      late: counts.reduce((sum, { late }) => sum + late, 0),
      latest: latest.map(lineOf),
    })
  })
}

/** One finding with its evidence and what was written. Refuses with `not_found` whoever it doesn't concern. */
export async function viewFinding(actor: Actor, input: FindingInput): Promise<Result<FindingView>> {
  return withActor(actor, async (tx) => {
    const row = await findForActor(tx, input.finding)
    return row === null ? refuse('not_found') : ok(await viewIn(tx, row))
  })
}

/**
 * What the form for a new finding needs to know of its source. Refuses with `not_found` everybody but an auditor, and a
 * source that isn't there or in which nothing was found.
 */
export async function prepareFinding(actor: Actor, source: FindingSourceInput): Promise<Result<FindingForm>> {
  return withActor(actor, async (tx) => {
    if (!mayMakeFindings(actor)) return refuse('not_found')
    const found = await findSource(tx, source)
    if (found === null) return refuse('not_found')
    return ok({ ...found, source, answerDue: addDays(todayIn(tx), DAYS_TO_ANSWER) })
  })
}

/** A finding by what somebody gave as its code, when the actor may know it. For this part, inside a transaction. */
export async function findForActor(tx: ActorTx, text: string): Promise<FindingRow | null> {
  const code = parseCode(text, 'FND')
  if (!mayReadFindings(actorOf(tx)) || code === null) return null
  aboutSubject(tx, code)
  return findFinding(tx, code)
}

/** A finding with its evidence and its texts, as the actor's side sees it. For this part, inside a transaction. */
export async function viewIn(tx: ActorTx, row: FindingRow): Promise<FindingView> {
  const line = lineOf(row)
  return {
    ...line,
    evidence: await evidenceIn(tx, row.code),
    texts: await textsIn(tx, row),
    may: findingMoves(actorOf(tx), line),
  }
}

async function evidenceIn(tx: ActorTx, code: string): Promise<FindingEvidence> {
  const {
    evidence,
    digest,
    holds,
    as_of: asOf,
    checkpoint_size: size,
    checkpoint_hash: hash,
  } = await findEvidence(tx, code)
  return {
    ...evidence,
    ...{ digest, holds },
    asOf: asOf.toISOString(),
    checkpoint: size === null || hash === null ? null : { size: Number(size), hash },
  }
}

async function textsIn(tx: ActorTx, { code, side }: FindingRow): Promise<readonly FindingTextView[]> {
  const views: FindingTextView[] = []
  for (const row of await readTexts(tx, code)) {
    const key = await openFindingKey(tx, row)
    const text = openFindingText(key, row.holder, row.place, row.sealed)
    // What an agency wrote was searched for who somebody is when it came; an auditor reads it masked all the same.
    const shown = side === 'body' && !row.own ? maskText(text) : text
    views.push({ kind: row.kind, text: shown, at: row.at.toISOString(), own: row.own })
  }
  return views
}

function lineOf(row: FindingRow): FindingLine {
  const { code, side, state, late, grade, basis, subject, headline, agency, version } = row
  return {
    ...{ code, side, state, late, grade, basis, subject, headline, agency, version },
    source: { kind: row.source_kind, code: row.source_code, item: row.source_item },
    agencyName: row.agency_name,
    bodyName: row.body_name,
    sentAt: row.sent_at?.toISOString() ?? null,
    answerDue: row.answer_due,
    answeredAt: row.answered_at?.toISOString() ?? null,
    closedAt: row.closed_at?.toISOString() ?? null,
    actionDue: row.action_due,
    actionDoneOn: row.action_done_on,
  }
}
