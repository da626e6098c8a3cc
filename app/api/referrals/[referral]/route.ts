import { currentActor } from '@/lib/auth/require-actor'
import { referralMark } from '@/lib/referrals/service'

const headers = { 'Cache-Control': 'no-store' }

/** What changes whenever a referral does: an open page of it asks every few seconds. */
export async function GET(_request: Request, { params }: RouteContext<'/api/referrals/[referral]'>) {
  const actor = await currentActor()
  if (actor === null) return new Response(null, { status: 401, headers })
  const found = await referralMark(actor, await params)
  return found.ok ? new Response(found.value.mark, { headers }) : new Response(null, { status: 404, headers })
}
