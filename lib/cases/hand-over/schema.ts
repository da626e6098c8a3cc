import { z } from 'zod'

import type { CaseStage, CaseStatus, RiskLevel } from '../schema'

/** How many cases one transaction hands over, and how many one request at most; the rest goes on at the next press. */
export const BATCH = 250
export const AT_ONCE = 2_500

/** How many cases the page lists. */
export const PAGE = 50

const codes = z.array(z.string().max(64))

export const handOverInput = z
  .strictObject({
    scope: z.enum(['chosen', 'all'], { error: 'staffing.hand_over.scope.required' }),
    cases: codes.max(PAGE * 4).default([]),
    members: codes.min(1, { error: 'staffing.hand_over.members.required' }).max(200),
  })
  .refine(({ scope, cases }) => scope === 'all' || cases.length > 0, {
    path: ['cases'],
    error: 'staffing.hand_over.cases.required',
  })
export type HandOverInput = z.infer<typeof handOverInput>

/** A case that waits for a new team: its outline, never who it is about. */
export type WaitingCaseView = {
  readonly code: string
  readonly status: CaseStatus
  readonly stage: CaseStage
  readonly risk: RiskLevel | null
  readonly unit: string | null
  /** Who left. */
  readonly from: string
  readonly since: Date
}

export type ReceiverView = {
  readonly code: string
  readonly name: string
  readonly unit: string | null
  /** Open cases that they work on. */
  readonly load: number
  /** Whether they are away now. */
  readonly isAway: boolean
}

export type HandOverView = {
  readonly cases: readonly WaitingCaseView[]
  readonly total: number
  readonly receivers: readonly ReceiverView[]
}

/** How far a hand-over came: what was given out, and what still waits. */
export type HandOverDone = { readonly done: number; readonly left: number }
