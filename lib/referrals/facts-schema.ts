import type { CaseStage, IdentificationStatus, RiskLevel } from '@/lib/cases/schema'
import type { ServiceStatus } from '@/lib/assistance/services/schema'
import type { DocumentRecord, NameRecord } from '@/lib/people/identity-schema'
import type { ProfileView } from '@/lib/people/profile-schema'
import type { SafeContactView } from '@/lib/people/safe-contact-schema'

import type { ReferralUrgency } from './schema'

/** What each field of a referral holds. Sealed by lib/referrals/compose-service.ts, and by nothing else. */
type Facts = {
  readonly birth: ProfileView['birth']
  readonly gender: ProfileView['gender']
  readonly languages: { readonly languages: ProfileView['languages']; readonly interpreter: ProfileView['interpreter'] }
  readonly citizenship: ProfileView['citizenships']
  readonly dependants: { readonly dependants: ProfileView['dependants']; readonly pregnancy: ProfileView['pregnancy'] }
  readonly disability: ProfileView['disability']
  readonly residency: {
    readonly migration: ProfileView['migration']
    readonly displacement: ProfileView['displacement']
  }
  readonly stage: CaseStage
  readonly risk: RiskLevel
  readonly need: readonly { readonly type: string | null; readonly urgency: ReferralUrgency }[]
  readonly service: readonly { readonly type: string; readonly deliveredOn: string; readonly status: ServiceStatus }[]
  readonly name: NameRecord
  readonly names: { readonly names: readonly NameRecord[]; readonly aliases: readonly NameRecord[] }
  readonly channels: { readonly phones: readonly string[]; readonly emails: readonly string[] }
  readonly rules: SafeContactView
  readonly date: string
  readonly documents: readonly DocumentRecord[]
  readonly texts: readonly string[]
  readonly experience: {
    readonly acts: readonly string[]
    readonly means: readonly string[]
    readonly purposes: readonly string[]
  }
  readonly identification: { readonly status: IdentificationStatus }
}
type Kind = keyof Facts
export type FactOf<K extends Kind> = Facts[K]

/** A fact with what it is. */
export type Fact = { [K in Kind]: { readonly kind: K; readonly value: Facts[K] } }[Kind] | { readonly kind: 'unknown' }

const KINDS: Readonly<Record<string, Kind>> = {
  'profile.birth_band': 'birth',
  'profile.gender': 'gender',
  'profile.languages': 'languages',
  'profile.citizenship': 'citizenship',
  'profile.dependants': 'dependants',
  'profile.disability': 'disability',
  'profile.residency': 'residency',
  'case.stage': 'stage',
  'case.risk': 'risk',
  'contact.name': 'name',
  'contact.channels': 'channels',
  'contact.rules': 'rules',
  'identity.names': 'names',
  'identity.birth_date': 'date',
  'identity.documents': 'documents',
  'identity.addresses': 'texts',
  'case.experience': 'experience',
  'case.identification': 'identification',
}

/** What the value of a field is; it was sealed by the same table, so its shape is known. */
export function asFact(field: string, value: unknown): Fact {
  const kind = KINDS[field] ?? (field.startsWith('need.') ? 'need' : field.startsWith('service.') ? 'service' : null)
  return kind === null ? { kind: 'unknown' } : ({ kind, value } as Fact)
}

/** The name of a field in messages, where dots lead down a tree. */
export function nameOfField<F extends string>(field: F): FieldName<F> {
  return field.replace('.', '_') as FieldName<F>
}

type FieldName<F extends string> = F extends `${infer A}.${infer B}` ? `${A}_${B}` : F
