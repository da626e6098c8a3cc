import 'server-only'
import { agencyDataKey } from '@/lib/access/agency-keys'
import type { ActorTx } from '@/lib/access/with-actor'
import { SealBroken, sealedUnder, type SealingKey } from '@/lib/platform/crypto/envelope'
import { newKey } from '@/lib/platform/crypto/key-tree'
import { unwrapReferralKey, wrapReferralKey } from '@/lib/platform/crypto/referral-keys'
import { newId } from '@/lib/platform/ids'

import { insertNotesKey, listNotesKeys, type NotesKey } from './grant-data'

/**
 * The key under which the actor's agency seals what it writes on another agency's case, made with the first words there.
 * Throws without a living grant: whoever calls it asked for one.
 */
export async function grantedKeyToWrite(tx: ActorTx, caseId: string): Promise<SealingKey> {
  const kept = (await listNotesKeys(tx, caseId)).find(({ writes }) => writes)
  if (kept !== undefined) return opened(tx, kept)
  await keepKey(tx, caseId)
  // Of two who write the first words at once, one made the key.
  const made = (await listNotesKeys(tx, caseId)).find(({ writes }) => writes)
  if (made === undefined) throw new Error('No living grant lets anything be written on this case')
  return opened(tx, made)
}

/** What opens the words of the actor's agency on another agency's case, whichever grant they were written by. */
export async function grantedKeysToRead(tx: ActorTx, caseId: string): Promise<(sealed: Uint8Array) => SealingKey> {
  const keys = new Map<string, SealingKey>()
  for (const stored of await listNotesKeys(tx, caseId)) keys.set(stored.key_id, await opened(tx, stored))
  return (sealed) => {
    const key = keys.get(sealedUnder(Buffer.from(sealed)).id)
    if (key === undefined) throw new SealBroken('other_key')
    return key
  }
}

async function keepKey(tx: ActorTx, caseId: string): Promise<void> {
  const key = newKey(newId())
  const under = await agencyDataKey(tx)
  const wrapped = wrapReferralKey(under, 'notes', key).toString('base64')
  await insertNotesKey(tx, caseId, { keyId: key.id, wrapVersion: under.version, wrapped })
}

async function opened(tx: ActorTx, { key_id: id, wrap_version: version, wrapped }: NotesKey): Promise<SealingKey> {
  return unwrapReferralKey(await agencyDataKey(tx, version), 'notes', id, wrapped)
}
