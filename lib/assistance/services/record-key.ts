import 'server-only'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { grantedKeysToRead, grantedKeyToWrite } from '@/lib/cases/grant-keys-service'
import { personKey } from '@/lib/people/sealing'
import type { SealingKey } from '@/lib/platform/crypto/envelope'

/** The case that words stand on, and who holds its person. */
export type RecordOn = { readonly caseId: string; readonly person: string; readonly holder: string }

/**
 * The key that seals words on a record: the person's, where the actor's agency holds them; on another agency's case a key
 * of the actor's own agency, which nobody else has.
 */
export async function keyToWrite(tx: ActorTx, on: RecordOn): Promise<SealingKey> {
  return isOwn(tx, on) ? personKey(tx, on.person) : grantedKeyToWrite(tx, on.caseId)
}

/** What opens words on a record. Throws `SealBroken` for another agency's. */
export async function keysToRead(tx: ActorTx, on: RecordOn): Promise<(sealed: Uint8Array) => SealingKey> {
  if (!isOwn(tx, on)) return grantedKeysToRead(tx, on.caseId)
  const key = await personKey(tx, on.person)
  return () => key
}

function isOwn(tx: ActorTx, { holder }: RecordOn): boolean {
  return actorOf(tx).agency === holder
}
