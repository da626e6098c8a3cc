import { checkHealth } from '@/lib/platform/health'

const HEADERS = { 'cache-control': 'no-store' }

/** For load balancers and operators: 503 names the part that fails; `?probe=live` looks at the process only. */
export async function GET(request: Request): Promise<Response> {
  const probe = new URL(request.url).searchParams.get('probe')
  if (probe === 'live') return Response.json({ status: 'live' }, { headers: HEADERS })
  const health = await checkHealth()
  if (health.status === 'ok') return Response.json(health, { headers: HEADERS })
  return Response.json(health, { status: 503, headers: { ...HEADERS, 'retry-after': '2' } })
}
