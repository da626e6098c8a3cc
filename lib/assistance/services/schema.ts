import { z } from 'zod'
import { categoryKey } from '@/lib/mandate/schema'
import { isServiceTypeOf, type CategoryKey } from '@/lib/mandate/categories'
import type { MandateLink } from '@/lib/mandate/schema'
import type { MandateReason } from '@/lib/mandate/rules'
import type { TextWarning } from '@/lib/people/free-text/schema'

import { calendarDay, recordCode, recordVersion, whyItStays, writtenReason } from '../fields'

export const SERVICE_STATUSES = [
  'planned',
  'in_progress',
  'delivered',
  'interrupted',
  'declined',
  'unavailable',
  'voided',
] as const
export type ServiceStatus = (typeof SERVICE_STATUSES)[number]

/** What a service may be logged as; voided is a move of its own. */
export const LOGGABLE_STATUSES = [
  'delivered',
  'in_progress',
  'planned',
  'interrupted',
  'declined',
  'unavailable',
] as const

export const SERVICE_MODES = ['in_person', 'phone', 'video', 'message'] as const
export type ServiceMode = (typeof SERVICE_MODES)[number]

export const PLACE_KINDS = [
  'agency_office',
  'shelter',
  'persons_home',
  'health_facility',
  'court_or_authority',
  'other_agency',
  'public_place',
  'other',
] as const
export type PlaceKind = (typeof PLACE_KINDS)[number]

/** What the service was adapted to (paragraph 6(c)). */
export const ADAPTATIONS = ['age', 'gender', 'special_need'] as const
export type Adaptation = (typeof ADAPTATIONS)[number]

export const SERVICE_ORIGINS = ['own_initiative', 'plan', 'referral', 'urgent_need'] as const
export type ServiceOrigin = (typeof SERVICE_ORIGINS)[number]

export const SERVICE_OUTCOMES = ['reached', 'partly_reached', 'not_reached', 'continues'] as const
export type ServiceOutcome = (typeof SERVICE_OUTCOMES)[number]

/** Radios post words, the API sends booleans. */
const yesOrNo = z.union([z.boolean(), z.enum(['yes', 'no']).transform((word) => word === 'yes')])
const list = <T extends z.ZodType>(item: T) => z.array(item).max(10)

const amount = z
  .union([z.number().nonnegative().max(9_999_999_999), z.string().trim().max(20)])
  .transform((typed) => String(typed).replace(',', '.'))
  .refine((text) => /^\d{1,10}(\.\d{1,2})?$/.test(text), { error: 'assistance.service.amount.not_valid' })

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))
const currency = z
  .string()
  .trim()
  .toUpperCase()
  .refine((code) => CURRENCIES.has(code), { error: 'assistance.service.currency.not_valid' })

/** How it was given: all of it optional, none of it guessed. */
const detailFields = {
  mode: z.enum(SERVICE_MODES).optional(),
  placeKind: z.enum(PLACE_KINDS).optional(),
  minutes: z.coerce
    .number({ error: 'assistance.service.minutes.not_valid' })
    .int()
    .min(1, { error: 'assistance.service.minutes.not_valid' })
    .max(10_080, { error: 'assistance.service.minutes.not_valid' })
    .optional(),
  interpreterUsed: yesOrNo.optional(),
  /** ISO 639-3. */
  interpreterLanguage: z
    .string()
    .regex(/^[a-z]{3}$/, { error: 'assistance.service.language.not_valid' })
    .optional(),
  amount: amount.optional(),
  currency: currency.optional(),
  adaptations: list(z.enum(ADAPTATIONS)).optional(),
  origin: z.enum(SERVICE_ORIGINS).optional(),
  outcome: z.enum(SERVICE_OUTCOMES).optional(),
  /** It protected the person before, during or after criminal proceedings (paragraph 7). */
  proceedings: z.boolean().optional(),
}

const lineFields = {
  category: categoryKey,
  type: z
    .string({ error: 'mandate.errors.type' })
    .min(1, { error: 'mandate.errors.type' })
    .max(60, { error: 'mandate.errors.type' }),
  deliveredOn: calendarDay.optional(),
  endedOn: calendarDay.optional(),
  status: z.enum(LOGGABLE_STATUSES).default('delivered'),
}

