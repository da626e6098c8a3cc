import 'server-only'
import { agencyDataKey } from '@/lib/access/agency-keys'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { openText, sealText, type KeyVersion, type SealingKey } from '@/lib/platform/crypto/envelope'
import { newKey, unwrapPersonKey, wrapPersonKey } from '@/lib/platform/crypto/key-tree'

/** Where a sealed text stands; the holding agency is added. Moved to any other place, it does not open. */
export type TextPlace = { readonly table: string; readonly column: string; readonly row: string }

/** Thrown when a person's key is gone (erased) or out of the actor's sight. Never taken for an empty text. */
export class PersonKeyMissing extends Error {
  override readonly name = 'PersonKeyMissing'
}

/** Makes a key for a new person of the actor's agency: the key itself, and the row that keeps it wrapped. */
export async function newPersonKey(tx: ActorTx, person: string) {
  const agency = actorOf(tx).agency
  const wrapping = await agencyDataKey(tx)
  const key = newKey(person)
  const row = {
    personId: person,
    holderAgencyId: agency,
    agencyId: agency,
    wrapVersion: wrapping.version,
    wrapped: Uint8Array.from(wrapPersonKey(wrapping, key)),
  }
  return { key, row }
}

/** A person's key, for whoever is on their team. Throws `PersonKeyMissing`. */
export async function personKey(tx: ActorTx, person: string): Promise<SealingKey> {
  const keys = await personKeys(tx, [person])
  const key = keys.get(person)
  if (key === undefined) throw new PersonKeyMissing('No key for this person')
  return key
}

type KeyRow = {
  readonly person_id: string
  readonly version: number
  readonly wrap_version: number
  readonly wrapped: Uint8Array
}

/**
 * The keys of several persons in one query; those out of sight are left out. Each comes with its older versions and
 * stays the newest until the transaction ends: a change of the key waits for it.
 */
export async function personKeys(tx: ActorTx, persons: readonly string[]): Promise<ReadonlyMap<string, SealingKey>> {
  const rows = await tx.$queryRaw<KeyRow[]>`
    SELECT person_id, version, wrap_version, wrapped FROM app.person_keys(${[...persons]}::uuid[])`
  const versions = new Map<string, KeyVersion[]>()
  for (const row of rows) {
    const wrapping = await agencyDataKey(tx, row.wrap_version)
    const key = unwrapPersonKey(wrapping, row.person_id, row.version, row.wrapped)
    versions.set(row.person_id, [...(versions.get(row.person_id) ?? []), key])
  }
  return new Map([...versions].map(([person, keys]) => [person, newestWithOlder(keys)]))
}

function newestWithOlder(keys: readonly KeyVersion[]): SealingKey {
  const [newest, ...older] = [...keys].sort((a, b) => b.version - a.version)
  if (newest === undefined) throw new Error('A person has no key without a version')
  return older.length === 0 ? newest : { ...newest, older }
}

/** Seals under a key at hand: where one use case seals several texts of one person. */
export function sealUnder(key: SealingKey, agency: string, place: TextPlace, text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(sealText(key, { ...place, agency }, text))
}

/** Opens under a key at hand. Throws `SealBroken`. */
export function unsealUnder(key: SealingKey, agency: string, place: TextPlace, sealed: Uint8Array): string {
  return openText(key, { ...place, agency }, sealed)
}
