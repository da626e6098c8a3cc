import { seal, type SealingKey } from '@/lib/platform/crypto/envelope'
import { newKey, wrapPersonKey } from '@/lib/platform/crypto/key-tree'
import { newCode, newId } from '@/lib/platform/ids'

import { tokensToFindBy } from './find-tokens-service'
import { birthYearOf, EMPTY_IDENTITY, isBlankIdentity, withIdentity } from './identity-rules'
import type { IdentityRecord } from './identity-schema'
import { BLANK_PROFILE, birthBandOf, columnsOf, type ProfileColumns } from './profile-rules'
import { safeContactRecord } from './safe-contact-rules'
import type { RegisterPersonInput } from './schema'

/** The keys of the agency that will hold the person. */
export type HoldingKeys = { readonly data: SealingKey; readonly index: SealingKey }

/** Who registers, for whom, when; ids and codes only where the caller has its own. */
export type Registration = {
  readonly agency: string
  /** The agency's country: where phone numbers without a + belong. */
  readonly country: string
  readonly member: string
  readonly at: Date
  readonly id?: string
  readonly code?: string
  /** Keeps a second run of the same import from making the person again. */
  readonly importKey?: Uint8Array<ArrayBuffer>
}

type Bytes = Uint8Array<ArrayBuffer>
type Held = { readonly personId: string; readonly holderAgencyId: string; readonly agencyId: string }
type Version = Held & {
  readonly version: number
  readonly sealed: Bytes
  readonly writtenById: string
  readonly writtenAt: Date
}
export type TokenRow = Held & { readonly token: Bytes; readonly weight: number }

/** All rows of a new person, sealed and ready to be written, named as the tables' fields are. */
export type PreparedPerson = {
  /** The person's own key: for sealing what is written with the person, such as notes. Never stored as it is. */
  readonly key: SealingKey
  readonly person: {
    readonly id: string
    readonly code: string
    readonly holderAgencyId: string
    readonly agencyId: string
    readonly registeredById: string
    readonly birthBand: number | null
    readonly importKey: Bytes | null
    readonly createdAt: Date
  }
  readonly personKey: Held & { readonly wrapVersion: number; readonly wrapped: Bytes; readonly createdAt: Date }
  readonly identity: Version
  readonly safeContact: Version | null
  readonly profile: Held & ProfileColumns & { readonly updatedAt: Date }
  readonly tokens: readonly TokenRow[]
}

/**
 * Makes the rows of one new person without touching a database, so that imports and demonstration data can prepare
 * thousands a second and write them in bulk. `registerPersonIn` writes one such set.
 */
export function preparePerson(keys: HoldingKeys, input: RegisterPersonInput, who: Registration): PreparedPerson {
  const id = who.id ?? newId()
  const held: Held = { personId: id, holderAgencyId: who.agency, agencyId: who.agency }
  const key = newKey(id)
  const identity = withIdentity(EMPTY_IDENTITY, input.identity ?? {})
  const safeContact = safeContactRecord(input.safeContact ?? {})
  const birth = birthColumns(identity, input)
  const first = { ...held, version: 1, writtenById: who.member, writtenAt: who.at }
  return {
    key,
    person: {
      id,
      code: who.code ?? newCode('AMP'),
      holderAgencyId: who.agency,
      agencyId: who.agency,
      registeredById: who.member,
      birthBand: birth.band,
      importKey: who.importKey ?? null,
      createdAt: who.at,
    },
    personKey: {
      ...held,
      wrapVersion: keys.data.version,
      wrapped: Uint8Array.from(wrapPersonKey(keys.data, key)),
      createdAt: who.at,
    },
    identity: { ...first, sealed: sealRecord(key, 'person_identity', who.agency, 1, identity) },
    safeContact:
      safeContact === null ? null : { ...first, sealed: sealRecord(key, 'safe_contact', who.agency, 1, safeContact) },
    profile: {
      ...held,
      ...BLANK_PROFILE,
      ...columnsOf(input.profile ?? {}),
      birthState: birth.state,
      updatedAt: who.at,
    },
    tokens: tokenRows(keys.index, identity, who.country, held),
  }
}

/** The birth band and its state: a birth date in the identity counts before the answer in the profile. */
export function birthColumns(
  identity: IdentityRecord,
  { profile }: Pick<RegisterPersonInput, 'profile'>,
): { readonly band: number | null; readonly state: ProfileColumns['birthState'] } {
  const known = birthYearOf(identity)
  if (known !== null) return { band: birthBandOf(known), state: 'stated' }
  const answer = profile?.birth
  if (answer === undefined) return { band: null, state: 'not_asked' }
  return answer.state === 'stated'
    ? { band: birthBandOf(answer.value), state: 'stated' }
    : { band: null, state: answer.state }
}

/** The rows of the blind index for an identity: keyed digests, each once. */
export function tokenRows(index: SealingKey, identity: IdentityRecord, country: string, held: Held): TokenRow[] {
  if (isBlankIdentity(identity)) return []
  return tokensToFindBy(index, identity, country).map((token) => ({
    ...held,
    token: Uint8Array.from(token),
    weight: 1,
  }))
}

/** Where a version of a sealed record stands; under any other person, version, table or agency it doesn't open. */
export function placeOfVersion(
  table: 'person_identity' | 'safe_contact',
  agency: string,
  person: string,
  version: number,
) {
  return { table, column: 'sealed', row: `${person}:${String(version)}`, agency }
}

/** Seals a record as one version of a person's identity or safe contact. */
export function sealRecord(
  key: SealingKey,
  table: 'person_identity' | 'safe_contact',
  agency: string,
  version: number,
  record: object,
): Bytes {
  const place = placeOfVersion(table, agency, key.id, version)
  return Uint8Array.from(seal(key, place, Buffer.from(JSON.stringify(record), 'utf8')))
}
