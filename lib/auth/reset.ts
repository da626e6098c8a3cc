import 'server-only'
import type { RequestOrigin } from '@/lib/access/actor'
import { sealResetRequest } from '@/lib/access/reset-request'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { resetCounters } from './counters'
import { newPassword, passwordFault, whileNotBusy } from './passwords'
import { findReset, insertResetRequest, markPasswordReset } from './reset-data'
import type { InvitationView } from './schema'

/**
 * Asks for a link to set a new password. Whether anybody has the address is not looked at here: what is asked for goes
 * into the queue, sealed, by the same statement for each, and the answer is the same (requirement A06).
 *
 * Refuses with `too_many` after a few times for one address or from one network.
 */
export async function askReset(email: string, origin: RequestOrigin): Promise<Result<undefined>> {
  const id = newId()
  const request = { id, sealed: sealResetRequest(id, email) }
  const wait = await insertResetRequest(request, resetCounters(email, origin.networkPrefix))
  return wait > 0 ? refuse('too_many', 'sign_in_wait') : ok()
}

/** Whom a link is for; null when it is used, too old, or never was. Looking uses nothing up. */
export async function viewReset(secret: string): Promise<InvitationView | null> {
  return findReset(digestOf(secret))
}

/**
 * Sets a new password by a link, once, within ten minutes. Every session and token of the member ends and they are
 * told; a second factor is asked for at the next sign-in as ever (requirement A13).
 *
 * Refuses with `invalid` a password that the rules don't take, `not_found` a link that doesn't hold, whatever the reason.
 */
export async function completeReset(
  secret: string,
  password: string,
  origin: RequestOrigin,
): Promise<Result<undefined>> {
  const hash = digestOf(secret)
  const found = await findReset(hash)
  if (found === null) return refuse('not_found', 'reset_gone')
  const fault = passwordFault(password, found)
  if (fault !== null) return refuse('invalid', undefined, { password: [fault] })
  return whileNotBusy(async () =>
    (await markPasswordReset(hash, await newPassword(password), origin)) ? ok() : refuse('not_found', 'reset_gone'),
  )
}
