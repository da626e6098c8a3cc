import 'server-only'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { personKey, sealUnder, type TextPlace } from '@/lib/people/sealing'

/** Seals several texts about one person, with one look-up of their key. */
export async function sealTexts<Name extends string>(
  tx: ActorTx,
  person: string,
  texts: Readonly<Record<Name, { readonly place: TextPlace; readonly text: string }>>,
): Promise<Readonly<Record<Name, Uint8Array<ArrayBuffer>>>> {
  const key = await personKey(tx, person)
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
