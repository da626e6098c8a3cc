import { z } from 'zod'

import type { Actor } from '@/lib/access/actor'
import type { Permission } from '@/lib/access/permissions'
import { parseCode, type CodePrefix } from '@/lib/platform/ids'
import type { Result } from '@/lib/platform/result'

export type Method = 'GET' | 'POST' | 'PATCH'

/** What came with the request beside its input. */
export type RequestContext = {
  /** The version that `If-Match` names; 0 where the endpoint asks for none. */
  readonly version: number
}

/** The checked input of an endpoint. */
export type EndpointInput<P, Q, B> = { readonly params: P; readonly query: Q; readonly body: B }

/**
 * How a repeated POST is answered. `again`: it makes nothing, run it again. Otherwise the record that the first one
 * made or moved is rendered anew, under what the member may see now; `made` is the code that was kept.
 */
export type Replay<P> = 'again' | ((actor: Actor, made: string, params: P) => Promise<Result<unknown>>)

export type Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  readonly method: Method
  /** Below /api/v1, with the names of the folders: `/cases/{caseCode}`. */
  readonly path: string
  readonly summary: string
  /** Codes and keys in the path. One that doesn't fit is `not_found`, like one that isn't there. */
  readonly params?: P
  /** A strict object of text; an unknown or repeated parameter is refused. */
  readonly query?: Q
  /** A strict object. */
  readonly body?: B
  /** What is answered. Only what it declares leaves. */
  readonly result: z.ZodType
  /** 200 unless told. With 201, `location` says where the record now answers GET, below /api/v1. */
  readonly status?: 200 | 201
  readonly location?: (view: { readonly code: string }) => string
  /** Which roles the use case serves; it decides itself, this is for the access matrix and its test. */
  readonly permission?: Permission
  /** Whether `If-Match` must name the version that is changed. */
  readonly ifMatch?: boolean
  /** Needed for each POST. */
  readonly replay?: Replay<z.output<P>>
  readonly run: (
    actor: Actor,
    input: EndpointInput<z.output<P>, z.output<Q>, z.output<B>>,
    context: RequestContext,
  ) => Promise<Result<unknown>>
}

/** An endpoint as the handler and the catalogue know it. */
export type Endpoint = {
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly params: z.ZodType
  readonly query: z.ZodType
  readonly body: z.ZodType
  readonly takesBody: boolean
  readonly result: z.ZodType
  readonly status: 200 | 201
  readonly location: ((view: { readonly code: string }) => string) | null
  readonly permission: Permission | null
  readonly ifMatch: boolean
  readonly replay: ((actor: Actor, made: string, params: unknown) => Promise<Result<unknown>>) | 'again' | null
  readonly run: (
    actor: Actor,
    input: EndpointInput<unknown, unknown, unknown>,
    context: RequestContext,
  ) => Promise<Result<unknown>>
}

const NOTHING = z.strictObject({})
type Nothing = typeof NOTHING

/** Defines one endpoint of the API: one method of one address, over one use case. */
export function endpoint<P extends z.ZodType = Nothing, Q extends z.ZodType = Nothing, B extends z.ZodType = Nothing>(
  definition: Definition<P, Q, B>,
): Endpoint {
  const { replay, run } = definition
  if (definition.method === 'POST' && replay === undefined)
    throw new Error(`${definition.path} doesn't say how it is repeated`)
  if (definition.status === 201 && definition.location === undefined)
    throw new Error(`${definition.path} needs a location`)
  return {
    method: definition.method,
    path: definition.path,
    summary: definition.summary,
    params: definition.params ?? NOTHING,
    query: definition.query ?? NOTHING,
    body: definition.body ?? NOTHING,
    takesBody: definition.body !== undefined,
    result: definition.result,
    status: definition.status ?? 200,
    location: definition.location ?? null,
    permission: definition.permission ?? null,
    ifMatch: definition.ifMatch ?? definition.method === 'PATCH',
    // The handler hands in only what these same schemas gave, which the types can't follow through a list of endpoints.
    replay:
      typeof replay === 'function'
        ? (actor, made, params) => replay(actor, made, params as z.output<P>)
        : (replay ?? null),
    run: (actor, input, context) => run(actor, input as EndpointInput<z.output<P>, z.output<Q>, z.output<B>>, context),
  }
}

/** A code in a path. Case, spaces and dashes are forgiven; a wrong check sign is `not_found`. */
export function codeParam(prefix: CodePrefix): z.ZodType<string> {
  return z.string().transform((text, context) => {
    const code = parseCode(text, prefix)
    if (code === null) context.addIssue({ code: 'custom', message: 'errors.field.not_valid' })
    return code ?? z.NEVER
  })
}

/** The query of a list: `limit` (1 to 200, 50 unless told) and the `cursor` of the page before. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(200))
    .optional()
    .transform((limit) => limit ?? 50),
  cursor: z.string().min(1).max(500).optional(),
}

/** What a list answers. */
export function listOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; nextCursor: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** The links of a record to its paragraphs, as the API shows them. */
export const mandateLinks = z.array(z.object({ symbol: z.string(), paragraph: z.string(), href: z.string() }))
