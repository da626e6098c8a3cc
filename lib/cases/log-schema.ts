import { z } from 'zod'

const recordCode = z.string().trim().min(1, { error: 'cases.errors.code' }).max(64, { error: 'cases.errors.code' })

export const LOG_KINDS = ['looks', 'changes'] as const

export const caseLogInput = z.strictObject({
  case: recordCode,
  kind: z.enum(LOG_KINDS).optional(),
  cursor: z.string().max(600).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type CaseLogInput = z.infer<typeof caseLogInput>

export type LogEntryView = {
  readonly code: string
  readonly at: string
  readonly type: string
  readonly action: string
  readonly by: string
  readonly subject: string | null
  readonly fields: readonly string[]
  readonly outcome: string
  readonly purpose: string | null
}

export type CaseLogView = {
  readonly items: readonly LogEntryView[]
  readonly earlierCursor: string | null
  readonly nextCursor: string | null
}

export const TIMELINE_KINDS = ['service', 'contact', 'need', 'consent', 'case'] as const
export type TimelineKind = (typeof TIMELINE_KINDS)[number]

export const timelineInput = z.strictObject({
  case: recordCode,
  kind: z.enum(TIMELINE_KINDS).optional(),
  cursor: z.string().max(600).optional(),
})
export type TimelineInput = z.infer<typeof timelineInput>

/** Something that happened on a case. `at` is its true time, not when it was typed in; days have no `time`. */
export type HappeningView = {
  readonly kind: TimelineKind
  readonly code: string
  readonly day: string
  /** An instant where one is known; null for what is known by its day. */
  readonly at: string | null
  readonly by: string
  /** What it was: the type of a service, the kind of a contact, the purpose of a consent, the type of an audit event. */
  readonly what: string
  readonly category: string | null
  readonly state: string | null
  readonly paragraphs: readonly string[]
}
