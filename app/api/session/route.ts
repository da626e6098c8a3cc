import { secondsLeft, staySignedIn } from '@/lib/auth/sessions'
import { hasOwnOrigin } from '@/lib/forms/require-origin'

/** How long the session lasts still. Asking is no use of it. */
export async function GET(): Promise<Response> {
  return answer(await secondsLeft())
}

/** "Stay signed in". */
export async function POST(): Promise<Response> {
  if (!(await hasOwnOrigin())) return new Response(null, { status: 403, headers: { 'Cache-Control': 'no-store' } })
  return answer(await staySignedIn())
}

function answer(seconds: number | null): Response {
  const headers = { 'Cache-Control': 'no-store' }
  return seconds === null
    ? new Response(null, { status: 401, headers })
    : Response.json({ secondsLeft: seconds }, { headers })
}
