import type { CategoryKey } from '@/lib/mandate/categories'
import type { ProfileView } from '@/lib/people/profile-schema'

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
