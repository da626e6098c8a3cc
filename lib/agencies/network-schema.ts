import { z } from 'zod'

import type { WorkingCalendar } from './calendar-rules'

export const URGENCY_KEYS = ['emergency', 'urgent', 'routine'] as const
export type UrgencyKey = (typeof URGENCY_KEYS)[number]

/** What an agency may rest the use of data on, for each purpose. */
export const PURPOSES = ['case_management', 'sharing', 'statistics', 'contact', 'identification', 'transfer'] as const
export const LEGAL_BASES = ['consent', 'public_task', 'legal_duty', 'vital_interest'] as const
export type Purpose = (typeof PURPOSES)[number]
export type LegalBasis = (typeof LEGAL_BASES)[number]

/** Counts up to this many people never leave an agency; a network may keep back more, not fewer. */
export const SMALLEST_NUMBER = 10

/** How long the first contact may take, in hours, and which rule says so: a message key of a standard, or the network's own words. */
export type ContactLimit = { readonly hours: number; readonly source: string }

/** By when a referral is acknowledged and decided: hours around the clock, for routine ones working days. */
export type ReferralLimit = { readonly acknowledge: number; readonly decide: number }

/** In working days: by when the identifying authority acknowledges, decides, decides again, and which rule says so. */
export type IdentificationLimit = {
  readonly acknowledge: number
  readonly decide: number
  readonly reconsider: number
  readonly source: string
}

/** Confirmed within 6 business days of referral, as the State of New York has it; seen within 2. */
const COMMON_IDENTIFICATION: IdentificationLimit = {
  acknowledge: 2,
  decide: 6,
  reconsider: 6,
  source: 'networks.identification.common_source',
}

const LONGEST_HOURS = 24 * 366
const LONGEST_LIMIT = 999

const ofUrgency = <T extends z.ZodType>(of: (urgency: UrgencyKey) => T) =>
  z.object({ emergency: of('emergency'), urgent: of('urgent'), routine: of('routine') })

/**
 * First contact within 24 hours, 72 hours, 14 days, as the inter-agency referral form and common child-protection
 * practice have it; a referral acknowledged and decided so that this stays possible. A network sets its own.
 */
const COMMON_HOURS = { emergency: 24, urgent: 72, routine: 14 * 24 } as const
const COMMON_SOURCE = 'assistance.need.limit.interagency_form'
const COMMON_REFERRALS = {
  emergency: { acknowledge: 1, decide: 4 },
  urgent: { acknowledge: 4, decide: 24 },
  routine: { acknowledge: 2, decide: 5 },
} as const

/** After how many times its decision limit a referral that nobody answered expires. */
const COMMON_EXPIRY = 3
const LONGEST_EXPIRY = 20

const contactHours = ofUrgency((urgency) =>
  z
    .object({ hours: z.number().int().positive().max(LONGEST_HOURS), source: z.string().min(1).max(200) })
    .catch({ hours: COMMON_HOURS[urgency], source: COMMON_SOURCE }),
)
const referralLimits = ofUrgency((urgency) =>
  z
    .object({
      acknowledge: z.number().int().positive().max(LONGEST_LIMIT),
      decide: z.number().int().positive().max(LONGEST_LIMIT),
    })
    .catch(COMMON_REFERRALS[urgency]),
)
const days = z.number().int().positive().max(LONGEST_LIMIT)
const identificationLimit = z
  .object({ acknowledge: days, decide: days, reconsider: days, source: z.string().min(1).max(200) })
  .catch(COMMON_IDENTIFICATION)
const bases = z.array(z.enum(LEGAL_BASES)).min(1).catch(['consent'])
const legalBases = z.object({
  case_management: bases,
  sharing: bases,
  statistics: bases,
  contact: bases,
  identification: bases,
  transfer: bases,
})

/**
 * What stands in `network.settings`, whatever stands there: each setting that is missing or makes no sense reads as the
 * common one. The database checks the same on writing (app.network_settings_fit).
 */
