import 'server-only'
import { agencyIndexKey } from '@/lib/access/agency-keys'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { flagIdentifying, type Finding } from '@/lib/people/free-text/rules'
import { indexToken } from '@/lib/platform/crypto/tokens'
import { refuse, type Refused } from '@/lib/platform/result'

/** A text that someone typed about a person, and why it stays as it is where they said so. */
export type TypedText = { readonly text: string | undefined; readonly kept: string | undefined }

/**
 * Looks for the person's own names and numbers, and for anything that reads like a number or an address, in what was
 * typed about them (hard-parts 9). Refuses with `text_flagged` and one sentence a field, unless the sender said why it
 * stays. The look-up of tokens reads digests only, so it is no look at identity.
 */
export async function flagTexts(
  tx: ActorTx,
  person: string,
  texts: Readonly<Record<string, TypedText>>,
): Promise<Refused | null> {
  const open = Object.entries(texts).filter(([, { text, kept }]) => text !== undefined && kept === undefined)
  if (open.length === 0) return null
  const isOwn = await ownTokensOf(tx, person)
  const errors: Record<string, readonly string[]> = {}
  for (const [field, { text = '' }] of open) {
    const [first] = flagIdentifying(text, isOwn)
    if (first !== undefined) errors[field] = [FLAGS[first.kind]]
  }
  return Object.keys(errors).length === 0 ? null : refuse('invalid', 'text_flagged', errors)
}

const FLAGS: Readonly<Record<Finding['kind'], string>> = {
  name: 'assistance.flag.name',
  phone: 'assistance.flag.phone',
  number: 'assistance.flag.number',
  address: 'assistance.flag.address',
  email: 'assistance.flag.email',
}

async function ownTokensOf(tx: ActorTx, person: string) {
  const rows = await tx.searchToken.findMany({
    where: { agencyId: actorOf(tx).agency, personId: person },
    select: { token: true },
  })
  if (rows.length === 0) return () => false
  const own = new Set(rows.map(({ token }) => Buffer.from(token).toString('hex')))
  const key = await agencyIndexKey(tx)
  return ({ kind, value }: { readonly kind: string; readonly value: string }) =>
    own.has(indexToken(key, kind, value).toString('hex'))
}
