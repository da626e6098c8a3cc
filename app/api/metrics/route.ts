import { mayReadMetrics } from '@/lib/platform/watching/metrics-token'
import { METRICS_TYPE, metricsText } from '@/lib/platform/watching/meters'

const HEADERS = { 'cache-control': 'no-store' }

/** For Prometheus, with the bearer token of AMPARO_METRICS_TOKEN; without one set there is nothing here. */
export async function GET(request: Request): Promise<Response> {
  const may = mayReadMetrics(request.headers.get('authorization'))
  if (may === 'off') return new Response('Not found\n', { status: 404, headers: HEADERS })
  if (may === 'no')
    return new Response('Unauthorized\n', { status: 401, headers: { ...HEADERS, 'www-authenticate': 'Bearer' } })
  return new Response(await metricsText(), { headers: { ...HEADERS, 'content-type': METRICS_TYPE } })
}
