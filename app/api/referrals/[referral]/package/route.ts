import { currentActor } from '@/lib/auth/require-actor'
import { referralMark } from '@/lib/referrals/service'

const headers = { 'Cache-Control': 'no-store' }

/** Whether what was shared with a referral may still be seen: 204 while it may, 404 when not. No look, for nothing is shown. */
export async function GET(_request: Request, { params }: RouteContext<'/api/referrals/[referral]/package'>) {
  const actor = await currentActor()
  if (actor === null) return new Response(null, { status: 401, headers })
  const found = await referralMark(actor, await params)
  return new Response(null, { status: found.ok && found.value.isOpen ? 204 : 404, headers })
}
