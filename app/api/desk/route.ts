import { currentActor } from '@/lib/auth/require-actor'
import { deskMark } from '@/lib/referrals/desk/service'

const headers = { 'Cache-Control': 'no-store' }

/** What changes whenever anything on the coordinator's desk does: an open desk asks it every few seconds. */
export async function GET(): Promise<Response> {
  const actor = await currentActor()
  if (actor === null) return new Response(null, { status: 401, headers })
  const mark = await deskMark(actor)
  return mark.ok ? new Response(mark.value, { headers }) : new Response(null, { status: 403, headers })
}
