import type { DocumentRecord, IdentityRecord, NameRecord } from '@/lib/people/identity-schema'

/** What each field that tells who somebody is holds, from the identity as it is sealed. */
export function identityFacts(who: IdentityRecord): Readonly<Record<string, unknown>> {
  return {
    'contact.name': nameToCallBy(who),
    'contact.channels': { phones: who.phones, emails: who.emails },
    'identity.names': { names: who.names, aliases: who.aliases },
    'identity.birth_date': who.birthDate,
    'identity.documents': who.documents,
    'identity.addresses': who.addresses,
  }
}

/** Chinese family names of two signs that are still borne. */
const TWO_SIGNS =
  /^(?:欧阳|歐陽|上官|司马|司馬|诸葛|諸葛|司徒|东方|東方|独孤|獨孤|南宫|南宮|夏侯|皇甫|尉迟|尉遲|公孙|公孫|慕容|令狐|宇文|长孙|長孫|端木|轩辕|軒轅|闻人|聞人|淳于|申屠|太史|呼延|鲜于|鮮于)/u
const UNDIVIDED = /^[\p{Script=Han}\p{Script=Hangul}々]{2,}$/u

/**
 * The name to call somebody by, or null: the first part of the first name alone, since a consent to being reached is
 * none to being known in full. Of a name with a comma what follows it, as in lists; of a Chinese or Korean one without
 * a space the family name, by which people are addressed there. A name of one part goes as it is.
 */
export function nameToCallBy({ names: [first] }: Pick<IdentityRecord, 'names'>): NameRecord | null {
  if (first === undefined) return null
  const [family = '', ...given] = first.value.split(/[,،，]/u).map((part) => part.trim())
  const [called = ''] = (given.find((part) => part !== '') ?? family).split(/[\s·・]+/u)
  if (called === '') return first
  const value = UNDIVIDED.test(called) && called === first.value.trim() ? familyName(called) : called
  return { ...first, value }
}

function familyName(name: string): string {
  return TWO_SIGNS.exec(name)?.[0] ?? Array.from(name)[0] ?? name
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
