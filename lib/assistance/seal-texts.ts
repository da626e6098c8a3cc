import 'server-only'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { sealUnder, type TextPlace } from '@/lib/people/sealing'
import type { SealingKey } from '@/lib/platform/crypto/envelope'

/** Seals several texts about one person under one key. */
export function sealTexts<Name extends string>(
  tx: ActorTx,
  key: SealingKey,
  texts: Readonly<Record<Name, { readonly place: TextPlace; readonly text: string }>>,
): Readonly<Record<Name, Uint8Array<ArrayBuffer>>> {
  const agency = actorOf(tx).agency
  const sealed = Object.entries<{ readonly place: TextPlace; readonly text: string }>(texts).map(
    ([name, { place, text }]) => [name, sealUnder(key, agency, place, text)] as const,
  )
  return Object.fromEntries(sealed) as Record<Name, Uint8Array<ArrayBuffer>>
}

/** Where the reason of an event about this record is sealed for. */
export function reasonOfEvent(code: string): TextPlace {
  return { table: 'audit_event', column: 'reason', row: code }
}

/** A reason, and beneath it why a text with identity in it stays. */
export function withWhy(reason: string, ...why: readonly (string | undefined)[]): string {
  return [...new Set([reason, ...why])].filter((text) => text !== undefined && text !== '').join('\n')
}
