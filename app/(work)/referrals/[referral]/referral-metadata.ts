import { notFound } from 'next/navigation'
import { requireActor } from '@/lib/auth/require-actor'
import { parseCode } from '@/lib/platform/ids'
import type { Move, ReferralView } from '@/lib/referrals/schema'
import { viewReferral } from '@/lib/referrals/service'

type Asked = { readonly params: Promise<{ readonly referral: string }> }

/** The canonical code in an address, for a title. */
export async function codeIn({ params }: Asked): Promise<string> {
  return parseCode((await params).referral, 'REF') ?? ''
}

/** The referral of an address for the page of one move; not found for whoever may not make it now. */
export async function referralFor({ params }: Asked, move: Move): Promise<ReferralView> {
  const found = await viewReferral(await requireActor(), { referral: (await params).referral })
  if (!found.ok || !found.value.may.includes(move)) notFound()
  return found.value
}
