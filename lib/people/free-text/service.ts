import 'server-only'
import { agencyIndexKey } from '@/lib/access/agency-keys'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { indexToken } from '@/lib/platform/crypto/tokens'
import { refuse, type Refused } from '@/lib/platform/result'

import { listGrantedTokens } from '../search-data'
import { flagIdentifying, maskIdentifying } from './rules'
import type { IdentifyingKind, TextCheck, TextWarning } from './schema'

/** A text that someone typed about a person, and why it stays as it is where they said so. */
export type TypedText = { readonly text: string | undefined; readonly kept: string | undefined }

/** What a check came to. `told` goes into the view; it is empty unless there is something to tell. */
export type CheckedTexts = {
  readonly fault: Refused | null
  readonly told: { readonly warnings?: readonly TextWarning[] }
}

/**
 * Looks for the person's own names and numbers, and for anything that reads like a number or an address, in what was
 * typed about them (hard-parts 9). Unless the sender said why it stays, such a text is refused with `text_flagged` and
 * one sentence for each kind in a field, or with `warn` told of. The look-up of tokens reads digests only, so it is no look at identity.
 */
export async function checkTexts(
  tx: ActorTx,
  person: string,
  texts: Readonly<Record<string, TypedText>>,
  check: TextCheck,
): Promise<CheckedTexts> {
  const open = Object.entries(texts).filter(([, { text, kept }]) => text !== undefined && kept === undefined)
  if (open.length === 0) return NOTHING
  const isOwn = await ownTokensOf(tx, person)
  const warnings = open.flatMap(([field, { text = '' }]) => {
    const kinds = new Set(flagIdentifying(text, isOwn).map(({ kind }) => kind))
    return [...kinds].map((reason) => ({ field, reason }))
  })
  if (warnings.length === 0) return NOTHING
  if (check === 'warn') return { fault: null, told: { warnings } }
  const errors: Record<string, string[]> = {}
  for (const { field, reason } of warnings) (errors[field] ??= []).push(FLAGS[reason])
  return { fault: refuse('invalid', 'text_flagged', errors), told: {} }
}

/** Whether a text holds what reads like a number or an address, whoever it is about. */
export function holdsPattern(text: string): boolean {
  return flagIdentifying(text).length > 0
}

/** A text as coordinators and auditors may read it: numbers and addresses masked (hard-parts 9). */
export function maskText(text: string): string {
  return maskIdentifying(text)
}

const NOTHING: CheckedTexts = { fault: null, told: {} }

const FLAGS: Readonly<Record<IdentifyingKind, string>> = {
  name: 'people.flag.name',
  phone: 'people.flag.phone',
  number: 'people.flag.number',
  address: 'people.flag.address',
  email: 'people.flag.email',
}

async function ownTokensOf(tx: ActorTx, person: string) {
  const rows = await tx.searchToken.findMany({
    where: { agencyId: actorOf(tx).agency, personId: person },
    select: { token: true },
  })
  // Of somebody whom another agency holds, the tokens came with the grant.
  if (rows.length === 0) rows.push(...(await listGrantedTokens(tx, person)))
  if (rows.length === 0) return () => false
  const own = new Set(rows.map(({ token }) => Buffer.from(token).toString('hex')))
  const key = await agencyIndexKey(tx)
  return ({ kind, value }: { readonly kind: string; readonly value: string }) =>
    own.has(indexToken(key, kind, value).toString('hex'))
}
