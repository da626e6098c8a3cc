import type { CategoryKey } from '@/lib/mandate/categories'
import type { ProfileView } from '@/lib/people/profile-schema'

import { asFact } from './facts-schema'

/** What is coded of a case, as far as a field may hold it; content is null where nothing was entered. */
export type CaseContentFacts = {
  readonly acts: readonly string[]
  readonly means: readonly string[]
  readonly purposes: readonly string[]
  readonly sectors: readonly string[]
  readonly identification: string
  readonly identifiedBy: string | null
  readonly identifiedOn: string | null
}
export type CaseFactsNow = {
  readonly stage: string
  readonly risk: string | null
  readonly content: CaseContentFacts | null
}

export type NeedFactNow = {
  readonly code: string
  readonly category: CategoryKey
  readonly type: string | null
  readonly urgency: string
}

export type ServiceFactNow = {
  readonly category: string
  readonly type: string
  readonly deliveredOn: string
  readonly status: string
}

/** What a field about the profile holds; undefined for any other field. */
export function profileFact(field: string, profile: ProfileView): unknown {
  switch (field) {
    case 'profile.birth_band':
      return profile.birth
    case 'profile.gender':
      return profile.gender
    case 'profile.languages':
      return { languages: profile.languages, interpreter: profile.interpreter }
    case 'profile.citizenship':
      return profile.citizenships
    case 'profile.dependants':
      return { dependants: profile.dependants, pregnancy: profile.pregnancy }
    case 'profile.disability':
      return profile.disability
    case 'profile.residency':
      return { migration: profile.migration, displacement: profile.displacement }
    default:
      return undefined
  }
}

/** What a field about the case holds; undefined for any other field. */
export function caseFact(field: string, { stage, risk, content }: CaseFactsNow): unknown {
  switch (field) {
    case 'case.stage':
      return stage
    case 'case.risk':
      return risk
    case 'case.experience':
      return content === null
        ? null
        : { acts: content.acts, means: content.means, purposes: content.purposes, sectors: content.sectors }
    case 'case.identification':
      return content === null
        ? null
        : { status: content.identification, by: content.identifiedBy, on: content.identifiedOn }
    default:
      return undefined
  }
}

/**
 * What a field about needs holds: those of its category that a referral is for, without a code by which two referrals could
 * be joined; undefined for others.
 */
export function needFact(field: string, needs: readonly NeedFactNow[]): unknown {
  if (!field.startsWith('need.')) return undefined
  return needs
    .filter(({ category }) => field === `need.${category}`)
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ type, urgency }) => ({ type, urgency }))
}

/** What a field about help that was given holds: the coded lines of its category, in their order; undefined for others. */
export function serviceFact(field: string, services: readonly ServiceFactNow[]): unknown {
  if (!field.startsWith('service.')) return undefined
  return services
    .filter(({ category }) => field === `service.${category}`)
    .map(({ type, deliveredOn, status }) => ({ type, deliveredOn, status }))
}

/** Whether a field says anything: where it doesn't, screens say that nobody recorded it, and nobody keeps it as if it were said. */
export function isRecorded(field: string, value: unknown): boolean {
  if (value === null || value === undefined) return false
  const fact = asFact(field, value)
  switch (fact.kind) {
    case 'birth':
    case 'gender':
    case 'citizenship':
    case 'disability':
      return isSaid(fact.value)
    case 'languages':
      return isSaid(fact.value.languages) || isSaid(fact.value.interpreter)
    case 'dependants':
      return isSaid(fact.value.dependants) || isSaid(fact.value.pregnancy)
    case 'residency':
      return isSaid(fact.value.migration) || isSaid(fact.value.displacement)
    case 'need':
    case 'service':
    case 'documents':
    case 'texts':
      return fact.value.length > 0
    case 'names':
      return fact.value.names.length + fact.value.aliases.length > 0
    case 'channels':
      return fact.value.phones.length + fact.value.emails.length > 0
    case 'rules':
      return fact.value.state !== 'not_asked'
    case 'experience':
      return fact.value.acts.length + fact.value.means.length + fact.value.purposes.length > 0
    case 'unknown':
      return false
    default:
      return true
  }
}

/** Screens write an answer only where one was given; that it was declined or isn't known, a record of one's own asks anew. */
function isSaid(answer: ProfileView[keyof ProfileView]): boolean {
  return answer.state === 'stated'
}
