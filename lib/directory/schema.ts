import { z } from 'zod'

import { CATEGORY_KEYS, isServiceTypeOf, type CategoryKey } from '@/lib/mandate/categories'
import { categoryKey } from '@/lib/mandate/schema'
import { GENDERS } from '@/lib/people/codes'
import { language } from '@/lib/people/profile-schema'

/** Open for referrals, closed for a time, or over. */
export const LISTED_STATUSES = ['active', 'paused', 'ended'] as const
export type ListedStatus = (typeof LISTED_STATUSES)[number]

/** What room is counted in (HSDS `unit`). */
export const ROOM_UNITS = ['places', 'beds', 'appointments'] as const
export type RoomUnit = (typeof ROOM_UNITS)[number]

/** Whom a service may be only for. A person whose gender isn't known is asked about, never left out. */
export const FOR_GENDERS = GENDERS.filter((gender) => gender !== 'NonSpecifiedUnknown')
export type ForGender = (typeof FOR_GENDERS)[number]

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const

const OLDEST = 120
const MOST_ROOM = 9999
const NO_CONTROLS = /^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u

const code = z.string().trim().max(64)
const areaKey = z.string().max(60)
const version = z.coerce.number().int().positive()

const age = z.coerce
  .number({ error: 'directory.errors.age' })
  .int({ error: 'directory.errors.age' })
  .min(0, { error: 'directory.errors.age' })
  .max(OLDEST, { error: 'directory.errors.age' })
const room = z.coerce
  .number({ error: 'directory.errors.room' })
  .int({ error: 'directory.errors.room' })
  .min(0, { error: 'directory.errors.room' })
  .max(MOST_ROOM, { error: 'directory.errors.room' })

const clock = (end: boolean) =>
  z
    .string({ error: 'directory.errors.clock' })
    .trim()
    .regex(end ? /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/ : /^([01]\d|2[0-3]):[0-5]\d$/, {
      error: 'directory.errors.clock',
    })

/** One span of a day of the week; 1 is Monday, in the agency's zone. A form sends a row for each day, blank where closed. */
const span = z
  .strictObject({ day: z.coerce.number().int().min(1).max(7), opens: clock(false), closes: clock(true) })
  .refine(({ opens, closes }) => opens < closes, { path: ['closes'], error: 'directory.errors.closes' })
export type OpeningSpan = { readonly day: number; readonly opens: string; readonly closes: string }

const opening = z
  .array(z.unknown())
  .max(21)
  .transform((rows) => rows.filter((row) => !isClosedDay(row)))
  .pipe(z.array(span))

function isClosedDay(row: unknown): boolean {
  return typeof row === 'object' && row !== null && !('opens' in row) && !('closes' in row)
}

export const ALWAYS_OPEN: OpeningSpan[] = WEEKDAYS.map((day) => ({ day, opens: '00:00', closes: '24:00' }))

/** A form's list after a conflict comes back as one value. */
const several = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value.flatMap((one) => String(one).split('|')) : value), schema)

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

const name = z
  .string({ error: 'directory.errors.name' })
  .trim()
  .min(1, { error: 'directory.errors.name' })
  .max(80, { error: 'directory.errors.name_long' })
  .regex(NO_CONTROLS, { error: 'directory.errors.name' })
const description = z.string().trim().min(1).max(600, { error: 'directory.errors.description_long' })
const genders = several(z.array(z.enum(FOR_GENDERS)).max(FOR_GENDERS.length))
const languages = several(z.array(language).max(40)).transform(unique)
const areas = several(z.array(areaKey).max(200)).transform(unique)

/** What stands in an entry and may change. */
const offerFields = {
  name,
  description: description.optional(),
  minAge: age.optional(),
  maxAge: age.optional(),
  genders: genders.default([]),
  languages: languages.default([]),
  interpreters: z.boolean().default(false),
  areas: areas.default([]),
  stepFree: z.boolean().default(false),
  withChildren: z.boolean().default(false),
  /** Day and night, each day; the spans are then left aside. */
  alwaysOpen: z.boolean().default(false),
  opening: opening.default([]),
}

type Offer = { readonly minAge?: number | null | undefined; readonly maxAge?: number | null | undefined }

function checkAges(offer: Offer, context: z.core.$RefinementCtx): void {
  if (typeof offer.minAge === 'number' && typeof offer.maxAge === 'number' && offer.minAge > offer.maxAge)
    context.addIssue({ code: 'custom', path: ['maxAge'], message: 'directory.errors.ages' })
}

