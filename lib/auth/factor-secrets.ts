import 'server-only'
import { createHmac } from 'node:crypto'

import { deriveSecret } from '@/lib/platform/crypto/derive-secret'
import { isUnderOlderMaster, openUnderMaster, sealUnderMaster } from '@/lib/platform/crypto/master-seal'
import { masterKeys } from '@/lib/platform/crypto/master-keys'

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
 * The digests under which a member's recovery code may stand in the database, as hex: one for each master key of the
 * file, the newest first. Keyed, since sixty bits alone could be tried out by whoever stole the table.
 */
export function recoveryDigests(member: string, code: string): readonly string[] {
  const keys = masterKeys()
  const versions = [...keys.byVersion.values()].sort((a, b) => b.version - a.version)
  return versions.map((master) =>
    createHmac('sha256', deriveSecret(keys, 'recovery codes', master))
      .update(`${member}:${code}`)
      .digest('hex'),
  )
}

function placeOf({ id, agency }: AppRow) {
  return { table: 'second_factor', column: 'sealed', row: id, agency }
}