const noteFields = {
  /** Confidential: sealed apart, never leaves the delivering agency's team. */
  note: z.string().trim().max(4_000, { error: 'assistance.service.note.too_long' }).optional(),
  noteKept: whyItStays,
  followUpOn: calendarDay.optional(),
}

type Together = {
  category: CategoryKey
  type: string
  amount?: string | undefined
  currency?: string | undefined
  deliveredOn?: string | undefined
  endedOn?: string | undefined
}

/** What must fit together within one entry, whoever sends it. */
function checkEntry(entry: Partial<Together>, context: z.core.$RefinementCtx): void {
  const fault = (path: string, message: string) => {
    context.addIssue({ code: 'custom', path: [path], message })
  }
  if (entry.category !== undefined && entry.type !== undefined && !isServiceTypeOf(entry.category, entry.type))
    fault('type', 'mandate.errors.type')
  if (entry.amount !== undefined && entry.currency === undefined)
    fault('currency', 'assistance.service.currency.required')
  if (entry.currency !== undefined && entry.amount === undefined) fault('amount', 'assistance.service.amount.required')
  if (entry.endedOn !== undefined && entry.deliveredOn !== undefined && entry.endedOn < entry.deliveredOn)
    fault('endedOn', 'assistance.service.ended_on.before_start')
}

/** What a service says when it is logged, beside its case: category and type are enough; it was delivered today unless it says otherwise. */
export const logServiceFields = {
  ...lineFields,
  need: recordCode.optional(),
  /** Where the need stands now. A need that was open is being met once a service for it began. */
  needState: z.enum(['being_met', 'met']).optional(),
  ...detailFields,
  ...noteFields,
}
export const logServiceInput = z.strictObject({ case: recordCode, ...logServiceFields }).superRefine(checkEntry)
/** The same where the address names the case. */
export const logServiceBody = z.strictObject(logServiceFields).superRefine(checkEntry)
/** The same as a form sends it: a box says that the need is met. */
export const logServiceForm = z
  .strictObject({ case: recordCode, ...logServiceFields, needMet: z.boolean().optional() })
  .superRefine(checkEntry)
export type LogServiceInput = z.input<typeof logServiceInput>
export type LogServiceEntry = z.output<typeof logServiceInput>

/** One entry for several people: a meal, a ride, a group session. Codes of cases, or of persons with one open case. */
export const logForSeveralInput = z
  .strictObject({
    codes: z
      .array(recordCode)
      .min(1, { error: 'assistance.service.several.required' })
      .max(100, { error: 'assistance.service.several.too_many' }),
    ...lineFields,
    ...detailFields,
  })
  .superRefine(checkEntry)
/** The same as a form sends it: ticked codes, and more of them one a line. */
export const logForSeveralForm = z
  .strictObject({
    ...lineFields,
    ...detailFields,
    codes: z.array(recordCode).max(100).default([]),
    moreCodes: z.string().max(4_000).optional(),
  })
  .superRefine(checkEntry)
export type LogForSeveralEntry = z.output<typeof logForSeveralInput>

/** What a service should have said. Left out means right as it is; null empties a field. */
export const amendServiceFields = {
  reason: writtenReason,
  reasonKept: whyItStays,
  category: lineFields.category.optional(),
  type: lineFields.type.optional(),
  deliveredOn: calendarDay.optional(),
  endedOn: calendarDay.nullable().optional(),
  status: z.enum(LOGGABLE_STATUSES).optional(),
  need: recordCode.nullable().optional(),
  mode: detailFields.mode.nullable(),
  placeKind: detailFields.placeKind.nullable(),
  minutes: z.union([z.null(), detailFields.minutes]),
  interpreterUsed: detailFields.interpreterUsed.nullable(),
  interpreterLanguage: detailFields.interpreterLanguage.nullable(),
  amount: detailFields.amount.nullable(),
  currency: detailFields.currency.nullable(),
  adaptations: detailFields.adaptations,
  origin: detailFields.origin.nullable(),
  outcome: detailFields.outcome.nullable(),
  proceedings: detailFields.proceedings,
  note: noteFields.note,
  noteKept: whyItStays,
}
export const amendServiceInput = z.strictObject({ service: recordCode, version: recordVersion, ...amendServiceFields })
export type AmendServiceInput = z.input<typeof amendServiceInput>
export type Amendment = z.output<typeof amendServiceInput>

