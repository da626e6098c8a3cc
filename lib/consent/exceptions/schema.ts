import { z } from 'zod'

import { FIELD_KEYS, type FieldKey } from '../fields'
import { SHARING_PURPOSES, type SharingPurpose } from '../sharing/schema'

/** What allows something to go without the person's consent. */
export const EXCEPTION_BASES = ['vital_interest', 'best_interests', 'legal_duty'] as const
export type ExceptionBasis = (typeof EXCEPTION_BASES)[number]

/** What a coordinator or an auditor finds of it. */
export const EXCEPTION_VERDICTS = ['justified', 'not_justified', 'follow_up'] as const
export type ExceptionVerdict = (typeof EXCEPTION_VERDICTS)[number]

/** For how many days it may hold at most: long enough to reach the person and ask them. */
export const LONGEST_EXCEPTION_DAYS = 30

const code = z.string().trim().min(1).max(64)

export const makeExceptionInput = z.strictObject({
  case: code,
  agency: z.string({ error: 'exceptions.errors.agency' }).trim().min(1, { error: 'exceptions.errors.agency' }).max(60),
  purpose: z.enum(SHARING_PURPOSES, { error: 'exceptions.errors.purpose' }),
  fields: z
    .array(z.enum(FIELD_KEYS as [FieldKey, ...FieldKey[]]), { error: 'exceptions.errors.fields' })
    .min(1, { error: 'exceptions.errors.fields' })
    .max(FIELD_KEYS.length),
  basis: z.enum(EXCEPTION_BASES, { error: 'exceptions.errors.basis' }),
  reason: z
    .string({ error: 'exceptions.errors.reason' })
    .trim()
    .min(20, { error: 'exceptions.errors.reason' })
    .max(2_000, { error: 'exceptions.errors.too_long' }),
  reasonKept: z.string().trim().max(200).optional(),
  days: z.coerce
    .number({ error: 'exceptions.errors.days' })
    .int({ error: 'exceptions.errors.days' })
    .min(1, { error: 'exceptions.errors.days' })
    .max(LONGEST_EXCEPTION_DAYS, { error: 'exceptions.errors.days' }),
})
export type MakeExceptionInput = z.infer<typeof makeExceptionInput>

export const exceptionInput = z.strictObject({ exception: code })
export type ExceptionInput = z.infer<typeof exceptionInput>

export const settleExceptionInput = z.strictObject({
  exception: code,
  verdict: z.enum(EXCEPTION_VERDICTS, { error: 'exceptions.errors.verdict' }),
})
export type SettleExceptionInput = z.infer<typeof settleExceptionInput>

export const givePermissionInput = z.strictObject({ member: z.string().max(64), given: z.enum(['yes', 'no']) })
export type GivePermissionInput = z.infer<typeof givePermissionInput>

/** Sharing without consent as the team of the case sees it. Why, in words, stays shut. */
export type CaseExceptionView = {
  readonly code: string
  readonly case: string
  readonly agencyName: string
  readonly purpose: SharingPurpose
  readonly fields: readonly FieldKey[]
  readonly basis: ExceptionBasis
  readonly by: string | null
  readonly madeAt: string
  readonly endsAt: string
  readonly endedAt: string | null
  readonly lives: boolean
}

/** The same as coordinator and auditor see it: no person, no case, no member, no words. */
export type QueuedExceptionView = {
  readonly code: string
  readonly agency: string
  readonly receiver: string
  readonly purpose: SharingPurpose
  readonly fields: readonly FieldKey[]
  readonly basis: ExceptionBasis
  readonly madeAt: string
  readonly endsAt: string
  readonly endedAt: string | null
  readonly lives: boolean
  readonly own: ExceptionVerdict | null
  readonly coordinator: ExceptionVerdict | null
  readonly auditor: ExceptionVerdict | null
}
