import { type ActorTx, nowIn, originOf } from '@/lib/access/with-actor'

import type { ReviewRolesInput, RoleReviewView } from './role-review-schema'

export type ReviewRolesAnswer = 'ok' | 'not_found' | 'wrong_state' | 'step_up'

/** The changes of roles that the actor has to do with, those that wait first. */
export async function listRoleChanges(tx: ActorTx): Promise<RoleReviewView[]> {
  const rows = await tx.$queryRaw<Omit<RoleReviewView, 'isLate'>[]>`
    SELECT code, agency_name AS "agencyName", member, name, changed_by AS "changedBy", roles_before AS "rolesBefore",
      roles_after AS "rolesAfter", changed_at AS "changedAt", due_at AS "dueAt", calendar_version AS "calendarVersion", reviewed_at AS "reviewedAt", reviewed_by AS "reviewedBy",
      verdict, may_decide AS "mayDecide"
    FROM app.role_reviews()`
  return rows.map((row) => ({ ...row, isLate: (row.reviewedAt ?? nowIn(tx)) > row.dueAt }))
}

export async function decideRoles(tx: ActorTx, { review, verdict }: ReviewRolesInput): Promise<ReviewRolesAnswer> {
  const rows = await tx.$queryRaw<{ answer: ReviewRolesAnswer }[]>`
    SELECT app.review_roles(${review}, ${verdict}, ${originOf(tx)}::jsonb) AS answer`
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('A review gives one answer')
  return answer
}
