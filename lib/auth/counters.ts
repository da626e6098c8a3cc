import 'server-only'
import type { Counter } from '@/lib/access/counters'
import { randomBytes, timingSafeEqual } from 'node:crypto'

import { keyedDigestOf } from './secrets'

/**
 * The counters that a sign-in passes (requirement A05), for known and unknown addresses alike.
 *
 * A browser on which this account has signed in before counts apart: whatever strangers do to the account, its member
 * gets in from there. From anywhere else the pair of account and network, the account, the network and the whole
 * installation count together. How many tries are free and how long the waits get stands in the database.
 */
export function countersFor(
  email: string,
  networkPrefix: string | undefined,
  device: string | undefined,
): readonly Counter[] {
  const account = email.toLowerCase()
  const network = networkPrefix ?? 'unknown'
  const known = deviceIdFor(account, device)
  if (known !== null) return [counter('device', known, account)]
  return [counter('pair', account, network), counter('account', account), counter('network', network), counter('all')]
}

/**
 * The counter of the codes of a second factor. A browser known from before counts apart here as well, so that whoever
 * found out a password slows its member down nowhere but at new places.
 */
export function factorCounters(member: string, email: string, device: string | undefined): readonly Counter[] {
  const known = deviceIdFor(email.toLowerCase(), device)
  return [counter('factor', member, known ?? 'elsewhere')]
}

/** The counters of links to set a new password, for known and unknown addresses alike. */
export function resetCounters(email: string, networkPrefix: string | undefined): readonly Counter[] {
  return [
    counter('reset', email.toLowerCase()),
    counter('reset-network', networkPrefix ?? 'unknown'),
    counter('reset-all'),
  ]
}

/** The counters of complaints with a code from paper, for codes that there are and others alike. */
export function complaintCounters(code: string, networkPrefix: string | undefined): readonly Counter[] {
  return [
    counter('complaint-code', code),
    counter('complaint-network', networkPrefix ?? 'unknown'),
    counter('complaint-all'),
  ]
}

/** The counter of a member's complaints: who it is stands in no table. */
export function memberComplaintCounters(member: string): readonly Counter[] {
  return [counter('complaint-code', 'member', member)]
}

/** The counters of looks at how a complaint stands. */
export function receiptCounters(networkPrefix: string | undefined): readonly Counter[] {
  return [counter('receipt-network', networkPrefix ?? 'unknown'), counter('receipt-all')]
}

/** What a browser gets after a sign-in, so that it is known at the next one. It names nobody and opens nothing. */
export function newDeviceMark(email: string): string {
  const id = randomBytes(12).toString('base64url')
  return `${id}.${markOf(id, email.toLowerCase())}`
}

function deviceIdFor(account: string, device: string | undefined): string | null {
  const [id = '', mark = ''] = (device ?? '').split('.')
  if (!/^[\w-]{16}$/.test(id)) return null
  const expected = Buffer.from(markOf(id, account))
  const given = Buffer.from(mark)
  return expected.length === given.length && timingSafeEqual(expected, given) ? id : null
}

function markOf(id: string, account: string): string {
  return keyedDigestOf('sign-in devices', id, account)
}

function counter(kind: Counter['kind'], ...parts: readonly string[]): Counter {
  return { kind, key: keyedDigestOf('sign-in counters', kind, ...parts) }
}
