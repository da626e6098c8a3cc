import { z } from 'zod'

import {
  ACTS,
  DECIDING_BODIES,
  MEANS,
  PURPOSES,
  RECRUITER_RELATIONS,
  RECRUITMENT_METHODS,
  SECTORS,
} from '@/lib/people/codes'
import type { CategoryKey } from '@/lib/mandate/categories'
import type { TextWarning } from '@/lib/people/free-text/schema'

import type { TaskView } from './tasks/schema'

export const CASE_STATUSES = ['active', 'follow_up', 'closed', 'closed_referred'] as const
export type CaseStatus = (typeof CASE_STATUSES)[number]

export const CASE_STAGES = [
  'presumed',
  'recovery_and_reflection',
  'assessment',
  'support_plan',
  'social_inclusion_or_return',
  'follow_up',
] as const
export type CaseStage = (typeof CASE_STAGES)[number]

export const RISK_LEVELS = ['high', 'medium', 'low'] as const
export type RiskLevel = (typeof RISK_LEVELS)[number]

/** The deciding body's words about a person. They gate nothing (invariant 7). */
export const IDENTIFICATION_STATUSES = ['possible', 'actual', 'not_a_victim'] as const
export type IdentificationStatus = (typeof IDENTIFICATION_STATUSES)[number]

export const THREE_WAY = ['unknown', 'yes', 'no'] as const
export type ThreeWay = (typeof THREE_WAY)[number]

/** Why a case ends, after the HTCDS field CaseClosureReason and what agencies add. */
export const CLOSURE_REASONS = [
  'goals_reached',
  'support_completed',
  'person_withdrew',
  'person_moved',
  'lost_contact',
  'referred_to_other_agency',
  'returned',
  'died',
  'opened_by_mistake',
  'other',
] as const

/** Why a closed case is taken up again. */
export const REOPENING_REASONS = ['person_came_back', 'new_need', 'new_risk', 'closed_by_mistake'] as const

/** Text that should be a record's code; one that isn't gets the same answer as one that names nothing. */
const recordCode = z.string().trim().min(1, { error: 'cases.errors.code' }).max(64, { error: 'cases.errors.code' })

/** A day of the calendar; before 1900 it is a slip of the hand. */
const day = z.iso.date({ error: 'ui.date.real' }).refine((typed) => typed >= '1900', { error: 'ui.date.early' })
const version = z.coerce.number({ error: 'cases.errors.version' }).int().positive()

/** Codes of one list, each once. `A|B` counts as two, as files of the standard and the conflict page write them. */
function codes<const T extends readonly [string, ...string[]]>(list: T) {
  const several = z.array(z.enum(list, { error: 'errors.field.choose' })).max(40)
  return z.preprocess(split, several)
}

function split(value: unknown): unknown {
  if (!Array.isArray(value) && typeof value !== 'string') return value
  const parts = [value].flat().flatMap((part: unknown) => (typeof part === 'string' ? part.split('|') : [part]))
  return [...new Set(parts.filter((part) => part !== ''))]
}

/** Country, or country and region: `ER`, `ER-MA`. */
const place = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, { error: 'cases.errors.place' })

export const openCaseInput = z.strictObject({
  /** The person's code. */
  person: recordCode,
  stage: z.enum(CASE_STAGES, { error: 'errors.field.choose' }).optional(),
  risk: z.enum(RISK_LEVELS, { error: 'errors.field.choose' }).optional(),
  /** A day of the agency's zone, not in the future; today unless told. */
  openedOn: day.optional(),
})
export type OpenCaseInput = z.infer<typeof openCaseInput>

/** What happened to the person, after article 3 of the Palermo Protocol, in the standard's codes. */
const experienceFields = {
  acts: codes(ACTS).optional(),
  means: codes(MEANS).optional(),
  purposes: codes(PURPOSES).optional(),
  recruitment: codes(RECRUITMENT_METHODS).optional(),
  sectors: codes(SECTORS).optional(),
  places: z.preprocess(split, z.array(place).max(40)).optional(),
  recruiterRelation: z.enum(RECRUITER_RELATIONS, { error: 'errors.field.choose' }).nullish(),
}