/** A service that was entered by mistake. Without a version the latest one is meant. */
export const voidServiceInput = z.strictObject({
  service: recordCode,
  reason: writtenReason,
  reasonKept: whyItStays,
  version: recordVersion.optional(),
})
export type VoidServiceInput = z.infer<typeof voidServiceInput>

/** Which services of the agency, or of one case. Days are inclusive. */
export const listServicesInput = z.strictObject({
  case: recordCode.optional(),
  category: categoryKey.optional(),
  type: z.string().max(60).optional(),
  status: z.enum(SERVICE_STATUSES).optional(),
  from: calendarDay.optional(),
  to: calendarDay.optional(),
  /** The key of the agency that wrote it. */
  agency: z.string().max(60).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional(),
})
export type ListServicesInput = z.infer<typeof listServicesInput>

/** How a service was given; for the team of the agency that gave it. */
export type ServiceDetailView = {
  readonly mode: ServiceMode | null
  readonly placeKind: PlaceKind | null
  readonly minutes: number | null
  readonly interpreterUsed: boolean | null
  readonly interpreterLanguage: string | null
  readonly amount: string | null
  readonly currency: string | null
  readonly adaptations: readonly Adaptation[]
  readonly origin: ServiceOrigin | null
  readonly outcome: ServiceOutcome | null
  readonly proceedings: boolean
}

/** The coded line of a service as screens and the API see it. */
export type ServiceView = {
  readonly code: string
  readonly case: string
  /** The person's code; null for those who may not know of the person. */
  readonly person: string | null
  readonly agency: string
  readonly agencyName: string
  readonly category: CategoryKey
  readonly type: string
  readonly deliveredOn: string
  readonly endedOn: string | null
  readonly status: ServiceStatus
  /** The paragraphs of its rows in the database, in the resolution's order after its basis. */
  readonly mandate: readonly MandateLink[]
  readonly mandateReasons: Readonly<Record<string, MandateReason>>
  readonly need: string | null
  /** The member who gave it; null where the reader's agency is another one. */
  readonly worker: string | null
  readonly enteredAt: string
  readonly version: number
  /** Only where a program has just sent a text that seems to hold identity. */
  readonly warnings?: readonly TextWarning[]
}

/** One service opened: the line for the agency, the rest for the team that gave it. */
export type ServiceRecordView = ServiceView & {
  /** Null for everyone off the delivering team. */
  readonly detail: ServiceDetailView | null
  readonly hasNote: boolean
  /** How many people the entry was for, where it was one for several. */
  readonly groupSize: number | null
  /** Whether it is the reader's agency's own on another agency's case. */
  readonly elsewhere: boolean
  readonly mayAmend: boolean
  readonly mayVoid: boolean
  readonly mayReadNote: boolean
  readonly changes: readonly ServiceChangeView[]
}

/** What a service said before a change, who changed it and why. */
export type ServiceChangeView = {
  readonly version: number
  readonly before: ServiceLine
  readonly reason: string
  readonly changedBy: string
  readonly changedAt: string
}

/** Everything coded that a service says: what its old versions keep. */
export type ServiceLine = {
  readonly category: CategoryKey
  readonly type: string
  readonly deliveredOn: string
  readonly endedOn: string | null
  readonly status: ServiceStatus
  readonly need: string | null
  readonly mandate: readonly string[]
  readonly detail: ServiceDetailView
}

export type ServiceNoteView = { readonly text: string; readonly writtenBy: string; readonly writtenAt: string }

export type ServicePage = {
  readonly items: readonly ServiceView[]
  readonly nextCursor: string | null
  readonly previousCursor: string | null
}
