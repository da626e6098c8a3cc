import type { DocumentRecord, IdentityRecord, NameRecord } from '@/lib/people/identity-schema'

/** What each field that tells who somebody is holds, from the identity as it is sealed. */
export function identityFacts(who: IdentityRecord): Readonly<Record<string, unknown>> {
  return {
    'contact.name': who.names[0] ?? null,
    'contact.channels': { phones: who.phones, emails: who.emails },
    'identity.names': { names: who.names, aliases: who.aliases },
    'identity.birth_date': who.birthDate,
    'identity.documents': who.documents,
    'identity.addresses': who.addresses,
  }
}

/** As much of an identity as these fields hold, to find somebody by. */
export function identityOfFacts(facts: ReadonlyMap<string, unknown>): IdentityRecord {
  const names = facts.get('identity.names') as { names: NameRecord[]; aliases: NameRecord[] } | null | undefined
  const channels = facts.get('contact.channels') as { phones: string[]; emails: string[] } | null | undefined
  return {
    names: names?.names ?? [],
    aliases: names?.aliases ?? [],
    phones: channels?.phones ?? [],
    emails: channels?.emails ?? [],
    birthDate: (facts.get('identity.birth_date') as string | null | undefined) ?? null,
    documents: (facts.get('identity.documents') as DocumentRecord[] | null | undefined) ?? [],
    addresses: [],
  }
}
