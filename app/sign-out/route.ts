import { endSession } from '@/lib/auth/sessions'
import { hasOwnOrigin } from '@/lib/forms/require-origin'

/**
 * Signs out and empties what the browser kept of our pages. Cookies stay but for the session's own: the language, and
 * the mark by which a member gets in although strangers try their account.
 */
export async function POST(): Promise<Response> {
  if (!(await hasOwnOrigin())) return new Response(null, { status: 403, headers: { 'Cache-Control': 'no-store' } })
  await endSession()
  return new Response(null, {
    status: 303,
    headers: { Location: '/sign-in', 'Clear-Site-Data': '"cache", "storage"', 'Cache-Control': 'no-store' },
  })
}

/** Opened as an address it changes nothing; the page with the button does. */
export function GET(): Response {
  return new Response(null, { status: 303, headers: { Location: '/leave/confirm', 'Cache-Control': 'no-store' } })
}
