import type { CaseStage, ChangeCaseFields, RiskLevel } from '@/lib/cases/schema'
import type { FieldKey } from '@/lib/consent/fields'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import type { IdentityInput, IdentityRecord } from '@/lib/people/identity-schema'
import { PROFILE_QUESTIONS, type ProfileInput, type ProfileView } from '@/lib/people/profile-schema'
import type { RegisterPersonInput } from '@/lib/people/schema'
import type { SafeContactInput, SafeContactView } from '@/lib/people/safe-contact-schema'

import type { FactOf } from '../facts-schema'

/** What a package says, as the parts that keep it take it. */
export type Copy = {
  readonly person: RegisterPersonInput
  readonly stage: CaseStage | undefined
  readonly risk: RiskLevel | undefined
  readonly content: ContentCopy
  readonly needs: readonly NeedCopy[]
}
type ContentCopy = Pick<
  ChangeCaseFields,
  'acts' | 'means' | 'purposes' | 'sectors' | 'identification' | 'identifiedBy' | 'identifiedOn'
>
type NeedCopy = { readonly category: CategoryKey } & FactOf<'need'>[number]

/**
 * What is written of the facts that are copied: of a fact that isn't among them, nothing. Help that others gave has no place
 * in it: it is read in the package, and not copied as if it were one's own.
 */
export function copyOf(facts: ReadonlyMap<FieldKey, unknown>): Copy {
  const stated = new Map([...facts].filter(([, value]) => value !== null && value !== undefined))
  const of: Of = (field) => stated.get(field) as Told[typeof field] | undefined
  const identity = identityOf(of)
  const profile = profileOf(of)
  const rules = of('contact.rules')
  const safeContact = rules === undefined ? undefined : safeContactOf(rules)
  return {
    person: {
      ...(Object.keys(identity).length === 0 ? {} : { identity }),
      ...(Object.keys(profile).length === 0 ? {} : { profile }),
      ...(safeContact === undefined ? {} : { safeContact }),
    },
    stage: of('case.stage'),
    risk: of('case.risk'),
    content: contentOf(of),
    needs: CATEGORY_KEYS.flatMap((category) => (of(`need.${category}`) ?? []).map((need) => ({ ...need, category }))),
  }
}

/** What each field holds, as lib/referrals/facts-schema.ts has it; of what is decided and lived, what has a place here. */
type Told = {
  'identity.names': FactOf<'names'>
  'contact.name': FactOf<'name'>
  'contact.channels': FactOf<'channels'>
  'contact.rules': FactOf<'rules'>
  'identity.birth_date': FactOf<'date'>
  'identity.documents': FactOf<'documents'>
  'identity.addresses': FactOf<'texts'>
  'profile.birth_band': FactOf<'birth'>
  'profile.gender': FactOf<'gender'>
  'profile.citizenship': FactOf<'citizenship'>
  'profile.disability': FactOf<'disability'>
  'profile.languages': FactOf<'languages'>
  'profile.dependants': FactOf<'dependants'>
  'profile.residency': FactOf<'residency'>
  'case.stage': FactOf<'stage'>
  'case.risk': FactOf<'risk'>
  'case.experience': Pick<ContentCopy, 'acts' | 'means' | 'purposes' | 'sectors'>
  'case.identification': Decided
} & Record<`need.${CategoryKey}`, FactOf<'need'>>
type Decided = {
  readonly status: ContentCopy['identification']
  readonly by: ContentCopy['identifiedBy']
  readonly on: string | null
}
type Of = <K extends keyof Told>(field: K) => Told[K] | undefined

function identityOf(of: Of): IdentityInput {
  const all = of('identity.names')
  const called = of('contact.name')
  const names = all?.names ?? (called === undefined ? [] : [called])
  const channels = of('contact.channels')
  const birthDate = of('identity.birth_date')
  const documents = of('identity.documents') ?? []
  const values = (list: readonly string[] | undefined) => (list ?? []).map((value) => ({ value }))
  const given: IdentityInput = {
    names: [...names],
    aliases: [...(all?.aliases ?? [])],
    phones: values(channels?.phones),
    emails: values(channels?.emails),
    addresses: values(of('identity.addresses')),
    documents: [...documents],
    ...(birthDate === undefined ? {} : { birthDate }),
  }
  return withoutEmpty(given)
}

function profileOf(of: Of): ProfileInput {
  const spoken = of('profile.languages')
  const family = of('profile.dependants')
  const status = of('profile.residency')
  const said: Partial<ProfileView> = {
    ...named('birth', of('profile.birth_band')),
    ...named('gender', of('profile.gender')),
    ...named('citizenships', of('profile.citizenship')),
    ...named('disability', of('profile.disability')),
    ...spoken,
    ...family,
    ...status,
  }
  // What was not asked there was not asked here either.
  const answered = Object.entries(said).filter(([, answer]) => answer.state !== 'not_asked')
  return Object.fromEntries(answered)
}

function named<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, T>)
}

function safeContactOf({
  noSafeWay,
  channels,
  mayAnswer,
  codeWord,
  language,
  neverContact,
  notes,
  state,
}: SafeContactView): SafeContactInput | undefined {
  if (state === 'not_asked') return undefined
  return {
    noSafeWay,
    channels: { ...channels },
    neverContact: neverContact.map((value) => ({ value })),
    ...(mayAnswer === null ? {} : { mayAnswer }),
    ...(codeWord === null ? {} : { codeWord }),
    ...(language === null ? {} : { language }),
    ...(notes === null ? {} : { notes }),
  }
}

function contentOf(of: Of): ContentCopy {
  const lived = of('case.experience')
  const decided = of('case.identification')
  const given: ContentCopy = {
    ...(lived === undefined
      ? {}
      : { acts: lived.acts, means: lived.means, purposes: lived.purposes, sectors: lived.sectors }),
    ...(decided?.by === undefined || decided.by === null || decided.on === null
      ? {}
      : { identification: decided.status, identifiedBy: decided.by, identifiedOn: decided.on }),
  }
  return withoutEmpty(given)
}

function withoutEmpty<T extends object>(given: T): T {
  return Object.fromEntries(
    Object.entries(given).filter(([, part]) => part !== undefined && !(Array.isArray(part) && part.length === 0)),
  ) as T
}

/** What of a copy a record that the agency has already doesn't say: nothing that stands there is written over. */
export function gapsOf(
  copy: RegisterPersonInput,
  known: {
    readonly identity: IdentityRecord
    readonly profile: ProfileView
    readonly safeContact: Pick<SafeContactView, 'state'>
  },
): RegisterPersonInput {
  const { identity: who, profile: answers, safeContact } = known
  const identity = Object.fromEntries(
    Object.entries(copy.identity ?? {}).filter(([part]) => {
      const stands = who[part as keyof IdentityRecord]
      return stands === null || stands.length === 0
    }),
  ) as IdentityInput
  const profile = Object.fromEntries(
    PROFILE_QUESTIONS.filter((question) => answers[question].state === 'not_asked').flatMap((question) => {
      const said = copy.profile?.[question]
      return said === undefined ? [] : [[question, said]]
    }),
  ) as ProfileInput
  return {
    ...(Object.keys(identity).length === 0 ? {} : { identity }),
    ...(Object.keys(profile).length === 0 ? {} : { profile }),
    ...(copy.safeContact === undefined || safeContact.state !== 'not_asked' ? {} : { safeContact: copy.safeContact }),
  }
}
