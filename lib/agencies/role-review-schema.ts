import { z } from 'zod'

import type { MemberRole } from './member-schema'

export const ROLE_VERDICTS = ['agreed', 'not_agreed'] as const
export type RoleVerdict = (typeof ROLE_VERDICTS)[number]

export const reviewRolesInput = z.strictObject({
  review: z.string().max(64),
  verdict: z.enum(ROLE_VERDICTS, { error: 'errors.field.choose' }),
})
export type ReviewRolesInput = z.infer<typeof reviewRolesInput>

/** A change of roles that somebody outside of the agency looks at afterwards. */
export type RoleReviewView = {
  readonly code: string
  readonly agencyName: string
  readonly member: string
  readonly name: string
  readonly changedBy: string
  /** Empty for someone who was invited. */
  readonly rolesBefore: readonly MemberRole[]
  readonly rolesAfter: readonly MemberRole[]
  readonly changedAt: Date
  readonly dueAt: Date
  /** By which version of the network's calendar that was counted; null where it was before this was noted. */
  readonly calendarVersion: number | null
  readonly isLate: boolean
  readonly reviewedAt: Date | null
  readonly reviewedBy: string | null
  readonly verdict: RoleVerdict | null
  readonly mayDecide: boolean
}
