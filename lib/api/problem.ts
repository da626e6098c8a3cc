import type { FieldErrors, Refused } from '@/lib/platform/result'

/** The problem types of the API (RFC 9457). The last segment of `type` is stable; titles are for people. */
export const PROBLEMS = {
  invalid: { status: 422, title: 'Something in the request does not fit' },
  unauthenticated: { status: 401, title: 'A valid bearer token is needed' },
  forbidden: { status: 403, title: 'This member may not do this' },
  step_up_required: { status: 403, title: 'This needs a fresh confirmation of who is asking' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This address does not take this method' },
  conflict: { status: 409, title: 'The record does not allow this now' },
  stale: { status: 412, title: 'The record has changed since that version' },
  too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  precondition_required: { status: 428, title: 'Say with If-Match which version this changes' },
  too_many: { status: 429, title: 'Too many requests' },
  unexpected: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Not available at the moment' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>

export type ProblemType = keyof typeof PROBLEMS

type Extras = { readonly reason?: string; readonly errors?: FieldErrors; readonly reference?: string }

const EXTRA_HEADERS: Partial<Record<ProblemType, Readonly<Record<string, string>>>> = {
  unauthenticated: { 'WWW-Authenticate': 'Bearer realm="amparo"' },
  too_many: { 'Retry-After': '60' },
  unavailable: { 'Retry-After': '1' },
}

/**
 * The answer for a problem. `not_found` takes no extras: what is absent and what may not be seen have the same bytes
 * (requirement T05).
 */
export function problem(
  type: ProblemType,
  extras: Extras = {},
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { status, title } = PROBLEMS[type]
  const body = { type: `/problems/${type}`, title, status, ...(type === 'not_found' ? {} : extras) }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...EXTRA_HEADERS[type],
      ...headers,
    },
  })
}

/** The answer for a use case that refused. Every refusal is a problem type of the same name. */
export function problemOf({ refusal, reason, errors }: Refused): Response {
  return problem(refusal, {
    ...(reason === undefined ? {} : { reason }),
    ...(errors === undefined ? {} : { errors }),
  })
}
