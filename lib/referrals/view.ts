import type { Actor } from '@/lib/access/actor'
import type { NetworkClock } from '@/lib/agencies/network-schema'

import { clockView } from './clock/rules'
import type { Awaited, ClockMoments } from './clock/schema'
import type { ReferralRow } from './data'
import { isLeftToAnother, mayMove, type ReferralStanding } from './policy'
import { MOVE_KEYS, type Decision, type Move, type ReferralLine } from './schema'

/** What a referral's readers see its clock by: the network's calendar, and now. */
export type Watch = { readonly clock: NetworkClock; readonly now: Date }

/** A referral's skeleton as its readers see it. */
export function lineOf(row: ReferralRow, watch: Watch): ReferralLine {
  return {
    code: row.code,
    kind: row.kind,
    anonymous: row.anonymous,
    reconsiders: row.reconsiders,
    reconsideredBy: row.reconsidered_by,
    side: row.side,
    case: row.case_code,
    state: row.state,
    urgency: row.urgency,
    fromAgency: row.from_key,
    fromAgencyName: row.from_name,
    toAgency: row.to_key,
    toAgencyName: row.to_name,
    directoryService: row.service_code,
    serviceName: row.service_name,
    category: row.service_category,
    type: row.service_type,
    needs: row.needs,
    createdAt: row.created_at.toISOString(),
    sentAt: iso(row.sent_at),
    acknowledgedAt: iso(row.acknowledged_at),
    answeredAt: iso(row.answered_at),
    startsOn: row.starts_on,
    serviceSince: iso(row.service_since),
    completedAt: iso(row.completed_at),
    endedAt: iso(row.ended_at),
    endedWhy: row.ended_why,
    declineReason: row.decline_reason,
    outcome: row.outcome,
    feedback: row.feedback,
    decision: decisionOf(row),
    acknowledgeBy: iso(row.acknowledge_by),
    decideBy: iso(row.decide_by),
    // A question to the authority is late, and never over.
    expiresAt: row.kind === 'identification' ? null : iso(row.expires_at),
    pausedAt: iso(row.paused_at),
    overdue: row.overdue,
    clock: clockOf(row, watch),
    version: row.version,
  }
}

function decisionOf(row: ReferralRow): Decision | null {
  const { decision: status, deciding_body: body, decided_on: on, decision_reason: reason } = row
  return status === null || body === null || on === null || reason === null ? null : { status, body, on, reason }
}

function clockOf(row: ReferralRow, { clock, now }: Watch): ReferralLine['clock'] {
  const moments = momentsOf(row)
  const awaited = awaitedOf(row)
  if (moments === null || awaited === null) return null
  return clockView(
    clock.calendar,
    { urgency: row.urgency, moments, awaited, needBy: null, stoppedAt: row.paused_at },
    now,
  )
}

function awaitedOf({ state, state_before: before }: ReferralRow): Awaited | null {
  const asked = state === 'info_requested' ? before : state
  if (asked === 'sent') return 'acknowledge'
  return asked === 'acknowledged' ? 'decide' : null
}

/** The moments of a referral's clock; null before it was sent. */
export function momentsOf(row: ReferralRow): ClockMoments | null {
  const { clock_started_at: startedAt, acknowledge_half_at: acknowledgeHalfAt, acknowledge_by: acknowledgeBy } = row
  const { acknowledge_late_at: acknowledgeLateAt, decide_half_at: decideHalfAt, decide_by: decideBy } = row
  const { decide_late_at: decideLateAt, expires_at: expiresAt } = row
  if (startedAt === null || acknowledgeHalfAt === null || acknowledgeBy === null || acknowledgeLateAt === null)
    return null
  if (decideHalfAt === null || decideBy === null || decideLateAt === null || expiresAt === null) return null
  return {
    startedAt,
    acknowledgeHalfAt,
    acknowledgeBy,
    acknowledgeLateAt,
    decideHalfAt,
    decideBy,
    decideLateAt,
    expiresAt,
  }
}

/** The moves that the actor may make of it now, in the order in which pages offer them; and whether one is left to another. */
export function movesOf(
  actor: Actor,
  row: ReferralRow,
  { awaitsBasis, unanswered }: Pick<ReferralStanding, 'awaitsBasis' | 'unanswered'>,
): { readonly may: readonly Move[]; readonly leftToAnother: boolean } {
  const standing = {
    kind: row.kind,
    side: row.side,
    state: row.state,
    stateBefore: row.state_before,
    awaitsBasis,
    unanswered,
    onTeam: row.on_team,
    answers: row.answers,
    decidedFirst: row.decided_first,
  }
  return {
    may: MOVE_KEYS.filter((move): move is Move => move !== 'expire').filter((move) => mayMove(actor, standing, move)),
    leftToAnother: isLeftToAnother(actor, standing),
  }
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
