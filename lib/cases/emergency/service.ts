import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { holds } from '@/lib/access/permissions'
import { aboutSubject, actorOf, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { flagIdentifying } from '@/lib/people/free-text/rules'
import { personKey, sealUnder, unsealUnder, type TextPlace } from '@/lib/people/sealing'
import { newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import {
  endEmergency,
  findEmergency,
  insertEmergency,
  listEmergencyLooks,
  listReviews,
  markReviewed,
  recordView,
  stateReason,
  type EmergencyRow,
} from './data'
import { mayEnd, mayOpenEmergency, mayReview } from './policy'
import { partsOf } from './rules'
import type {
  EmergencyFinding,
  EmergencyInput,
  EmergencyLineView,
  EmergencyView,
  OpenedEmergency,
  OpenEmergencyInput,
  ReviewEmergencyInput,
} from './schema'

/**
 * Opens one case or person of the actor's agency by its exact code, for four hours at most, though they are not on its
 * team. The team and the supervisors are told in the same transaction, and every look from here on names this access.
 * Whoever is on the team already gets the address and no access.
 *
 * Refuses with `forbidden` for roles without cases, `step_up_required` unless the actor has just proven who they are,
 * `invalid` for words that seem to hold identity, all before the code is looked at; then with `not_found` alone: a code
 * that was never given out, one of another agency, and one that restriction hides from the actor are the same.
 */
export async function openEmergency(actor: Actor, input: OpenEmergencyInput): Promise<Result<OpenedEmergency>> {
  return withActor(actor, async (tx) => {
    if (!mayOpenEmergency(actor)) return refuse('forbidden')
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const flagged = flagOf(input)
    if (flagged !== null) return flagged
    const code = parseCode(input.code, 'CAS') ?? parseCode(input.code, 'AMP')
    if (code === null) return refuse('not_found')
    aboutSubject(tx, code)
    const id = newId()
    const opened = await insertEmergency(tx, { id, code, reason: input.reason })
    if (opened === null) return refuse('not_found')
    if (opened.outcome === 'on_team') return ok({ access: null, address: opened.address, endsAt: null })
    const words = [input.words, input.wordsKept ?? ''].filter((text) => text !== '').join('\n')
    const key = await personKey(tx, opened.person)
    await stateReason(tx, id, sealUnder(key, actor.agency, placeOfReason(id), words))
    return ok({ access: opened.code, address: opened.address, endsAt: opened.endsAt?.toISOString() ?? null })
  })
}

/** Ends the actor's own access, at once. Refuses with `not_found`, and `conflict` (`wrong_state`) when it has ended. */
export async function endOwnEmergency(
  actor: Actor,
  input: EmergencyInput,
): Promise<Result<{ readonly access: string }>> {
  return withActor(actor, async (tx) => {
    const found = await findForActor(tx, input.access)
    if (found === null) return refuse('not_found')
    if (found.standing !== 'own') return refuse('forbidden')
    if (!mayEnd(actor, found)) return refuse('conflict', 'wrong_state')
    return (await endEmergency(tx, found.code)) ? ok({ access: found.code }) : refuse('conflict', 'wrong_state')
  })
}

/**
 * One access, for whoever opened it, the team, those who review it, and administrators once its review is missing. What
 * was read through it is not in it. Refuses with `not_found` for everybody else.
 */
export async function viewEmergency(actor: Actor, input: EmergencyInput): Promise<Result<EmergencyView>> {
  return withActor(actor, async (tx) => {
    const found = await findForActor(tx, input.access)
    if (found === null) return refuse('not_found')
    await recordView(tx, found.code)
    const looks = await listEmergencyLooks(tx, found.code)
    return ok({
      ...lineOf(found),
      words: await wordsOf(tx, found),
      looksAt: looks.map(({ at, type }) => ({ at: at.toISOString(), type })),
      may: { end: mayEnd(actor, found), review: mayReview(actor, found) },
    })
  })
}

/** What waits for the actor's review, the late ones first, and what was reviewed in the last 90 days. */
export async function listEmergencyReviews(actor: Actor): Promise<Result<readonly EmergencyLineView[]>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'emergency:review')) return refuse('forbidden')
    const rows = await listReviews(tx)
    await record(tx, { type: 'emergency-access.listed' })
    return ok(rows.map(lineOf))
  })
}

/**
 * Says what came of a review. Refuses with `not_found`, `forbidden` for whoever opened it and for everybody who doesn't
 * review it, and `conflict`: `still_open`, `wrong_state` when it has been reviewed.
 */
export async function reviewEmergency(
  actor: Actor,
  input: ReviewEmergencyInput,
): Promise<Result<{ readonly access: string }>> {
  return withActor(actor, async (tx) => {
    const found = await findForActor(tx, input.access)
    if (found === null) return refuse('not_found')
    if (!holds(actor, 'emergency:review') || found.standing !== 'review') return refuse('forbidden')
    const { verdict, reason } = partsOf(input.finding)
    const outcome = await markReviewed(tx, found.code, verdict, reason)
    if (outcome === 'ok') return ok({ access: found.code })
    return outcome === 'not_found' || outcome === 'forbidden' ? refuse(outcome) : refuse('conflict', outcome)
  })
}

async function findForActor(tx: ActorTx, text: string): Promise<EmergencyRow | null> {
  const code = parseCode(text, 'EMG')
  if (code === null || !holds(actorOf(tx), 'emergency:read')) return null
  aboutSubject(tx, code)
  return findEmergency(tx, code)
}

/**
 * Words that hold a number or an address, whoever they are about. The person's own names are not compared here: that
 * would tell, before anything is opened and anybody told, that the code names somebody.
 */
function flagOf({ words, wordsKept }: OpenEmergencyInput): Refused | null {
  if (wordsKept !== undefined && wordsKept !== '') return null
  const [first] = flagIdentifying(words)
  return first === undefined ? null : refuse('invalid', 'text_flagged', { words: [`people.flag.${first.kind}`] })
}

async function wordsOf(tx: ActorTx, row: EmergencyRow): Promise<string | null> {
  if (row.reasonText === null) return null
  const key = await personKey(tx, row.person)
  return unsealUnder(key, actorOf(tx).agency, placeOfReason(row.id), row.reasonText)
}

function placeOfReason(id: string): TextPlace {
  return { table: 'emergency_access', column: 'reason_text', row: id }
}

function lineOf(row: EmergencyRow): EmergencyLineView {
  const { reviewedAt, reviewer, verdict, verdictReason } = row
  return {
    code: row.code,
    standing: row.standing,
    member: row.member,
    agency: row.agency,
    subject: row.subject,
    reason: row.reasonCode,
    openedAt: row.openedAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    end: row.endReason,
    reviewDueAt: row.reviewDueAt.toISOString(),
    calendarVersion: row.calendarVersion,
    late: row.late,
    looks: row.looks,
    changes: row.changes,
    review:
      reviewedAt === null
        ? null
        : {
            at: reviewedAt.toISOString(),
            by: reviewer ?? '',
            finding: `${verdict ?? ''}:${verdictReason ?? ''}` as EmergencyFinding,
          },
  }
}
