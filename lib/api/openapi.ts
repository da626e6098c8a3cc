import 'server-only'
import { z } from 'zod'

import { CATALOGUE } from './catalogue'
import type { Endpoint } from './endpoint'
import { PROBLEMS, type ProblemType } from './problem'

type Json = Record<string, unknown>

/** The API's description in OpenAPI 3.1, made from the schemas that check each request. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {}
  for (const endpoint of CATALOGUE) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operationOf(endpoint) }
  }
  paths['/openapi.json'] = {
    get: {
      operationId: 'getOpenapiJson',
      summary: 'This description',
      security: [],
      responses: {
        200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
      },
    },
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Amparo',
      version: '1',
      description:
        'Assistance to victims of trafficking under General Assembly resolution 58/137. Records are named by codes; ' +
        'what a member may not see is answered as what is not there.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: PROBLEM_SCHEMA },
    },
  }
}

const PROBLEM_SCHEMA: Json = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', enum: Object.keys(PROBLEMS).map((type) => `/problems/${type}`) },
    title: { type: 'string' },
    status: { type: 'integer' },
    reason: { type: 'string' },
    reference: { type: 'string' },
    errors: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
  },
}

function operationOf(endpoint: Endpoint): Json {
  return {
    operationId: operationId(endpoint),
    summary: endpoint.summary,
    parameters: [
      ...parametersOf(endpoint.params, 'path'),
      ...parametersOf(endpoint.query, 'query'),
      ...(endpoint.ifMatch ? [header('If-Match', true, 'The ETag of the version that this changes')] : []),
      ...(endpoint.method === 'POST'
        ? [header('Idempotency-Key', false, 'One effect for each key, for 24 hours')]
        : []),
    ],
    ...(endpoint.takesBody
      ? {
          requestBody: {
            required: false,
            content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } },
          },
        }
      : {}),
    responses: {
      [endpoint.status]: {
        description: endpoint.status === 201 ? 'Made' : 'Done',
        content: { 'application/json': { schema: schemaOf(endpoint.result, 'output') } },
      },
      ...problemsOf(endpoint),
    },
  }
}

function problemsOf(endpoint: Endpoint): Json {
  const types: ProblemType[] = ['unauthenticated', 'forbidden', 'not_found', 'invalid', 'too_many', 'unavailable']
  if (endpoint.method !== 'GET') types.push('conflict', 'too_large', 'unsupported_media_type')
  if (endpoint.ifMatch || endpoint.method === 'POST') types.push('stale')
  if (endpoint.ifMatch) types.push('precondition_required')
  return Object.fromEntries(
    types.map((type) => [
      PROBLEMS[type].status,
      {
        description: PROBLEMS[type].title,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): Json[] {
  const { properties, required } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema: property,
  }))
}

function header(name: string, required: boolean, description: string): Json {
  return { name, in: 'header', required, description, schema: { type: 'string' } }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  // Transforms have no JSON schema of their own; what they take or give is described as far as it is known.
  const { $schema, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return described
}

/** `get` and `/cases/{caseCode}/needs` give `getCasesCaseCodeNeeds`. */
export function operationId({ method, path }: Pick<Endpoint, 'method' | 'path'>): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}
