import type { IdentityRecord } from '@/lib/people/identity-schema'

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
