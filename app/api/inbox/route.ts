import { unreadNotices } from '@/lib/auth/sessions'

/**
 * How many notices the member has not read, and an empty text for none: what every open page asks now and then. Asking
 * is no use of the session.
 */
export async function GET(): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store' }
  const unread = await unreadNotices()
  return unread === null
    ? new Response(null, { status: 401, headers })
    : new Response(unread === 0 ? '' : String(unread), { headers })
}
