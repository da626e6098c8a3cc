import 'server-only'
import { agencyDataKey } from '@/lib/access/agency-keys'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { openText, sealText, type SealingKey } from '@/lib/platform/crypto/envelope'
import { unwrapFindingKey, wrapFindingKey } from '@/lib/platform/crypto/finding-keys'
import { newKey } from '@/lib/platform/crypto/key-tree'
import { newId } from '@/lib/platform/ids'

import type { ReceivingKey } from '../keys/body-data'
import { bodyKey, unwrapBodyKey } from '../keys/body-keys'
import type { StoredKey, WrappedKey } from './data'
import { mayMakeFindings } from './policy'

/** A fresh key for a finding's texts, and how the database keeps it for the actor's body. */
export async function makeFindingKey(tx: ActorTx): Promise<{ key: SealingKey; wrapped: WrappedKey }> {
  const key = newKey(newId())
  return { key, wrapped: wrappedUnder(await ownKey(tx), key) }
}

/** The key of a finding's texts, as the actor's side has it wrapped. Throws `SealBroken`. */
export async function openFindingKey(tx: ActorTx, stored: StoredKey): Promise<SealingKey> {
  return unwrapFindingKey(await ownKey(tx, stored.wrap_version), stored.key_id, stored.wrapped)
}

/** Wraps it for the agency that the finding is sent to, whose own key the database handed out for this one step. */
export function wrapForAgency(receiving: ReceivingKey, key: SealingKey): WrappedKey {
  return wrappedUnder(unwrapBodyKey(receiving), key)
}

/** Seals what one side writes to the other. */
export function sealFindingText(key: SealingKey, body: string, row: string, text: string): string {
  return sealText(key, placeOf(body, row), text).toString('base64')
}

/** Opens it. Throws `SealBroken`. */
export function openFindingText(key: SealingKey, body: string, row: string, sealed: Uint8Array): string {
  return openText(key, placeOf(body, row), sealed)
}

/** The newest key of the actor's side, or the version asked for. */
async function ownKey(tx: ActorTx, version?: number): Promise<SealingKey> {
  return mayMakeFindings(actorOf(tx)) ? bodyKey(tx, version) : agencyDataKey(tx, version)
}

function wrappedUnder(agencyKey: SealingKey, key: SealingKey): WrappedKey {
  return {
    keyId: key.id,
    wrapVersion: agencyKey.version,
    wrapped: wrapFindingKey(agencyKey, key).toString('base64'),
  }
}

function placeOf(agency: string, row: string) {
  return { table: 'finding_text', column: 'sealed', row, agency }
}
