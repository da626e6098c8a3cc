import { emergencyOfSession } from '@/lib/access/emergency'
import { readSessionCookie } from '@/lib/auth/session-cookie'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { parseCode } from '@/lib/platform/ids'

/** How long one's own emergency access is open still, for pages that show what it opened; 0 at its end and for all others. */
export async function GET(_request: Request, { params }: RouteContext<'/api/emergency-access/[access]'>) {
  const headers = { 'Cache-Control': 'no-store' }
  const session = await readSessionCookie()
  if (session === null) return new Response(null, { status: 401, headers })
  const code = parseCode((await params).access, 'EMG')
  const open = code === null ? null : await emergencyOfSession(digestOf(session), code)
  return Response.json({ secondsLeft: open?.secondsLeft ?? 0 }, { headers })
}