export const networkSettings = z.preprocess(
  (value) => (typeof value === 'object' && !Array.isArray(value) ? (value ?? {}) : {}),
  z.object({
    contactHours: contactHours.catch(() => contactHours.parse({})),
    referralLimits: referralLimits.catch(() => referralLimits.parse({})),
    referralExpiry: z.number().int().min(2).max(LONGEST_EXPIRY).catch(COMMON_EXPIRY),
    identification: identificationLimit,
    legalBases: legalBases.catch(() => legalBases.parse({})),
    smallNumber: z.number().int().min(SMALLEST_NUMBER).max(100).catch(SMALLEST_NUMBER),
    leaveUrl: z.string().max(300).optional().catch(undefined),
  }),
)
export type NetworkSettings = {
  readonly contactHours: Readonly<Record<UrgencyKey, ContactLimit>>
  readonly referralLimits: Readonly<Record<UrgencyKey, ReferralLimit>>
  /** A referral that nobody answered expires after so many times its decision limit. */
  readonly referralExpiry: number
  readonly identification: IdentificationLimit
  readonly legalBases: Readonly<Record<Purpose, readonly LegalBasis[]>>
  readonly smallNumber: number
  readonly leaveUrl?: string | undefined
}

const networkKey = z.string().max(60)
const version = z.coerce.number().int().positive()

/** After a conflict the boxes that were ticked come back in one value. */
const several = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value.flatMap((one) => String(one).split('|')) : value), schema)

const clock = z
  .string({ error: 'networks.hours.clock' })
  .trim()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: 'networks.hours.clock' })
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)))

const limitIn = (most: number) =>
  z.coerce
    .number({ error: 'networks.limit.number' })
    .int({ error: 'networks.limit.number' })
    .min(1, { error: 'networks.limit.number' })
    .max(most, { error: 'networks.limit.most' })

const contactInput = z.strictObject({
  hours: limitIn(LONGEST_HOURS),
  source: z
    .string({ error: 'networks.limit.source_required' })
    .trim()
    .min(1, { error: 'networks.limit.source_required' })
    .max(200),
})
const referralInput = z
  .strictObject({ acknowledge: limitIn(LONGEST_LIMIT), decide: limitIn(LONGEST_LIMIT) })
  .refine(({ acknowledge, decide }) => acknowledge <= decide, { path: ['decide'], error: 'networks.limit.order' })
const identificationInput = z
  .strictObject({
    acknowledge: limitIn(LONGEST_LIMIT),
    decide: limitIn(LONGEST_LIMIT),
    reconsider: limitIn(LONGEST_LIMIT),
    source: contactInput.shape.source,
  })
  .refine(({ acknowledge, decide }) => acknowledge <= decide, { path: ['decide'], error: 'networks.limit.order' })
  .refine(({ acknowledge, reconsider }) => acknowledge <= reconsider, {
    path: ['reconsider'],
    error: 'networks.limit.order',
  })
const basesInput = several(
  z.array(z.enum(LEGAL_BASES)).min(1, { error: 'networks.basis.required' }).max(LEGAL_BASES.length),
)

