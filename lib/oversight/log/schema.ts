import { z } from 'zod'

import { logFilters } from '@/lib/audit/log/schema'

/** What an auditor asks most often: a part of the log under one press. */
export const OVERSIGHT_VIEWS = ['looks', 'refusals', 'exports', 'emergencies', 'exceptions', 'rights'] as const
export type OversightView = (typeof OVERSIGHT_VIEWS)[number]

const code = z.string().trim().min(1).max(64)

/** What may be asked of the network's log; days are the auditor's, both included. */
export const oversightFilters = z.strictObject({
  view: z.enum(OVERSIGHT_VIEWS).optional(),
  type: logFilters.shape.type,
  /** The pseudonym of a person or a case. */
  subject: code.optional(),
  /** The code of a member. */
  actor: code.optional(),
  /** The key of an agency. */
  agency: z.string().trim().min(1).max(60).optional(),
  from: logFilters.shape.from,
  to: logFilters.shape.to,
  cursor: z.string().min(1).max(600).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type OversightFilters = z.output<typeof oversightFilters>

/** An event as an auditor sees it: no name, no code of a person or a case, nothing that somebody typed. */
export type OversightEvent = {
  readonly code: string
  readonly at: string
  readonly type: string
  readonly action: string
  readonly outcome: string
  readonly agency: string
  /** The code of the member who acted; null for the installation itself. */
  readonly actor: string | null
  readonly roles: readonly string[]
  /** The person's pseudonym. */
  readonly subject: string | null
  /** The case's pseudonym. */
  readonly case: string | null
  /** Which kind of record, by the prefix of its code; of what is about nobody the code itself. */
  readonly record: string | null
  readonly purpose: string | null
  /** The coded basis, or the kind of record that it rests on. */
  readonly basis: string | null
  readonly fields: readonly string[]
}

export type OversightPage = {
  readonly items: readonly OversightEvent[]
  readonly types: readonly string[]
  readonly agencies: readonly { readonly key: string; readonly name: string }[]
  readonly earlierCursor: string | null
  readonly nextCursor: string | null
}
