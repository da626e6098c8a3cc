import 'server-only'
import { agencyDataKey } from '@/lib/access/agency-keys'
import { type ActorTx } from '@/lib/access/with-actor'
import { openText, sealText, type SealingKey } from '@/lib/platform/crypto/envelope'
import { masterVersionOf, newKey, unwrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { unwrapReferralKey, wrapReferralKey, type ReferralPart } from '@/lib/platform/crypto/referral-keys'
import { newId } from '@/lib/platform/ids'

import type { ForeignKey, WrappedKey } from './data'

/** A fresh key of a referral, and how the database keeps it for the actor's agency. */
export async function makeKey(tx: ActorTx, part: ReferralPart): Promise<{ key: SealingKey; wrapped: WrappedKey }> {
  const key = newKey(newId())
  return { key, wrapped: wrappedFor(await agencyDataKey(tx), part, key) }
}

/** A key of a referral that the actor's agency has wrapped. Throws `SealBroken`. */
export async function openOwnKey(
  tx: ActorTx,
  part: ReferralPart,
  stored: { readonly key_id: string; readonly wrap_version: number; readonly wrapped: Uint8Array },
): Promise<SealingKey> {
  return unwrapReferralKey(await agencyDataKey(tx, stored.wrap_version), part, stored.key_id, stored.wrapped)
}

/** Wraps a key of a referral for the other agency, whose own key the database handed out for this one step. */
export function wrapForOther(foreign: ForeignKey, part: ReferralPart, key: SealingKey): WrappedKey {
  return wrappedFor(openForeign(foreign), part, key)
}

/** Wraps for the actor's agency what the other one has wrapped. */
export async function takeOver(
  tx: ActorTx,
  part: ReferralPart,
  offered: { readonly keyId: string; readonly wrapped: Uint8Array; readonly under: ForeignKey },
): Promise<WrappedKey> {
  const key = unwrapReferralKey(openForeign(offered.under), part, offered.keyId, offered.wrapped)
  return wrappedFor(await agencyDataKey(tx), part, key)
}

/** Seals a fact of a referral; it opens in this place alone. */
export function sealFact(key: SealingKey, holder: string, row: string, value: unknown): string {
  return sealText(key, placeOf('referral_field', holder, row), JSON.stringify(value)).toString('base64')
}

/** Opens a fact of a referral. Throws `SealBroken`. */
export function openFact(key: SealingKey, holder: string, row: string, sealed: Uint8Array): unknown {
  return JSON.parse(openText(key, placeOf('referral_field', holder, row), sealed))
}

/** Seals what one side writes to the other. */
export function sealWords(key: SealingKey, holder: string, row: string, text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(sealText(key, placeOf('referral_text', holder, row), text))
}

/** Opens what one side wrote to the other. Throws `SealBroken`. */
export function openWords(key: SealingKey, holder: string, row: string, sealed: Uint8Array): string {
  return openText(key, placeOf('referral_text', holder, row), sealed)
}

function openForeign({ agency, version, wrapped }: ForeignKey): SealingKey {
  return unwrapAgencyKey(masterKeys(masterVersionOf(wrapped)), 'data', agency, version, wrapped)
}

function wrappedFor(agencyKey: SealingKey, part: ReferralPart, key: SealingKey): WrappedKey {
  return {
    keyId: key.id,
    wrapVersion: agencyKey.version,
    wrapped: wrapReferralKey(agencyKey, part, key).toString('base64'),
  }
}

function placeOf(table: string, agency: string, row: string) {
  return { table, column: 'sealed', row, agency }
}
