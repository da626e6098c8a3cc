import { notFound } from 'next/navigation'
import { requireActor } from '@/lib/auth/require-actor'
import { listServices } from '@/lib/assistance/services/service'
import { viewLedCase } from '@/lib/referrals/transfer/lead-service'
import type { LedCaseView } from '@/lib/referrals/transfer/schema'

type Asked = { readonly params: Promise<{ readonly referral: string }> }

/** The case that the reader's agency leads by the transfer of an address; not found for everybody else. */
export async function ledCaseFor({ params }: Asked): Promise<LedCaseView> {
  const found = await viewLedCase(await requireActor(), { referral: (await params).referral })
  if (!found.ok) notFound()
  return found.value
}

/** What the reader's own agency logged on it. */
export async function ownServicesOn(on: string) {
  const found = await listServices(await requireActor(), { case: on, limit: 50 })
  return found.ok ? found.value.items : []
}
