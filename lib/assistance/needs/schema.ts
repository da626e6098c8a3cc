import { z } from 'zod'
import type { ContactLimit } from '@/lib/agencies/network-schema'
import { categoryKey } from '@/lib/mandate/schema'
import { isServiceTypeOf, type CategoryKey } from '@/lib/mandate/categories'

import { calendarDay, recordCode, recordVersion } from '../fields'

export const URGENCIES = ['emergency', 'urgent', 'routine'] as const
export type Urgency = (typeof URGENCIES)[number]

export const NEED_STATES = ['open', 'planned', 'being_met', 'met', 'not_met', 'withdrawn'] as const
export type NeedState = (typeof NEED_STATES)[number]

/** Why a need could not be met; never a trait of the person. */
export const NOT_MET_REASONS = [
  'no_capacity',
  'not_eligible',
  'outside_area',
  'person_declined',
  'unavailable',
  'other',
] as const
export type NotMetReason = (typeof NOT_MET_REASONS)[number]

const needType = z.string().max(60, { error: 'mandate.errors.type' })

/** A need that was found. Without an urgency it is routine; without a day it was found today. */
export const addNeedFields = {
  category: categoryKey,
  type: needType.optional(),
  urgency: z.enum(URGENCIES, { error: 'assistance.need.urgency.required' }).default('routine'),
  foundOn: calendarDay.optional(),
}

function checkType(entry: { category: CategoryKey; type?: string | undefined }, context: z.core.$RefinementCtx): void {
  if (entry.type !== undefined && !isServiceTypeOf(entry.category, entry.type)) {
    context.addIssue({ code: 'custom', path: ['type'], message: 'mandate.errors.type' })
  }
}

export const addNeedInput = z.strictObject({ case: recordCode, ...addNeedFields }).superRefine(checkType)
/** The same where the address names the case. */
export const addNeedBody = z.strictObject(addNeedFields).superRefine(checkType)
export type AddNeedInput = z.infer<typeof addNeedInput>

/** What changes on a need. Left out means left as it is. */
export const changeNeedFields = {
  state: z.enum(NEED_STATES).optional(),
  notMetReason: z.enum(NOT_MET_REASONS, { error: 'assistance.need.not_met.required' }).optional(),
  urgency: z.enum(URGENCIES).optional(),
  type: needType.nullable().optional(),
  metOn: calendarDay.optional(),
}

function checkReason(
  entry: { state?: string | undefined; notMetReason?: string | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (entry.state === 'not_met' && entry.notMetReason === undefined) {
    context.addIssue({ code: 'custom', path: ['notMetReason'], message: 'assistance.need.not_met.required' })
  }
}

export const changeNeedInput = z
  .strictObject({ need: recordCode, version: recordVersion, ...changeNeedFields })
  .superRefine(checkReason)
/** The same where address and `If-Match` name need and version. */
export const changeNeedBody = z.strictObject(changeNeedFields).superRefine(checkReason)
export type ChangeNeedInput = z.infer<typeof changeNeedInput>

/** Which needs of the agency, or of one case. */
export const listNeedsInput = z.strictObject({
  case: recordCode.optional(),
  category: categoryKey.optional(),
  urgency: z.enum(URGENCIES).optional(),
  /** `living` are open, planned and being met. */
  state: z.enum([...NEED_STATES, 'living']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional(),
})
export type ListNeedsInput = z.infer<typeof listNeedsInput>

/** Who can help with a need: narrowed by what isn't known of the person. */
export const findHelpInput = z.strictObject({
  need: recordCode,
  area: z.string().max(60).optional(),
  stepFree: z.enum(['yes']).optional(),
  withChildren: z.enum(['yes']).optional(),
  room: z.enum(['yes']).optional(),
  all: z.enum(['yes']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(900).optional(),
})
export type FindHelpInput = z.output<typeof findHelpInput>

/** A need as a referral is made for it. */
export type NeedToRefer = {
  readonly id: string
  readonly code: string
  readonly category: CategoryKey
  readonly type: string | null
  readonly urgency: Urgency
  readonly state: NeedState
}

/** A need as screens and the API see it. */
export type NeedView = {
  readonly code: string
  readonly case: string
  /** The person's code; null for those who may not know of the person. */
  readonly person: string | null
  readonly agency: string
  readonly agencyName: string
  readonly category: CategoryKey
  readonly type: string | null
  readonly urgency: Urgency
  readonly state: NeedState
  readonly notMetReason: NotMetReason | null
  readonly foundOn: string
  /** By when the person should have been reached about it, in UTC. */
  readonly contactDueAt: string
  /** Where the limit comes from: a message key of a standard, or the network's own words. */
  readonly contactLimit: ContactLimit
  readonly isLate: boolean
  readonly metOn: string | null
  readonly version: number
  readonly mayChange: boolean
}

export type NeedPage = {
  readonly items: readonly NeedView[]
  readonly nextCursor: string | null
  readonly previousCursor: string | null
}
