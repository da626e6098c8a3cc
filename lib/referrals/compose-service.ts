import 'server-only'
import type { ActorTx } from '@/lib/access/with-actor'
import type { NeedToRefer } from '@/lib/assistance/needs/schema'
import { servicesOfCaseIn } from '@/lib/assistance/services/service'
import { findReadable } from '@/lib/cases/service'
import type { FieldKey } from '@/lib/consent/fields'
import { personFactsIn } from '@/lib/people/facts-service'
import type { IdentityRecord } from '@/lib/people/identity-schema'
import { lookAtIdentity } from '@/lib/people/identity-service'
import type { PersonFacts } from '@/lib/people/schema'
import { findVisible } from '@/lib/people/service'

import { caseFact, needFact, profileFact, serviceFact } from './facts-rules'
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
  const [kind] = field.split('.')
  if (kind === 'need') return needFact(field, [...from.needs])
  if (kind === 'service') {
    return serviceFact(field, await servicesOfCaseIn(tx, from.subject.caseId, field.slice('service.'.length)))
  }
  return kind === 'profile' ? profileFact(field, from.facts.profile) : personalFact(field, from)
}

function personalFact(field: FieldKey, { on, facts, who }: Sources): unknown {
  if (asksForIdentity(field)) return who === null ? null : (identityFacts(who)[field] ?? null)
  return field === 'contact.rules' ? facts.safeContact : caseFact(field, on)
}