/** Everything of a case that an edit may carry; only what is named is changed. */
export const changeCaseFields = z.strictObject({
  status: z.enum(CASE_STATUSES, { error: 'errors.field.choose' }).optional(),
  stage: z.enum(CASE_STAGES, { error: 'errors.field.choose' }).optional(),
  /** Naming the risk counts as its review, also when the level stays. */
  risk: z.enum(RISK_LEVELS, { error: 'errors.field.choose' }).optional(),
  legalHold: z.boolean().optional(),
  /** Needed, and only meant, where `status` closes the case. */
  closureReason: z.enum(CLOSURE_REASONS, { error: 'errors.field.choose' }).optional(),
  wantsSupport: z.enum(THREE_WAY, { error: 'errors.field.choose' }).optional(),
  dataUse: z.enum(THREE_WAY, { error: 'errors.field.choose' }).optional(),
  takesPart: z.enum(THREE_WAY, { error: 'errors.field.choose' }).optional(),
  identification: z.enum(IDENTIFICATION_STATUSES, { error: 'errors.field.choose' }).optional(),
  identifiedBy: z.enum(DECIDING_BODIES, { error: 'errors.field.choose' }).nullish(),
  identifiedOn: day.nullish(),
  /** The deciding body's reason, in words. */
  identificationReason: z.string().trim().max(500, { error: 'cases.errors.reason_too_long' }).nullish(),
  /** Why a reason that seems to hold identity stays as it is. */
  identificationReasonKept: z.string().trim().max(200).optional(),
  ...experienceFields,
})
export type ChangeCaseFields = z.infer<typeof changeCaseFields>

export const changeCaseInput = changeCaseFields.extend({ case: recordCode, version })
export type ChangeCaseInput = z.infer<typeof changeCaseInput>

export const caseInput = z.strictObject({ case: recordCode })
export type CaseInput = z.infer<typeof caseInput>

export const closeCaseInput = z.strictObject({
  case: recordCode,
  version,
  closureReason: z.enum(CLOSURE_REASONS, { error: 'cases.errors.closure_reason' }),
})
export type CloseCaseInput = z.infer<typeof closeCaseInput>

export const reopenCaseInput = z.strictObject({
  case: recordCode,
  version,
  reason: z.enum(REOPENING_REASONS, { error: 'cases.errors.reopening_reason' }),
})
export type ReopenCaseInput = z.infer<typeof reopenCaseInput>

export const LIST_TABS = ['mine', 'agency'] as const
export type ListTab = (typeof LIST_TABS)[number]

const CATEGORIES = [
  'legal',
  'psychological',
  'medical',
  'social',
  'residency',
  'reintegration',
] as const satisfies readonly CategoryKey[]

/** Filters of the list of cases, as they stand in its address. */
export const caseFilters = z.strictObject({
  status: z.enum([...CASE_STATUSES, 'open', 'ended']).optional(),
  risk: z.enum([...RISK_LEVELS, 'none']).optional(),
  /** A category in which a need is open. */
  need: z.enum(CATEGORIES).optional(),
  /** A member's handle (`workerHandle`): whoever is on the team. */
  worker: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional(),
  /** A unit's code. */
  unit: z.string().max(64).optional(),
})
export type CaseFilters = z.infer<typeof caseFilters>

