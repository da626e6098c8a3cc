import 'server-only'
import type { ActorTx } from '@/lib/access/with-actor'
import type { NeedToRefer } from '@/lib/assistance/needs/service'
import { servicesOfCaseIn } from '@/lib/assistance/services/service'
import { findReadable } from '@/lib/cases/service'
import type { FieldKey } from '@/lib/consent/fields'
import { personFactsIn } from '@/lib/people/facts-service'
import type { IdentityRecord } from '@/lib/people/identity-schema'
import { lookAtIdentity } from '@/lib/people/identity-service'
import type { PersonFacts } from '@/lib/people/schema'
import { findVisible } from '@/lib/people/service'

import { identityFacts } from './identity-rules'
import { isIdentifying } from './rules'

/** Whose facts, and which of their needs a referral is for. */
export type Subject = { readonly caseCode: string; readonly caseId: string; readonly personCode: string }

type CaseFacts = NonNullable<Awaited<ReturnType<typeof findReadable>>>

/**
 * The facts that fields stand for, as they are now. Who somebody is is looked at only where a field asks for it and
 * `identity` says that this is the moment; that look is on the log. A field whose fact nobody recorded has the value null.
 */
export async function factsIn(
  tx: ActorTx,
  subject: Subject,
  needs: readonly NeedToRefer[],
  fields: readonly FieldKey[],
  identity: 'look' | 'keep_shut',
): Promise<ReadonlyMap<FieldKey, unknown>> {
  const on = await findReadable(tx, subject.caseCode)
  const person = await findVisible(tx, subject.personCode)
  const facts = person === null ? null : await personFactsIn(tx, person.id)
  if (on === null || person === null || facts === null) throw new Error('The team of a referral lost sight of its case')
  const opens = identity === 'look' && fields.some(asksForIdentity)
  const who = opens ? (await lookAtIdentity(tx, person)).identity : null
  const values = new Map<FieldKey, unknown>()
  for (const field of fields) {
    if (identity === 'keep_shut' && isIdentifying(field)) continue
    values.set(field, await factOf(tx, field, { on, facts, who, needs, subject }))
  }
  return values
}

type Sources = {
  readonly on: CaseFacts
  readonly facts: PersonFacts
  readonly who: IdentityRecord | null
  readonly needs: readonly NeedToRefer[]
  readonly subject: Subject
}

function asksForIdentity(field: FieldKey): boolean {
  return field.startsWith('identity.') || field === 'contact.name' || field === 'contact.channels'
}

async function factOf(tx: ActorTx, field: FieldKey, from: Sources): Promise<unknown> {
  const [kind, rest] = field.split('.')
  if (kind === 'need') {
    return from.needs.filter(({ category }) => category === rest).map(({ type, urgency }) => ({ type, urgency }))
  }
  if (kind === 'service') {
    const lines = await servicesOfCaseIn(tx, from.subject.caseId, field.slice('service.'.length))
    return lines.map(({ type, deliveredOn, status }) => ({ type, deliveredOn, status }))
  }
  return kind === 'profile' ? profileFact(field, from.facts) : personalFact(field, from)
}

function profileFact(field: FieldKey, { profile }: PersonFacts): unknown {
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
    default:
      return { migration: profile.migration, displacement: profile.displacement }
  }
}

function personalFact(field: FieldKey, { on, facts, who }: Sources): unknown {
  if (asksForIdentity(field)) return who === null ? null : (identityFacts(who)[field] ?? null)
  const content = on.content
  switch (field) {
    case 'case.stage':
      return on.stage
    case 'case.risk':
      return on.risk
    case 'contact.rules':
      return facts.safeContact
    case 'case.experience':
      return content === null
        ? null
        : { acts: content.acts, means: content.means, purposes: content.purposes, sectors: content.sectors }
    default:
      return content === null
        ? null
        : { status: content.identification, by: content.identifiedBy, on: content.identifiedOn }
  }
}
