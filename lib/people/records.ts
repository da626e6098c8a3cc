import 'server-only'
import { actorOf, nowIn, type ActorTx } from '@/lib/access/with-actor'
import { open, type SealingKey } from '@/lib/platform/crypto/envelope'

import type { IdentityRow, SealedVersion } from './data'
import type { IdentityRecord } from './identity-schema'
import { placeOfVersion } from './prepare-service'
import { safeContactView } from './safe-contact-rules'
import type { SafeContactRecord, SafeContactView } from './safe-contact-schema'
import { personKey } from './sealing'

/** Opens the newest safe contact. Throws `SealBroken` rather than show less than what is stored. */
export async function openSafeContact(
  tx: ActorTx,
  person: string,
  stored: SealedVersion | null,
  key?: SealingKey,
): Promise<SafeContactView> {
  if (stored === null) return safeContactView(null, nowIn(tx))
  const used = key ?? (await personKey(tx, person))
  const record = openVersion(tx, used, 'safe_contact', stored) as SafeContactRecord
  return safeContactView({ record, writtenAt: stored.writtenAt, version: stored.version }, nowIn(tx))
}

/** Opens an identity that the database handed out with its look on record. Throws `SealBroken`. */
export function openIdentity(tx: ActorTx, key: SealingKey, row: IdentityRow): IdentityRecord {
  return openVersion(tx, key, 'person_identity', row) as IdentityRecord
}

function openVersion(
  tx: ActorTx,
  key: SealingKey,
  table: 'person_identity' | 'safe_contact',
  { version, sealed }: { readonly version: number; readonly sealed: Uint8Array },
): unknown {
  const place = placeOfVersion(table, actorOf(tx).agency, key.id, version)
  return JSON.parse(open(key, place, sealed).toString('utf8'))
}
