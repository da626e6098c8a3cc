import { createHash, randomBytes } from 'node:crypto'

import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { CATALOGUE } from '@/lib/api/catalogue'
import type { Endpoint } from '@/lib/api/endpoint'
import { handlerOf } from '@/lib/api/handler'
import { newId } from '@/lib/platform/ids'

export type ApiRequest = {
  readonly token?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type ApiAnswer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Record<string, unknown>
}

/** Makes a bearer token for a member, as `amparo token create` does. */
export async function tokenFor(owner: postgres.Sql, actor: Pick<Actor, 'member' | 'agency'>): Promise<string> {
  const token = `amp_${randomBytes(32).toString('base64url')}`
  const hash = createHash('sha256').update(token, 'utf8').digest()
  await owner`
    INSERT INTO api_token (id, hash, member_id, agency_id, name, expires_at)
    VALUES (${newId()}, ${hash}, ${actor.member}, ${actor.agency}, 'Test', clock_timestamp() + interval '1 hour')`
  return token
}

/**
 * Asks the API without a server: `address` is below /api/v1 and may have a query. The endpoint comes from the
 * catalogue, or from `endpoints`, for tests that bring their own.
 */
export async function callApi(
  method: string,
  address: string,
  { token, body, headers = {} }: ApiRequest = {},
  endpoints: readonly Endpoint[] = CATALOGUE,
): Promise<ApiAnswer> {
  const url = new URL(`http://localhost:3000/api/v1${address}`)
  const found = match(endpoints, method, url.pathname.slice('/api/v1'.length))
  if (found === null) throw new Error(`The API has no ${method} ${url.pathname}`)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const request = new Request(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: text }),
  })
  return read(await handlerOf(found.endpoint)(request, { params: Promise.resolve(found.params) }))
}

async function read(response: Response): Promise<ApiAnswer> {
  const text = await response.text()
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  return { status: response.status, headers: response.headers, text, body }
}

type Match = { readonly endpoint: Endpoint; readonly params: Record<string, string> }

/** An address without a parameter wins over one with, as in Next.js. */
function match(endpoints: readonly Endpoint[], method: string, pathname: string): Match | null {
  const matches = endpoints
    .filter((endpoint) => endpoint.method === method)
    .map((endpoint) => ({ endpoint, params: paramsIn(endpoint.path, pathname) }))
    .filter((candidate): candidate is Match => candidate.params !== null)
    .sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)
  return matches[0] ?? null
}

function paramsIn(path: string, pathname: string): Record<string, string> | null {
  const wanted = path.split('/')
  const given = pathname.split('/')
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [at, part] of wanted.entries()) {
    const value = decodeURIComponent(given[at] ?? '')
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name !== undefined) params[name] = value
    else if (part !== value) return null
  }
  return params
}
