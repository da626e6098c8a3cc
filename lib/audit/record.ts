import 'server-only'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'

import type { EventType } from './event-types'

/** One change or one look, as the caller can tell it. Who acts, when, and what kind of action it is, the database knows. */
export type AuditEntry = {
  readonly type: EventType
  /** The code of the record; left out for lists. */
  readonly subject?: string
  readonly personId?: string
  readonly caseId?: string
  readonly holderAgencyId?: string
  /** Names of fields, never values. */
  readonly fields?: readonly string[]
  /** The consent, referral or rule that authorised it. */
  readonly basis?: string
  readonly purpose?: string
  /** Keyed digests, so that two values can be told to be the same without being readable. */
  readonly digestBefore?: Uint8Array
  readonly digestAfter?: Uint8Array
  /** A reason someone typed, sealed under the person's key. */
  readonly reason?: Uint8Array
}

/** Writes an event in this transaction; if it can't be written, the transaction fails with it (trap T6). */
export async function record(tx: ActorTx, entry: AuditEntry): Promise<void> {
  await tx.$queryRaw`SELECT app.record_event(${JSON.stringify(eventOf(tx, entry))}::jsonb)`
}

/** Writes several events in one statement. */
export async function recordAll(tx: ActorTx, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  const events = JSON.stringify(entries.map((entry) => eventOf(tx, entry)))
  await tx.$queryRaw`SELECT count(app.record_event(e)) FROM jsonb_array_elements(${events}::jsonb) e`
}

/** The part of an event that the sealed-content functions of the database take from us: purpose and request. */
export function lookOf(tx: ActorTx, purpose: string, reason?: Uint8Array): string {
  return JSON.stringify({ purpose, reason: base64(reason), ...actorOf(tx).origin })
}

function eventOf(tx: ActorTx, entry: AuditEntry): Record<string, unknown> {
  const { digestBefore, digestAfter, reason, ...plain } = entry
  return {
    ...plain,
    ...actorOf(tx).origin,
    digestBefore: hex(digestBefore),
    digestAfter: hex(digestAfter),
    reason: base64(reason),
  }
}

function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('hex')
}

function base64(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('base64')
}
