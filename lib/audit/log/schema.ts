import { z } from 'zod'

/** Which part of the log: of the cases that a member is on, of the agency, of accounts, of the network's referrals. */
export const LOG_SCOPES = ['agency', 'cases', 'accounts', 'referrals'] as const
export type LogScope = (typeof LOG_SCOPES)[number]

const day = z.iso.date({ error: 'audit.errors.day' }).refine((typed) => typed >= '1900', { error: 'audit.errors.day' })

/** What may be asked of the log; days are the agency's, both included. */
export const logFilters = z.strictObject({
  scope: z.enum(LOG_SCOPES).optional(),
  type: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/, { error: 'audit.errors.type' })
    .max(60)
    .optional(),
  /** The code of a record; of a case or person, everything about it. */
  subject: z.string().trim().min(1).max(64).optional(),
  from: day.optional(),
  to: day.optional(),
  cursor: z.string().min(1).max(600).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type LogFilters = z.infer<typeof logFilters>

/** An event as pages and the API show it: codes and names of fields, no values. */
export type LogEventView = {
  readonly code: string
  readonly at: string
  readonly type: string
  readonly action: string
  readonly outcome: string
  /** Who acted; empty for the installation itself, and for members of another agency. Of referrals, for a coordinator: the agency. */
  readonly by: string
  readonly roles: readonly string[]
  readonly subject: string | null
  readonly fields: readonly string[]
  readonly purpose: string | null
  /** The consent, referral or rule that authorised it. */
  readonly basis: string | null
  readonly agency: string | null
  readonly actor: string | null
  readonly network: string | null
}

export type LogPageView = {
  readonly scope: LogScope
  readonly scopes: readonly LogScope[]
  /** What may be chosen as "what happened" in this part. */
  readonly types: readonly string[]
  readonly items: readonly LogEventView[]
  readonly earlierCursor: string | null
  readonly nextCursor: string | null
}