export const changeNetworkInput = z
  .strictObject({
    network: networkKey,
    version,
    name: z.string({ error: 'networks.name.required' }).trim().min(1, { error: 'networks.name.required' }).max(120),
    country: z
      .string({ error: 'agencies.agency.country.required' })
      .regex(/^[A-Z]{2}$/, { error: 'agencies.agency.country.required' }),
    timeZone: z.string({ error: 'agencies.agency.zone.required' }).min(1).max(60),
    leaveUrl: z
      .url({ protocol: /^https?$/, error: 'networks.leave_url.not_valid' })
      .max(300)
      .optional(),
    workingDays: several(
      z.array(z.coerce.number().int().min(1).max(7)).min(1, { error: 'networks.hours.days_required' }),
    ),
    opens: clock,
    closes: clock,
    contactHours: z.strictObject({ emergency: contactInput, urgent: contactInput, routine: contactInput }),
    referralLimits: z.strictObject({ emergency: referralInput, urgent: referralInput, routine: referralInput }),
    referralExpiry: z.coerce
      .number({ error: 'networks.limit.expiry_range' })
      .int({ error: 'networks.limit.expiry_range' })
      .min(2, { error: 'networks.limit.expiry_range' })
      .max(LONGEST_EXPIRY, { error: 'networks.limit.expiry_range' }),
    identification: identificationInput,
    legalBases: z.strictObject({
      case_management: basesInput,
      sharing: basesInput,
      statistics: basesInput,
      contact: basesInput,
      identification: basesInput,
      transfer: basesInput,
    }),
    smallNumber: z.coerce
      .number({ error: 'networks.small_number.least' })
      .int({ error: 'networks.small_number.least' })
      .min(SMALLEST_NUMBER, { error: 'networks.small_number.least' })
      .max(100, { error: 'networks.small_number.least' }),
    coordinator: z.string().max(64).optional(),
    oversight: z.string().max(60).optional(),
    /** The code of the listed service whose receivers decide on identification. */
    identifyingService: z.string().max(64).optional(),
  })
  .refine(({ opens, closes }) => opens < closes, { path: ['closes'], error: 'networks.hours.order' })
export type ChangeNetworkInput = z.infer<typeof changeNetworkInput>

export const addHolidayInput = z.strictObject({
  network: networkKey,
  version,
  day: z.iso.date({ error: 'ui.date.real' }).refine((day) => day >= '1900', { error: 'ui.date.early' }),
  name: z.string({ error: 'networks.holiday.required' }).trim().min(1, { error: 'networks.holiday.required' }).max(80),
})
export type AddHolidayInput = z.infer<typeof addHolidayInput>

export const removeHolidayInput = z.strictObject({ network: networkKey, version, day: z.iso.date() })
export type RemoveHolidayInput = z.infer<typeof removeHolidayInput>

export const addAreaInput = z.strictObject({
  network: networkKey,
  version,
  name: z.string({ error: 'networks.area.required' }).trim().min(1, { error: 'networks.area.required' }).max(80),
})
export type AddAreaInput = z.infer<typeof addAreaInput>

export const removeAreaInput = z.strictObject({ network: networkKey, version, area: z.string().max(60) })
export type RemoveAreaInput = z.infer<typeof removeAreaInput>

/** A network in the list. */
export type NetworkRow = {
  readonly key: string
  readonly name: string
  readonly country: string
  readonly timeZone: string
  readonly agencies: number
}

export type NetworkPerson = {
  readonly code: string
  readonly name: string
  readonly agency: string
  readonly isActive: boolean
}

/** A listed service that may be a network's identifying authority. */
export type IdentifyingService = { readonly code: string; readonly name: string; readonly agency: string }

/** A network as the system administrator sees it. */
export type NetworkDetail = NetworkSettings & {
  readonly key: string
  readonly name: string
  readonly country: string
  readonly calendar: WorkingCalendar
  readonly holidays: readonly { readonly day: string; readonly name: string }[]
  /** The areas by which services are found, by name. */
  readonly areas: readonly { readonly key: string; readonly name: string }[]
  readonly agencies: readonly { readonly key: string; readonly name: string; readonly kind: string }[]
  readonly coordinator: NetworkPerson | null
  readonly oversight: { readonly key: string; readonly name: string } | null
  /** Who decides on identification: a listed service, by its code. */
  readonly identifying: IdentifyingService | null
  readonly version: number
  /** Today's date in the network's zone. */
  readonly today: string
  /** When a routine referral sent now would have to be acknowledged and decided. */
  readonly example: { readonly acknowledge: Date; readonly decide: Date }
}

/** One change, with what the settings were and what they became. */
export type NetworkChange = {
  readonly version: number
  readonly at: Date
  readonly by: string
  readonly fields: readonly string[]
}

/** What the response clock of a referral runs by: the network's calendar and its limits. */
export type NetworkClock = {
  readonly calendar: WorkingCalendar
  readonly limits: Readonly<Record<UrgencyKey, ReferralLimit>>
  readonly expiry: number
  readonly identification: IdentificationLimit
}