export const listCasesInput = caseFilters.extend({
  tab: z.enum(LIST_TABS).optional(),
  cursor: z.string().max(600).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export type ListCasesInput = z.infer<typeof listCasesInput>

/** Someone on the team of a case. `handle` stands for the member in addresses and forms. */
export type TeamMember = {
  readonly handle: string
  readonly name: string
  readonly lead: boolean
  readonly since: string
  readonly isMe: boolean
}

/** By what right a member works on a case, and until when where that ends by itself. */
export type CasePlace = {
  readonly reason: 'assigned' | 'supervisor' | 'cover' | 'stand_in' | 'emergency'
  readonly until: string | null
}

/** How many services each category has on a case; all that the skeleton says of them. */
export type CategoryCounts = Readonly<Partial<Record<CategoryKey, number>>>

/** What only the team reads. */
export type CaseContentView = {
  readonly wantsSupport: ThreeWay
  readonly dataUse: ThreeWay
  readonly takesPart: ThreeWay
  readonly identification: IdentificationStatus
  readonly identifiedBy: string | null
  readonly identifiedOn: string | null
  readonly identificationReason: string | null
  readonly acts: readonly string[]
  readonly means: readonly string[]
  readonly purposes: readonly string[]
  readonly recruitment: readonly string[]
  readonly sectors: readonly string[]
  readonly places: readonly string[]
  readonly recruiterRelation: string | null
}

/** What the viewer may do on this case. Hides buttons only: services and the database decide again. */
export type CaseActs = {
  readonly change: boolean
  readonly restrict: boolean
  readonly close: boolean
  readonly reopen: boolean
  readonly team: boolean
}

/** Another agency that leads a case, while its holder keeps the person's record. */
export type CaseLead = { readonly agency: string; readonly agencyName: string }

/** A case as screens and the API see it. `content` is null for whoever sees the skeleton only. */
export type CaseView = {
  readonly code: string
  readonly person: string
  readonly number: number
  /** The key of the agency that holds it. */
  readonly agency: string
  readonly agencyName: string
  /** Which other agency leads it; null while the holder does. */
  readonly lead: CaseLead | null
  readonly status: CaseStatus
  readonly stage: CaseStage
  readonly risk: RiskLevel | null
  readonly riskReviewDue: string | null
  readonly restricted: boolean
  readonly legalHold: boolean
  readonly openedOn: string
  readonly closedOn: string | null
  readonly closureReason: string | null
  readonly needsOpen: number
  /** The name of the unit it stands in. */
  readonly unit: string | null
  readonly services: CategoryCounts
  readonly team: readonly TeamMember[]
  /** Null off the team. */
  readonly place: CasePlace | null
  readonly content: CaseContentView | null
  readonly may: CaseActs
  readonly version: number
  /** After a change by a program: texts that seem to tell who they are about. */
  readonly warnings?: readonly TextWarning[]
}

/** What is due next on a case. */
export type NextDue = Pick<TaskView, 'kind' | 'dueAt' | 'dueOn' | 'allDay' | 'state' | 'lateDays'>

/** A row of a list of cases. */
export type CaseLineView = {
  readonly code: string
  readonly person: string
  readonly number: number
  readonly status: CaseStatus
  readonly stage: CaseStage
  readonly risk: RiskLevel | null
  readonly restricted: boolean
  readonly openedOn: string
  /** The name of another agency that leads it; null while the holder does. */
  readonly ledBy: string | null
  readonly needsOpen: number
  /** What is due next; null when nothing is, or off the team. */
  readonly next: NextDue | null
  /** Names of the members on the team, lead first. */
  readonly workers: readonly string[]
  readonly services: CategoryCounts
  /** For the team: what tells people apart without naming them. */
  readonly about: PersonTraits | null
}

/** Traits of a person that identify nobody on their own. */
export type PersonTraits = {
  /** First year of a five-year band of birth years. */
  readonly birthBand: number | null
  readonly gender: string | null
  readonly languages: readonly string[]
  readonly interpreter: boolean | null
}

export type CaseListView = {
  readonly items: readonly CaseLineView[]
  readonly earlierCursor: string | null
  readonly nextCursor: string | null
  /** How many there are, exactly or `about`; null where nobody has counted. */
  readonly total: { readonly n: number; readonly isExact: boolean } | null
  /** The agency's members with case roles, for the filter. */
  readonly workers: readonly { readonly handle: string; readonly name: string }[]
  /** The agency's open units, for the filter. */
  readonly units: readonly { readonly code: string; readonly name: string }[]
}