const roomFields = {
  unit: z.enum(ROOM_UNITS, { error: 'directory.errors.unit' }).default('places'),
  maximum: room.optional(),
  available: room.optional(),
}

function checkRoom(
  entry: { readonly maximum?: number | undefined; readonly available?: number | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (entry.maximum !== undefined && entry.available !== undefined && entry.available > entry.maximum)
    context.addIssue({ code: 'custom', path: ['available'], message: 'directory.errors.more_than_maximum' })
}

const memberCodes = several(z.array(z.string().max(64)).max(50))
  .transform(unique)
  .default([])

/** A new entry: what is offered, for whom, with how much room, and who answers. Category and type stay as they are. */
export const addListedServiceInput = z
  .strictObject({
    category: categoryKey,
    type: z.string({ error: 'mandate.errors.type' }).max(60, { error: 'mandate.errors.type' }),
    ...offerFields,
    ...roomFields,
    receivers: memberCodes,
    standIns: memberCodes,
  })
  .superRefine((entry, context) => {
    if (!isServiceTypeOf(entry.category, entry.type))
      context.addIssue({ code: 'custom', path: ['type'], message: 'mandate.errors.type' })
    checkAges(entry, context)
    checkRoom(entry, context)
  })
  .transform(({ alwaysOpen, ...entry }) => (alwaysOpen ? { ...entry, opening: ALWAYS_OPEN } : entry))
export type AddListedServiceInput = z.output<typeof addListedServiceInput>

/** What changes in an entry. Left out means left as it is; null means that nobody says any more. */
const changeFields = {
  name: name.optional(),
  description: description.nullable().optional(),
  status: z.enum(['active', 'paused']).optional(),
  minAge: age.nullable().optional(),
  maxAge: age.nullable().optional(),
  genders: genders.optional(),
  languages: languages.optional(),
  interpreters: z.boolean().optional(),
  areas: areas.optional(),
  stepFree: z.boolean().optional(),
  withChildren: z.boolean().optional(),
  opening: opening.optional(),
}
/** Address and `If-Match` name service and version. */
export const changeListedServiceBody = z.strictObject(changeFields).superRefine(checkAges)
export type ChangeListedServiceInput = z.output<typeof changeListedServiceBody> & {
  readonly service: string
  readonly version: number
}

/** The same from the form, which always sends the whole entry: what is blank there is taken away. */
export const changeListedServiceForm = z
  .strictObject({ service: code, version, status: z.enum(['active', 'paused']), ...offerFields })
  .superRefine(checkAges)
  .transform(({ alwaysOpen, ...entry }): ChangeListedServiceInput => ({
    ...entry,
    description: entry.description ?? null,
    minAge: entry.minAge ?? null,
    maxAge: entry.maxAge ?? null,
    opening: alwaysOpen ? ALWAYS_OPEN : entry.opening,
  }))

export const listedServiceInput = z.strictObject({ service: code })
export type ListedServiceInput = z.infer<typeof listedServiceInput>

/** Without a version, as it stands. */
export const endListedServiceInput = z.strictObject({ service: code, version: version.optional() })
export type EndListedServiceInput = z.infer<typeof endListedServiceInput>

export const setReceiversInput = z.strictObject({
  service: code,
  version: version.optional(),
  receivers: memberCodes,
  standIns: memberCodes,
})
export const setReceiversBody = z.strictObject({ receivers: memberCodes, standIns: memberCodes })
export type SetReceiversInput = z.output<typeof setReceiversInput>

/** How much room there is now. Without a number nobody knows; the version is that of the number that was seen. */
export const updateRoomInput = z.strictObject({
  service: code,
  available: room.nullable().default(null),
  maximum: room.optional(),
  roomVersion: z.coerce.number().int().positive().optional(),
})
/** A typed number, or one press: the number that was seen, one fewer, one more, none. */
export const updateRoomForm = z.strictObject({
  service: code,
  roomVersion: z.coerce.number().int().positive(),
  seen: room.optional(),
  most: room.optional(),
  available: room.optional(),
})
export const ROOM_PRESSES = ['same', 'less', 'more', 'full'] as const
export const updateRoomBody = z.strictObject({ available: room.nullable(), maximum: room.optional() })
export type UpdateRoomInput = z.output<typeof updateRoomInput>

const yes = z.enum(['yes']).optional()

/** What is looked for, in codes alone: all of it may stand in an address. */
export const searchFields = {
  category: z.enum(CATEGORY_KEYS).optional(),
  type: z.string().max(60).optional(),
  area: areaKey.optional(),
  language: z
    .string()
    .regex(/^[a-z]{3}$/)
    .optional(),
  gender: z.enum(FOR_GENDERS).optional(),
  /** One age, or from one to another: `17`, `18-24`. */
  age: z
    .string()
    .regex(/^\d{1,3}(-\d{1,3})?$/, { error: 'directory.errors.age' })
    .optional(),
  agency: z.string().max(60).optional(),
  stepFree: yes,
  withChildren: yes,
  /** Only with room, by a number that somebody gave lately. */
  room: yes,
  /** Also what isn't for this person. */
  all: yes,
}

export const searchDirectoryInput = z.strictObject({
  ...searchFields,
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(600).optional(),
})
export type SearchDirectoryInput = z.output<typeof searchDirectoryInput>

/**
 * What help is wanted and for whom: the only facts about a person that a search knows. Identification, cooperation and
 * residency are not among them (invariant 7).
 */
export type WantedHelp = {
  /** Whether help is looked for a person: then what isn't known of them is to be asked, else it makes no difference. */
  readonly forPerson?: boolean | undefined
  readonly category?: CategoryKey | undefined
  readonly type?: string | undefined
  readonly area?: string | undefined
  /** From the youngest to the oldest that the person may be. */
  readonly ages?: { readonly from: number; readonly to: number } | undefined
  readonly gender?: string | undefined
  readonly languages?: readonly string[] | undefined
  readonly stepFree?: boolean | undefined
  readonly withChildren?: boolean | undefined
  readonly urgency?: 'emergency' | 'urgent' | 'routine' | undefined
  readonly agency?: string | undefined
  readonly hasRoom?: boolean | undefined
  readonly all?: boolean | undefined
}

/** `any`: it makes no difference; `ask`: not known whether it fits. */
export type FitWord = 'any' | 'fits' | 'ask' | 'no'

/** Why a service stands where it stands; each is a word that the screen says. */
export type Fit = {
  readonly verdict: 'fits' | 'ask' | 'no'
  readonly age: FitWord
  readonly gender: FitWord
  readonly area: FitWord
  readonly access: FitWord
  readonly language: FitWord | 'interpreter'
  readonly room: 'free' | 'full' | 'old' | 'unknown'
  readonly agreement: 'any' | 'own' | 'fits' | 'no'
}

export type RoomView = {
  readonly unit: RoomUnit
  /** Null: nobody said. */
  readonly available: number | null
  readonly maximum: number | null
  readonly updatedAt: string
  /** How old the number is, by the clock of the domain. */
  readonly ageMinutes: number
  readonly version: number
}

/** An entry of the directory as whoever may read it sees it. */
export type ListedServiceView = {
  readonly code: string
  readonly agency: string
  readonly agencyName: string
  readonly category: CategoryKey
  readonly type: string
  readonly name: string
  readonly description: string | null
  readonly status: ListedStatus
  readonly minAge: number | null
  readonly maxAge: number | null
  readonly genders: readonly ForGender[]
  readonly languages: readonly string[]
  readonly interpreters: boolean
  readonly areas: readonly string[]
  readonly stepFree: boolean
  readonly withChildren: boolean
  readonly opening: readonly OpeningSpan[]
  /** Null: nobody said. */
  readonly isOpenNow: boolean | null
  readonly timeZone: string
  readonly room: RoomView | null
  /** How many answer, and how many stand in for them. Their names are their agency's. */
  readonly receivers: number
  readonly standIns: number
  readonly version: number
  readonly fit: Fit
  readonly may: { readonly change: boolean; readonly updateRoom: boolean; readonly answer: boolean }
}

export type ListedServicePage = {
  readonly items: readonly ListedServiceView[]
  readonly nextCursor: string | null
}

/** Somebody who answers for a service, as their colleagues see them. */
export type ReceiverView = {
  readonly code: string
  readonly name: string
  readonly standsIn: boolean
  /** False for who has left, or works with no cases any more. */
  readonly mayAnswer: boolean
  readonly isAway: boolean
}

export type ListedServiceDetail = ListedServiceView & {
  /** Null for other agencies. */
  readonly answering: readonly ReceiverView[] | null
  /** Who saved it last, and when; null for other agencies. */
  readonly lastChange: { readonly by: string; readonly at: string } | null
}

export type AreaView = { readonly key: string; readonly name: string }

/** What a search can be narrowed by, as far as anything is offered. */
export type DirectoryFacets = {
  readonly areas: readonly AreaView[]
  readonly languages: readonly string[]
}

/** What the form of an entry offers. */
export type OfferChoices = {
  readonly areas: readonly AreaView[]
  readonly members: readonly { readonly code: string; readonly name: string }[]
}
