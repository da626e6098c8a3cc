import 'server-only'

import type { Endpoint, Method } from './endpoint'
import { handlerOf, type Handler } from './handler'
import { problem } from './problem'

/** What a route file exports. */
export type Routes = Readonly<Record<Method | 'PUT' | 'DELETE' | 'OPTIONS', Handler>>

/**
 * The exports of a route file, for the endpoints of one address. Methods without an endpoint are answered by a problem
 * too: left out, Next.js would answer them with an empty body.
 */
export function routesOf(...endpoints: readonly Endpoint[]): Routes {
  const given = endpoints.map((endpoint): [Method, Handler] => [endpoint.method, handlerOf(endpoint)])
  return routesFor(Object.fromEntries(given))
}

/** The same for handlers that are no endpoints. */
export function routesFor(handlers: Readonly<Partial<Record<Method, Handler>>>): Routes {
  const allow = [...Object.keys(handlers), ...('GET' in handlers ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  const refuseMethod: Handler = () => Promise.resolve(problem('method_not_allowed', {}, { Allow: allow }))
  const options: Handler = () =>
    Promise.resolve(new Response(null, { status: 204, headers: { Allow: allow, 'Cache-Control': 'no-store' } }))
  return {
    GET: handlers.GET ?? refuseMethod,
    POST: handlers.POST ?? refuseMethod,
    PATCH: handlers.PATCH ?? refuseMethod,
    PUT: refuseMethod,
    DELETE: refuseMethod,
    OPTIONS: options,
  }
}

/** Every method of an address that the API doesn't have. */
export function missingRoutes(): Routes {
  const missing: Handler = () => Promise.resolve(problem('not_found'))
  return { GET: missing, POST: missing, PATCH: missing, PUT: missing, DELETE: missing, OPTIONS: missing }
}
