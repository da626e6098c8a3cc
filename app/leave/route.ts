import { LEAVE_ADDRESS } from '@/components/layout/leave-address'
import { endSession, leaveAddress } from '@/lib/auth/sessions'
import { hasOwnOrigin } from '@/lib/forms/require-origin'

/** A neutral page: no word on it, and nothing that tells where one came from. */
const EMPTY_PAGE =
  '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>&#8203;</title>'

/**
 * Leaves at once: ends the session, empties what the browser kept, and goes to the neutral address. Not by a redirect,
 * which `form-action 'self'` would stop.
 */
export async function POST(): Promise<Response> {
  if (!(await hasOwnOrigin())) return new Response(null, { status: 403, headers: { 'Cache-Control': 'no-store' } })
  const address = (await leaveAddress()) ?? LEAVE_ADDRESS
  await endSession()
  return new Response(EMPTY_PAGE, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      Refresh: `0; url=${address}`,
      'Referrer-Policy': 'no-referrer',
      'Clear-Site-Data': '"cache", "cookies", "storage"',
      'Cache-Control': 'no-store',
    },
  })
}

/** Opened as an address it changes nothing; the page with the button does. */
export function GET(): Response {
  return new Response(null, { status: 303, headers: { Location: '/leave/confirm', 'Cache-Control': 'no-store' } })
}
