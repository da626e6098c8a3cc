import 'server-only'

import { deriveSecret } from './derive-secret'
import { openText, SealBroken, sealedUnder, sealText, type Place, type SealingKey } from './envelope'
import { masterKeys } from './master-keys'

const NIL = '00000000-0000-0000-0000-000000000000'

/** Where a value stands that belongs to no agency whose keys could be opened at that moment. */
export function placeWithoutAgency(table: string, column: string, row: string): Place {
  return { table, column, row, agency: NIL }
}

/**
 * Seals a text under a key derived from the newest master key for one purpose: for what has to be opened before
 * anybody is signed in, when no agency's key can be.
 */
export function sealUnderMaster(purpose: string, place: Place, text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(sealText(keyFor(purpose, masterKeys().current), place, text))
}

/** Opens such a text, whichever master key of the file it is under. Throws `SealBroken`. */
export function openUnderMaster(purpose: string, place: Place, sealed: Uint8Array): string {
  const { version } = sealedUnder(sealed)
  const under = masterKeys(version).byVersion.get(version)
  if (under === undefined) throw new SealBroken('other_key')
  return openText(keyFor(purpose, under), place, sealed)
}

/** Whether it would be sealed under another master key today. */
export function isUnderOlderMaster(sealed: Uint8Array): boolean {
  return sealedUnder(sealed).version !== masterKeys().current.version
}

function keyFor(purpose: string, master: SealingKey): SealingKey {
  return { id: NIL, version: master.version, bytes: deriveSecret(masterKeys(), purpose, master) }
}
