import 'server-only'
import { createHash, randomUUID } from 'node:crypto'

import type { Actor } from '@/lib/access/actor'
import { identify } from '@/lib/access/identify'
import { ActorEnded } from '@/lib/access/with-actor'
import { isPassing } from '@/lib/platform/db/failures'
import { log } from '@/lib/platform/log'
import { networkPrefixOf } from '@/lib/platform/network-prefix'
import type { Result } from '@/lib/platform/result'

import { isStorableText, readJson } from './body'
import type { Endpoint, EndpointInput, RequestContext } from './endpoint'
import { fieldErrorsOf } from './field-errors'
import { IDEMPOTENCY_KEY, runOnce } from './idempotency'
import { problem, problemOf } from './problem'

export type Handler = (request: Request, context: { readonly params: Promise<unknown> }) => Promise<Response>

/** Answers one method of one address. Whatever goes wrong becomes a problem; nothing is thrown. */
export function handlerOf(endpoint: Endpoint): Handler {
  return async (request, { params }) => {
    const requestId = randomUUID()
    try {
      const actor = await actorOfRequest(request, requestId)
      if (actor === null) return problem('unauthenticated')
      return await answer(endpoint, request, await params, actor)
    } catch (error) {
      return failed(error, requestId)
    }
  }
}

/**
 * The member behind the bearer token, or null. A cookie is never looked at: a request that a browser was tricked into
 * carries cookies, but no token, so the API needs no check of the origin.
 */
async function actorOfRequest(request: Request, requestId: string): Promise<Actor | null> {
  const token = /^Bearer +([\x21-\x7e]{16,200}) *$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (token === undefined) return null
  const networkPrefix = networkPrefixOf(request.headers)
  return identify(
    { kind: 'token', hash: Uint8Array.from(createHash('sha256').update(token, 'utf8').digest()) },
    { requestId, ...(networkPrefix === null ? {} : { networkPrefix }) },
  )
}

async function answer(endpoint: Endpoint, request: Request, rawParams: unknown, actor: Actor): Promise<Response> {
  const params = endpoint.params.safeParse(rawParams ?? {})
  if (
    !params.success ||
    !Object.values(rawParams ?? {})
      .flat()
      .every((part) => isStorableText(String(part)))
  )
    return problem('not_found')

  const asked = queryOf(request.url)
  const odd = Object.keys(asked).filter((name) => ![name, ...[asked[name] ?? []].flat()].every(isStorableText))
  if (odd.length > 0)
    return problem('invalid', { errors: Object.fromEntries(odd.map((name) => [name, ['errors.field.not_valid']])) })
  const query = endpoint.query.safeParse(asked, { reportInput: true })
  if (!query.success) return problem('invalid', { errors: fieldErrorsOf(query.error.issues) })

  const version = endpoint.ifMatch ? versionOf(request.headers.get('if-match')) : 0
  if (version === null) return problem('precondition_required')
  if (Number.isNaN(version)) return problem('stale')

  const body = await bodyOf(endpoint, request)
  if (body instanceof Response) return body

  const input = { params: params.data, query: query.data, body: body.parsed }
  const result = await perform(endpoint, request, actor, input, { version }, body.sent)
  if (result instanceof Response) return result
  return result.ok ? rendered(endpoint, result.value) : problemOf(result)
}

async function perform(
  endpoint: Endpoint,
  request: Request,
  actor: Actor,
  input: EndpointInput<unknown, unknown, unknown>,
  context: RequestContext,
  sent: unknown,
): Promise<Result<unknown> | Response> {
  const { replay } = endpoint
  const key = request.headers.get('idempotency-key')
  if (key === null || replay === null || replay === 'again') return endpoint.run(actor, input, context)
  if (!IDEMPOTENCY_KEY.test(key)) {
    return problem('invalid', { errors: { 'Idempotency-Key': ['errors.api.key_not_valid'] } })
  }
  return runOnce(actor, {
    key,
    route: `${endpoint.method} ${new URL(request.url).pathname}`.slice(0, 300),
    body: sent,
    run: () => endpoint.run(actor, input, context),
    replay: (made) => replay(actor, made, input.params),
  })
}

/** The parameters as text; one that stands there twice comes as a list, which no schema takes unless it means to. */
function queryOf(url: string): Record<string, string | string[]> {
  const { searchParams } = new URL(url)
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}

type ReadBody = { readonly sent: unknown; readonly parsed: unknown }

async function bodyOf(endpoint: Endpoint, request: Request): Promise<ReadBody | Response> {
  if (endpoint.method === 'GET') return { sent: {}, parsed: {} }
  const json = await readJson(request)
  if (typeof json === 'string') return problem(json)
  if (!json.ok) return problemOf(json)
  const parsed = endpoint.body.safeParse(json.value, { reportInput: true })
  if (!parsed.success) return problem('invalid', { errors: fieldErrorsOf(parsed.error.issues) })
  return { sent: json.value, parsed: parsed.data }
}

/** The version in `If-Match`: null when there is no header, NaN when it is none of our strong tags. */
function versionOf(header: string | null): number | null {
  if (header === null) return null
  const found = /^\s*"(\d{1,9})"\s*$/.exec(header)?.[1]
  return found === undefined ? Number.NaN : Number(found)
}

function rendered(endpoint: Endpoint, view: unknown): Response {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  if (hasVersion(view)) headers['ETag'] = `"${String(view.version)}"`
  if (endpoint.location !== null && hasCode(view)) headers['Location'] = `/api/v1${endpoint.location(view)}`
  return new Response(JSON.stringify(endpoint.result.parse(view)), { status: endpoint.status, headers })
}

function hasVersion(view: unknown): view is { readonly version: number } {
  return typeof view === 'object' && view !== null && 'version' in view && typeof view.version === 'number'
}

function hasCode(view: unknown): view is { readonly code: string } {
  return typeof view === 'object' && view !== null && 'code' in view && typeof view.code === 'string'
}

function failed(error: unknown, requestId: string): Response {
  if (error instanceof ActorEnded) return problem('unauthenticated')
  if (isPassing(error)) {
    log.warn({ err: error, requestId }, 'the database was not available to an API request')
    return problem('unavailable')
  }
  log.error({ err: error, requestId }, 'an API request failed')
  return problem('unexpected', { reference: requestId.slice(0, 8).toUpperCase() })
}
