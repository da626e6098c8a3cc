import type { Actor } from '@/lib/access/actor'

import type { ReferralRow } from './data'
import { mayMove } from './policy'
import { MOVE_KEYS, type Move, type ReferralLine } from './schema'

/** A referral's skeleton as its readers see it. */
export function lineOf(row: ReferralRow): ReferralLine {
  return {
    code: row.code,
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
    acknowledgeBy: iso(row.acknowledge_by),
    decideBy: iso(row.decide_by),
    expiresAt: iso(row.expires_at),
    pausedAt: iso(row.paused_at),
    overdue: row.overdue,
    version: row.version,
  }
}

/** The moves that the actor may make of it now, in the order in which pages offer them. */
export function movesOf(actor: Actor, row: ReferralRow): readonly Move[] {
  const standing = {
    side: row.side,
    state: row.state,
    stateBefore: row.state_before,
    onTeam: row.on_team,
    answers: row.answers,
  }
  return MOVE_KEYS.filter((move): move is Move => move !== 'expire').filter((move) => mayMove(actor, standing, move))
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
