import 'server-only'
import { agencyDataKey } from '@/lib/access/agency-keys'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { openText, sealText, type SealingKey } from '@/lib/platform/crypto/envelope'
import { unwrapFindingKey, wrapFindingKey } from '@/lib/platform/crypto/finding-keys'
import { masterVersionOf, newKey, unwrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { newId } from '@/lib/platform/ids'

import { listBodyKeys, type ReceivingKey, type StoredKey, type WrappedKey } from './data'
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
  return wrappedUnder(unwrapped(receiving), key)
}

/** Seals what one side writes to the other. */
export function sealFindingText(key: SealingKey, body: string, row: string, text: string): string {
  return sealText(key, placeOf(body, row), text).toString('base64')
}

/** Opens it. Throws `SealBroken`. */
export function openFindingText(key: SealingKey, body: string, row: string, sealed: Uint8Array): string {
  return openText(key, placeOf(body, row), sealed)
}

/** The newest key of the actor's side, or the version asked for. An auditor's role reads no table of keys. */
async function ownKey(tx: ActorTx, version?: number): Promise<SealingKey> {
  if (!mayMakeFindings(actorOf(tx))) return agencyDataKey(tx, version)
  const found = (await listBodyKeys(tx)).findLast((key) => version === undefined || key.version === version)
  if (found === undefined) throw new Error('The body has no data key')
  return unwrapped(found)
}

function unwrapped({ agency, version, wrapped }: ReceivingKey): SealingKey {
  return unwrapAgencyKey(masterKeys(masterVersionOf(wrapped)), 'data', agency, version, wrapped)
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
