import 'server-only'
import { createHmac } from 'node:crypto'

import { deriveSecret } from '@/lib/platform/crypto/derive-secret'
import type { SealingKey } from '@/lib/platform/crypto/envelope'
import { isUnderOlderMaster, openUnderMaster, sealUnderMaster } from '@/lib/platform/crypto/master-seal'
import { latestMasterKeys, masterKeys } from '@/lib/platform/crypto/master-keys'

const PURPOSE = 'second factors'

type AppRow = { readonly id: string; readonly agency: string }

/** Seals the secret of an authenticator app: it has to open while its member is only half signed in. */
export function sealAppSecret(app: AppRow, secret: string): Uint8Array<ArrayBuffer> {
  return sealUnderMaster(PURPOSE, placeOf(app), secret)
}

/** Opens it, with the same secret sealed anew where the master key has changed since; null where it hasn't. */
export function openAppSecret(app: AppRow, sealed: Uint8Array) {
  const secret = openUnderMaster(PURPOSE, placeOf(app), sealed)
  return { secret, newSealed: isUnderOlderMaster(sealed) ? sealAppSecret(app, secret) : null }
}

/**
 * The digest under which a member's new recovery code stands in the database, as hex. Keyed, since sixty bits alone could
 * be tried out by whoever stole the table; it begins with the version of the master key, so that this one is not taken
 * away while codes hang on it.
 */
export function recoveryDigest(member: string, code: string): string {
  const { current } = masterKeys()
  return versionOf(current) + keyedDigest(current, member, code)
}

/** All digests that a code may stand under: of each master key of the file, with its version and, as once, without. */
export function recoveryDigests(member: string, code: string): readonly string[] {
  return [...latestMasterKeys().byVersion.values()].flatMap((master) => {
    const digest = keyedDigest(master, member, code)
    return [versionOf(master) + digest, digest]
  })
}

function keyedDigest(master: SealingKey, member: string, code: string): string {
  return createHmac('sha256', deriveSecret(masterKeys(), 'recovery codes', master))
    .update(`${member}:${code}`)
    .digest('hex')
}

function versionOf({ version }: SealingKey): string {
  return version.toString(16).padStart(4, '0')
}

function placeOf({ id, agency }: AppRow) {
  return { table: 'second_factor', column: 'sealed', row: id, agency }
}
