import { z } from 'zod'

import type { MemberRole } from './member-schema'

export const keepAccessInput = z.strictObject({
  review: z.string().max(64),
  member: z.string().max(64),
  endTokens: z.boolean().optional(),
})
export type KeepAccessInput = z.infer<typeof keepAccessInput>

export type ReviewDecision = 'kept' | 'changed' | 'removed'

/** A quarterly review of an agency's members. */
export type AccessReviewView = {
  readonly code: string
  readonly agencyName: string
  readonly isOwn: boolean
  /** The first day of its quarter. */
  readonly quarter: string
  readonly openedAt: Date
  readonly dueAt: Date
  /** By which version of the network's calendar that was counted; null where it was before this was noted. */
  readonly calendarVersion: number | null
  readonly completedAt: Date | null
  readonly decided: number
  readonly undecided: number
  readonly isLate: boolean
}

/** A member in a review: what they hold and, once somebody decided, what became of it. */
export type ReviewedMember = {
  readonly member: string
  readonly name: string
  readonly email: string
  readonly roles: readonly MemberRole[]
  readonly unit: string | null
  readonly since: Date
  readonly signedInAt: Date | null
  readonly tokens: number
  readonly covers: number
  readonly decision: ReviewDecision | null
  readonly decidedAt: Date | null
  readonly decidedBy: string | null
  readonly mayDecide: boolean
}
