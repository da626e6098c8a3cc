import 'server-only'
import { createHmac } from 'node:crypto'

import {
  complaintAnswer,
  fileComplaint as keepComplaint,
  openComplaint,
  ownAmong,
  type ComplaintRecipient,
} from '@/lib/access/complaint-desk'
import type { Counter } from '@/lib/access/counters'
import { flagIdentifying, maskNames } from '@/lib/people/free-text/rules'
import { wrapComplaintKey } from '@/lib/platform/crypto/complaint-keys'
import { deriveSecret } from '@/lib/platform/crypto/derive-secret'
import { sealText, type SealingKey } from '@/lib/platform/crypto/envelope'
import { newKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { indexToken } from '@/lib/platform/crypto/tokens'
import { newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import type { ComplaintAnswer, FileComplaintInput } from './schema'

type From = {
  readonly locale: 'en' | 'zh-Hans'
  readonly countersOf: (code: string) => readonly Counter[]
  /** The form's own key, the same for a second press of it. */
  readonly key: string | null
}

/**
 * Takes a complaint of somebody who was helped, with the code of their slip. What reads like a name of theirs, a number
 * or an address is masked before the text is sealed for the body that reads it: of the rest nothing is kept anywhere.
 *
 * Whether a code is a slip's isn't told: any that is well formed gets the same answer. Refuses with `invalid` one that
 * isn't, `too_many` after a few times, which are counted before the text is looked at, and `conflict` while no body takes
 * complaints. The same form sent again gives the code of its first press.
 */
export async function fileComplaint(
  input: FileComplaintInput,
  { locale, countersOf, key }: From,
): Promise<Result<{ readonly code: string }>> {
  const slip = parseCode(input.code, 'CMP')
  if (slip === null) return refuse('invalid', undefined, { code: ['complaints.errors.code'] })
  const { wait, recipient } = await openComplaint(slip, countersOf(slip))
  if (wait > 0) return refuse('too_many', 'complaint_wait')
  if (recipient === null) return refuse('conflict', 'no_body')
  const id = complaintId(key, 'person', input)
  const text =
    input.text === undefined ? null : sealedFor(recipient.body, id, await masked(slip, recipient, input.text))
  const { subject, ground, answerBy, toldCase } = input
  const told = {
    subject,
    ground: subject === 'treated_unequally' ? (ground ?? null) : null,
    answerBy,
    toldCase,
    locale,
  }
  return ok({ code: await keepComplaint(slip, { id, body: recipient.body, told, text }) })
}

/**
 * The id of what a form tells: the same for each press of it, so that it is kept once. Nothing else is kept of the press,
 * and without the application's secret nobody can tell from the id which form it was.
 */
export function complaintId(key: string | null, from: string, input: unknown): string {
  if (key === null) return newId()
  const bytes = createHmac('sha256', deriveSecret(masterKeys(), 'complaints'))
    .update(JSON.stringify([key, from, input]))
    .digest()
  // A UUID of version 8 (RFC 9562), whose bits are the maker's own.
  bytes.writeUInt8(0x80 | (bytes.readUInt8(6) & 0x0f), 6)
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

/**
 * How a complaint stands, for whoever holds its code. Refuses with `not_found` for any other code, and `too_many` after
 * many looks from one network.
 */
export async function readComplaintAnswer(
  text: string,
  counters: readonly Counter[],
): Promise<Result<ComplaintAnswer>> {
  const code = parseCode(text, 'CPL')
  if (code === null) return refuse('not_found', 'no_complaint')
  const found = await complaintAnswer(code, counters)
  if (found === null) return refuse('not_found', 'no_complaint')
  if (found.state === null) return refuse('too_many', 'complaint_wait')
  const { state, result, nextStep } = found as Omit<ComplaintAnswer, 'code'>
  return ok({ code, state, result, nextStep })
}

/** Seals what somebody wrote under a key of its own, which is wrapped for the body. */
export function sealedFor(body: SealingKey, id: string, text: string) {
  const key = newKey(id)
  const place = { table: 'complaint', column: 'sealed', row: id, agency: body.id }
  return {
    sealed: Uint8Array.from(sealText(key, place, text)),
    wrapped: Uint8Array.from(wrapComplaintKey(body, key)),
  }
}

/** The text without what could tell who wrote it: what the person's record knows them by, and any number or address. */
async function masked(slip: string, { index }: ComplaintRecipient, text: string): Promise<string> {
  const digestOf = (kind: string, value: string) => indexToken(index, kind, value)
  const asked = new Map<string, Buffer>()
  flagIdentifying(text, ({ kind, value }) => {
    const digest = digestOf(kind, value)
    asked.set(digest.toString('hex'), digest)
    return false
  })
  const own = await ownAmong(slip, [...asked.values()])
  // Nearly always nothing of the person stands there: then there is no second look at each word.
  if (own.size === 0) return maskNames(text)
  return maskNames(text, ({ kind, value }) => own.has(digestOf(kind, value).toString('hex')))
}
