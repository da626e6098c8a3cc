import 'server-only'
import { deriveSecret } from './derive-secret'
import { openText, sealedUnder, sealText, type Place, type SealingKey } from './envelope'
import { MasterKeyUnusable } from './key-tree'
import { masterKeys } from './master-keys'

/** Seals the secret that we share with an agency's provider, under a key of its own that the master key gives. */
export function sealClientSecret(agency: string, secret: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(sealText(keyOf(agency, masterKeys().current.version), placeOf(agency), secret))
}

/** Seals it anew under a newer master key; null when this process was not given it. */
export function resealClientSecret(agency: string, sealed: Uint8Array, version: number): Buffer | null {
  if (!masterKeys(version).byVersion.has(version)) return null
  return sealText(keyOf(agency, version), placeOf(agency), openClientSecret(agency, sealed))
}

/** Opens it again; throws `SealBroken`, and `MasterKeyUnusable` when the master key that it was sealed under is gone. */
export function openClientSecret(agency: string, sealed: Uint8Array): string {
  return openText(keyOf(agency, sealedUnder(sealed).version), placeOf(agency), sealed)
}

function keyOf(agency: string, version: number): SealingKey {
  const master = masterKeys(version).byVersion.get(version)
  if (master === undefined) throw new MasterKeyUnusable('unknown_version')
  return { id: agency, version, bytes: deriveSecret(masterKeys(), 'identity-provider', master) }
}

function placeOf(agency: string): Place {
  return { table: 'identity_provider', column: 'client_secret', row: agency, agency }
}
