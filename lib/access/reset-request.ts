import 'server-only'
import { openUnderMaster, placeWithoutAgency, sealUnderMaster } from '@/lib/platform/crypto/master-seal'

const PURPOSE = 'reset requests'

/** Seals the address that a link to set a new password is asked for: it may be nobody's, or a password in the wrong field. */
export function sealResetRequest(id: string, email: string): Uint8Array<ArrayBuffer> {
  return sealUnderMaster(PURPOSE, placeOf(id), email)
}

/** Opens it, for the job that sends the link. */
export function openResetRequest(id: string, sealed: Uint8Array): string {
  return openUnderMaster(PURPOSE, placeOf(id), sealed)
}

function placeOf(id: string) {
  return placeWithoutAgency('reset_request', 'sealed', id)
}
