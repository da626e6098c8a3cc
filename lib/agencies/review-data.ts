import 'server-only'
import { type ActorTx, nowIn, originOf } from '@/lib/access/with-actor'

import type { AccessReviewView, KeepAccessInput, ReviewedMember } from './review-schema'

export type KeepAnswer = 'ok' | 'not_found' | 'wrong_state' | 'step_up'

/** The reviews that the actor has to do with: their own agency's, and others that wait for the system administrator. */
export async function listReviews(tx: ActorTx): Promise<AccessReviewView[]> {
  const rows = await tx.$queryRaw<Omit<AccessReviewView, 'isLate'>[]>`
    SELECT code, agency_name AS "agencyName", is_own AS "isOwn", to_char(quarter, 'YYYY-MM-DD') AS quarter, opened_at AS "openedAt",
      due_at AS "dueAt", calendar_version AS "calendarVersion", completed_at AS "completedAt", decided, undecided
    FROM app.access_reviews()`
  return rows.map((row) => ({ ...row, isLate: row.completedAt === null && row.dueAt < nowIn(tx) }))
}

/** The members of a review, those who wait first. */
export async function listReviewed(tx: ActorTx, review: string): Promise<ReviewedMember[]> {
  return tx.$queryRaw<ReviewedMember[]>`
    SELECT member, name, email, roles, unit, since, signed_in_at AS "signedInAt", tokens, covers, decision, decided_at AS "decidedAt",
      decided_by AS "decidedBy", may_decide AS "mayDecide"
    FROM app.access_review_rows(${review})`
}

export async function markKept(
  tx: ActorTx,
  { review, member, endTokens = false }: KeepAccessInput,
): Promise<KeepAnswer> {
  const rows = await tx.$queryRaw<{ answer: KeepAnswer }[]>`
    SELECT app.keep_access(${review}, ${member}, ${endTokens}, ${originOf(tx)}::jsonb) AS answer`
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('A review gives one answer')
  return answer
}
