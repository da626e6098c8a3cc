import { z } from 'zod'
import type { TextWarning } from '@/lib/people/free-text/schema'

import { calendarDay, recordCode, recordVersion, whyItStays, writtenReason } from '../fields'

export const CONTACT_KINDS = ['call', 'visit', 'message', 'observation', 'failed_attempt'] as const
export type ContactKind = (typeof CONTACT_KINDS)[number]

export const CONTACT_OUTCOMES = [
  'reached',
  'not_reached',
  'message_left',
  'someone_else_answered',
  'person_declined',
  'noted',
] as const
export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number]

/** A contact as it is logged: now, unless it says when. A day alone means about noon of it. */
export const logContactFields = {
  kind: z.enum(CONTACT_KINDS, { error: 'assistance.contact.kind.required' }),
  /** Left out, it follows from the kind: a call reached the person, an observation is noted. */
  outcome: z.enum(CONTACT_OUTCOMES).optional(),
  occurredAt: z.iso
    .datetime({ offset: true })
    .refine((given) => given >= '1900', { error: 'ui.date.early' })
    .optional(),
  occurredOn: calendarDay.optional(),
  /** The clock in the agency's zone. */
  occurredTime: z
    .string()
    .trim()
    .regex(/^([01]?\d|2[0-3])[:.：][0-5]\d$/, { error: 'assistance.contact.time.not_valid' })
    .transform((typed) => typed.replace(/[.：]/, ':').padStart(5, '0'))
    .optional(),
  text: z.string().trim().max(4_000, { error: 'assistance.contact.text.too_long' }).optional(),
  textKept: whyItStays,
  followUpOn: calendarDay.optional(),
}

/** A moment is given as an instant or as a day, not both. */
function checkTime(
  entry: { occurredAt?: string | undefined; occurredOn?: string | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (entry.occurredAt !== undefined && entry.occurredOn !== undefined) {
    context.addIssue({ code: 'custom', path: ['occurredOn'], message: 'assistance.contact.time.twice' })
  }
}

export const logContactInput = z.strictObject({ case: recordCode, ...logContactFields }).superRefine(checkTime)
/** The same where the address names the case. */
export const logContactBody = z.strictObject(logContactFields).superRefine(checkTime)
export type LogContactInput = z.input<typeof logContactInput>
export type LogContactEntry = z.output<typeof logContactInput>

/** A contact that was entered by mistake. Without a version the latest one is meant. */
export const voidContactInput = z.strictObject({
  contact: recordCode,
  reason: writtenReason,
  reasonKept: whyItStays,
  version: recordVersion.optional(),
})
export type VoidContactInput = z.infer<typeof voidContactInput>

export const listContactsInput = z.strictObject({
  case: recordCode,
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional(),
})
export type ListContactsInput = z.infer<typeof listContactsInput>

/** An entry of the contact log as screens and the API see it. Its text stays shut until someone opens it. */
export type ContactView = {
  readonly code: string
  readonly case: string
  readonly person: string | null
  readonly agency: string
  readonly agencyName: string
  readonly kind: ContactKind
  readonly outcome: ContactOutcome
  /** In UTC. */
  readonly occurredAt: string
  readonly worker: string | null
  readonly hasText: boolean
  readonly isVoided: boolean
  readonly enteredAt: string
  readonly version: number
  readonly mayVoid: boolean
  /** Only where a program has just sent a text that seems to hold identity. */
  readonly warnings?: readonly TextWarning[]
}

export type ContactPage = {
  readonly items: readonly ContactView[]
  readonly nextCursor: string | null
  readonly previousCursor: string | null
}
