import { setTimeout as sleep } from 'node:timers/promises'

import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { GET as missing } from '@/app/api/v1/[...path]/route'
import { DELETE, GET as mandate, OPTIONS } from '@/app/api/v1/mandate/route'
import { GET as openapi } from '@/app/api/v1/openapi.json/route'
import { withActor } from '@/lib/access/with-actor'
import { codeParam, endpoint, listOf, pageQuery } from '@/lib/api/endpoint'
import { wasDone } from '@/lib/api/idempotency'
import { isLockTimeout } from '@/lib/platform/db/failures'
import { newCode, newId } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { office, outsider, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor, type ApiRequest } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'
import type { Actor } from '@/lib/access/actor'

let database: TestDatabase
let owner: postgres.Sql
let mine: Office
let theirs: Office
let token: string

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  mine = await office(owner)
  theirs = await office(owner)
  token = await tokenFor(owner, mine.caseworker)
})

afterAll(async () => {
  await owner.end()
  await database.drop()
})

type Thing = {
  readonly code: string
  readonly birthBand: number | null
  readonly version: number
  readonly secret: string
}

/** A bare use case on the table of persons, so that these tests are about the API and no part of the domain. */
async function makeThing(
  actor: Actor,
  input: { readonly birthBand?: number | undefined; readonly pause?: number | undefined },
): Promise<Result<Thing>> {
  return withActor(actor, async (tx) => {
    if (input.birthBand === 13) return refuse('conflict', 'wrong_state')
    const thing = { code: newCode('AMP'), birthBand: input.birthBand ?? null }
    const both = { holderAgencyId: actor.agency, agencyId: actor.agency }
    await tx.person.createMany({ data: [{ id: newId(), registeredById: actor.member, ...thing, ...both }] })
    if (input.birthBand === 14) throw new Error('Something with Amina Teste in it')
    if (input.pause !== undefined) await sleep(input.pause)
    return ok({ ...thing, version: 1, secret: 'never leaves' })
  })
}

async function viewThing(actor: Actor, code: string): Promise<Result<Thing>> {
  return withActor(actor, async (tx) => {
    const found = await tx.person.findUnique({
      where: { code },
      select: { code: true, birthBand: true, version: true },
    })
    return found === null ? refuse('not_found') : ok({ ...found, secret: 'never leaves' })
  })
}

async function changeThing(actor: Actor, code: string, version: number, birthBand: number): Promise<Result<Thing>> {
  return withActor(actor, async (tx) => {
    const found = await tx.person.findUnique({ where: { code }, select: { id: true } })
    if (found === null) return refuse('not_found')
    const { count } = await tx.person.updateMany({
      where: { code, version },
      data: { birthBand, version: version + 1 },
    })
    return count === 1 ? ok({ code, birthBand, version: version + 1, secret: '' }) : refuse('stale')
  })
}

const params = z.object({ thingCode: codeParam('AMP') })
const result = z.object({ code: z.string(), birthBand: z.number().nullable(), version: z.int() })
const body = z.strictObject({
  birthBand: z.int().optional(),
  pause: z.int().optional(),
  name: z.string().max(5).optional(),
})
const ENDPOINTS = [
  endpoint({
    method: 'POST',
    path: '/things',
    summary: 'Make',
    body,
    result,
    status: 201,
    location: ({ code }) => `/things/${code}`,
    replay: (actor, made) => viewThing(actor, made),
    run: (actor, input) => makeThing(actor, input.body),
  }),
  endpoint({
    method: 'GET',
    path: '/things/{thingCode}',
    summary: 'View',
    params,
    result,
    run: (actor, input) => viewThing(actor, input.params.thingCode),
  }),
  endpoint({
    method: 'PATCH',
    path: '/things/{thingCode}',
    summary: 'Change',
    params,
    body: z.strictObject({ birthBand: z.int({ error: 'people.errors.band' }) }),
    result,
    run: (actor, input, { version }) => changeThing(actor, input.params.thingCode, version, input.body.birthBand),
  }),
  endpoint({
    method: 'GET',
    path: '/things',
    summary: 'List',
    query: z.strictObject({ ...pageQuery }),
    result: listOf(z.object({ limit: z.number() })),
    run: (_actor, { query }) => Promise.resolve(ok({ items: [{ limit: query.limit }], nextCursor: null })),
  }),
]

const call = (method: string, address: string, request: ApiRequest = {}) =>
  callApi(method, address, { token, ...request }, ENDPOINTS)
const persons = async () => (await owner`SELECT code FROM person WHERE agency_id = ${mine.agency.id}`).length

describe('a bearer token', () => {
  it('is needed, and nothing else opens the API: no cookie, no token of another kind', async () => {
    const without = await callApi('GET', '/things', {}, ENDPOINTS)
    expect(without.status).toBe(401)
    expect(without.headers.get('www-authenticate')).toBe('Bearer realm="amparo"')
    expect(without.headers.get('content-type')).toBe('application/problem+json')
    expect(without.body['type']).toBe('/problems/unauthenticated')
    for (const headers of [
      { authorization: 'Basic eDp5' },
      { authorization: `Bearer ${token.slice(0, -1)}` },
      { cookie: `amparo.session=${token}` },
    ]) {
      expect((await callApi('GET', '/things', { headers }, ENDPOINTS)).status).toBe(401)
    }
    expect((await call('GET', '/things')).status).toBe(200)
  })

  it('opens nothing from the moment it, its member or the member’s rights end (A07)', async () => {
    const ended = await tokenFor(owner, mine.colleague)
    expect((await call('GET', '/things', { token: ended })).status).toBe(200)
    await owner`UPDATE api_token SET ended_at = clock_timestamp() WHERE member_id = ${mine.colleague.member}`
    expect((await call('GET', '/things', { token: ended })).status).toBe(401)
  })
})

describe('making a record', () => {
  it('answers 201 with Location, ETag and only what the endpoint declares (W06)', async () => {
    const made = await call('POST', '/things', { body: { birthBand: 1995 } })
    expect(made.status).toBe(201)
    expect(made.headers.get('etag')).toBe('"1"')
    expect(made.headers.get('location')).toBe(`/api/v1/things/${String(made.body['code'])}`)
    expect(made.headers.get('cache-control')).toBe('no-store')
    expect(Object.keys(made.body).sort()).toEqual(['birthBand', 'code', 'version'])
    expect((await call('GET', `/things/${String(made.body['code'])}`)).text).toBe(made.text)
  })

  it('takes no body for an empty one', async () => {
    expect((await call('POST', '/things')).status).toBe(201)
  })

  it('T06: refuses fields that the schema does not have, by name, and makes nothing', async () => {
    const before = await persons()
    for (const field of [
      'agencyId',
      'agency_id',
      'holderAgencyId',
      'registeredById',
      'version',
      'restricted',
      '__proto__',
      'constructor',
    ]) {
      const refused = await call('POST', '/things', { body: `{"birthBand":1990,"${field}":"${theirs.agency.id}"}` })
      expect(refused.status).toBe(422)
      expect(refused.body).toMatchObject({ type: '/problems/invalid' })
      expect(Object.entries(refused.body['errors'] as object)).toEqual([[field, ['errors.field.unknown']]])
    }
    expect(await persons()).toBe(before)
  })

  it('answers errors by field with keys, never with what was sent', async () => {
    const refused = await call('POST', '/things', { body: { birthBand: 'Amina', name: 'Amina Teste' } })
    expect(refused.status).toBe(422)
    expect(refused.body['errors']).toEqual({ birthBand: ['errors.field.not_valid'], name: ['errors.field.too_long'] })
    expect(refused.text).not.toContain('Amina')
  })

  it.each([
    ['broken JSON', '{"birthBand":', 422],
    ['a list where an object belongs', '[]', 422],
    ['text with a sign that the database can’t hold', '{"name":"a\\u0000"}', 422],
    ['half of a surrogate pair', '{"name":"\\ud800"}', 422],
    ['a body that is too large', JSON.stringify({ name: 'x'.repeat(300_000) }), 413],
    ['a body nested as deep as it is long', '['.repeat(100_000), 422],
  ])('refuses %s', async (_what, sent, status) => {
    expect((await call('POST', '/things', { body: sent })).status).toBe(status)
  })

  it('refuses a body that says it is no JSON', async () => {
    const refused = await call('POST', '/things', { body: '{}', headers: { 'content-type': 'text/plain' } })
    expect(refused.status).toBe(415)
  })

  it('answers a failure with a reference and without its words', async () => {
    const before = await persons()
    const failed = await call('POST', '/things', { body: { birthBand: 14 } })
    expect(failed.status).toBe(500)
    expect(failed.body).toMatchObject({
      type: '/problems/unexpected',
      reference: expect.stringMatching(/^[0-9A-F]{8}$/) as string,
    })
    expect(failed.text).not.toMatch(/Amina|Error|at /)
    expect(await persons()).toBe(before)
  })
})

describe('Idempotency-Key', () => {
  const keyed = (key: string, sent: unknown, request: ApiRequest = {}) =>
    call('POST', '/things', { body: sent, headers: { 'idempotency-key': key }, ...request })

  it('R02: 20 requests at once with one key make one record and get one answer', async () => {
    const before = await persons()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => keyed('k-twenty', { birthBand: 1980, pause: 50 })),
    )
    expect(answers.map((answer) => answer.status)).toEqual(Array<number>(20).fill(201))
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1)
    expect(new Set(answers.map((answer) => answer.headers.get('location'))).size).toBe(1)
    expect(await persons()).toBe(before + 1)
  })

  it('L01: tells without an event whether the same request was done before, to the member who sent it alone', async () => {
    const request = { key: 'k-before', route: 'POST /api/v1/things', body: { birthBand: 1980 } }
    const events = async () => Number((await owner`SELECT count(*)::int AS n FROM audit_event`)[0]?.['n'])
    expect(await wasDone(mine.caseworker, request)).toBe(false)
    await keyed('k-before', { birthBand: 1980 })
    const before = await events()
    expect(await wasDone(mine.caseworker, request)).toBe(true)
    expect(await wasDone(mine.caseworker, { ...request, body: { birthBand: 1981 } })).toBe(false)
    expect(await wasDone(mine.colleague, request)).toBe(false)
    expect(await events()).toBe(before)
  })

  it('shows what the member may see now, not what the first answer said', async () => {
    const first = await keyed('k-now', { birthBand: 1980 })
    await call('PATCH', `/things/${String(first.body['code'])}`, {
      body: { birthBand: 1985 },
      headers: { 'if-match': '"1"' },
    })
    const again = await keyed('k-now', { birthBand: 1980 })
    expect(again.status).toBe(201)
    expect(again.body).toMatchObject({ code: first.body['code'], birthBand: 1985, version: 2 })
    expect(again.headers.get('etag')).toBe('"2"')
  })

  it('refuses another body or another address under the same key, and takes the same body spelt otherwise', async () => {
    await keyed('k-body', { birthBand: 1980, pause: 1 })
    const other = await keyed('k-body', { birthBand: 1981, pause: 1 })
    expect(other.status).toBe(422)
    expect(other.body).toMatchObject({
      reason: 'idempotency_key_reused',
      errors: { 'Idempotency-Key': ['errors.api.key_reused'] },
    })
    expect((await keyed('k-body', '{ "pause": 1, "birthBand": 1980 }')).status).toBe(201)
  })

  it('belongs to the member: a colleague’s same key is another one', async () => {
    const colleague = await tokenFor(owner, mine.supervisor)
    const first = await keyed('k-member', {})
    const second = await keyed('k-member', {}, { token: colleague })
    expect(second.status).toBe(201)
    expect(second.body['code']).not.toBe(first.body['code'])
  })

  it('stays free after a refusal and after a failure', async () => {
    expect((await keyed('k-free', { birthBand: 13 })).body).toMatchObject({
      type: '/problems/conflict',
      reason: 'wrong_state',
    })
    expect((await keyed('k-free', { birthBand: 14 })).status).toBe(500)
    expect((await keyed('k-free', { birthBand: 15 })).status).toBe(201)
  })

  it('is free again after a day', async () => {
    const first = await keyed('k-day', {})
    await owner`UPDATE idempotency_key SET created_at = created_at - interval '25 hours' WHERE key = 'k-day'`
    const second = await keyed('k-day', { birthBand: 1970 })
    expect(second.status).toBe(201)
    expect(second.body['code']).not.toBe(first.body['code'])
  })

  it('keeps a keyed digest of the body and the code, never the body', async () => {
    await keyed('k-stored', { name: 'Amina' })
    const [row] =
      await owner`SELECT encode(body_hash, 'hex') AS digest, outcome, route FROM idempotency_key WHERE key = 'k-stored'`
    const plain = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('{"name":"Amina"}'))
    expect(row?.['digest']).not.toBe(Buffer.from(plain).toString('hex'))
    expect(row?.['outcome']).toMatch(/^AMP-/)
    expect(JSON.stringify(row)).not.toContain('Amina')
  })

  it.each(['x'.repeat(201), 'é', ' '.repeat(3) + 'é'])('refuses the key %j', async (key) => {
    expect((await keyed(key, {})).status).toBe(422)
  })

  it('is waited for no longer than the limit, which then reads as a lock that was not to be had', async () => {
    const waiting = owner.begin(async (sql) => {
      await sql`
        INSERT INTO idempotency_key (member_id, agency_id, key, route, body_hash)
        VALUES (${mine.caseworker.member}, ${mine.agency.id}, 'k-held', 'POST /x', ${Buffer.from('x')})`
      const error: unknown = await withActor(mine.caseworker, async (tx) => {
        await tx.$executeRaw`SELECT set_config('lock_timeout', '100ms', true)`
        await tx.$executeRaw`
          INSERT INTO idempotency_key (member_id, agency_id, key, route, body_hash)
          VALUES (${mine.caseworker.member}::uuid, ${mine.agency.id}::uuid, 'k-held', 'POST /x', ${Buffer.from('x')})`
        return ok()
      }).catch((failure: unknown) => failure)
      expect(isLockTimeout(error)).toBe(true)
      expect(isLockTimeout(new Error('any other'))).toBe(false)
    })
    await waiting
  })
})

describe('changing a record', () => {
  const made = async () => String((await call('POST', '/things', { body: {} })).body['code'])

  it('R03: two PATCHes with one ETag: one 200, one 412', async () => {
    const code = await made()
    const change = (birthBand: number) =>
      call('PATCH', `/things/${code}`, { body: { birthBand }, headers: { 'if-match': '"1"' } })
    const answers = await Promise.all([change(1960), change(1970)])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412])
    expect(answers.find((answer) => answer.status === 200)?.headers.get('etag')).toBe('"2"')
    expect(answers.find((answer) => answer.status === 412)?.body['type']).toBe('/problems/stale')
  })

  it('needs If-Match, strong and ours', async () => {
    const code = await made()
    const change = (headers: Record<string, string>) =>
      call('PATCH', `/things/${code}`, { body: { birthBand: 1960 }, headers })
    expect((await change({})).status).toBe(428)
    for (const tag of ['W/"1"', '1', '"x"', '*', '"2"']) expect((await change({ 'if-match': tag })).status).toBe(412)
    expect((await change({ 'if-match': '"1"' })).status).toBe(200)
  })

  it('uses the schema’s own message keys', async () => {
    const refused = await call('PATCH', `/things/${await made()}`, { body: {}, headers: { 'if-match': '"1"' } })
    expect(refused.body['errors']).toEqual({ birthBand: ['people.errors.band'] })
  })
})

describe('what may not be seen', () => {
  it('T05: another agency’s code, an invented one and one with a wrong check sign get the same bytes', async () => {
    const foreign = await call('POST', '/things', { body: {}, token: await tokenFor(owner, theirs.caseworker) })
    const code = String(foreign.body['code'])
    const wrong = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0')
    const answers = await Promise.all(
      [code, newCode('AMP'), wrong, 'AMP-nonsense', newCode('CAS'), '../AMP'].map((text) =>
        call('GET', `/things/${encodeURIComponent(text)}`),
      ),
    )
    const bytes = answers.map(({ status, text, headers }) => JSON.stringify([status, text, [...headers].sort()]))
    expect(new Set(bytes).size).toBe(1)
    expect(answers[0]?.status).toBe(404)
    const change = (text: string) =>
      call('PATCH', `/things/${text}`, { body: { birthBand: 1 }, headers: { 'if-match': '"1"' } })
    expect((await change(code)).text).toBe(answers[0]?.text)
    expect((await change(newCode('AMP'))).text).toBe(answers[0]?.text)
  })

  it('is the same as an address that the API does not have', async () => {
    const unknown = await missing(new Request('http://localhost/api/v1/nothing'), {
      params: Promise.resolve({ path: ['nothing'] }),
    })
    expect(unknown.status).toBe(404)
    expect(await unknown.text()).toBe((await call('GET', `/things/${newCode('AMP')}`)).text)
    expect((await callApi('GET', '/agencies/a%00b', { token })).status, 'what the database can’t hold').toBe(404)
  })
})

describe('lists', () => {
  it('take a limit of at most 200, and refuse parameters they don’t know or get twice', async () => {
    expect((await call('GET', '/things')).body).toEqual({ items: [{ limit: 50 }], nextCursor: null })
    expect((await call('GET', '/things?limit=200')).body['items']).toEqual([{ limit: 200 }])
    for (const query of [
      'limit=201',
      'limit=0',
      'limit=-1',
      'limit=1e2',
      'limit=',
      'limit=5&limit=6',
      'agency=x',
      '__proto__=1',
      'constructor=1',
      'limit=5&__proto__=1&__proto__=2',
      'cursor=',
      'cursor=a%00b',
      'cursor=a&a%00=1',
    ]) {
      expect((await call('GET', `/things?${query}`)).status, query).toBe(422)
    }
  })
})

describe('the API’s own description', () => {
  it('is open to all and lists every endpoint, with the fields that each takes', async () => {
    const response = await openapi(new Request('http://localhost/api/v1/openapi.json'), { params: Promise.resolve({}) })
    const document = (await response.json()) as { openapi: string; paths: Record<string, Record<string, unknown>> }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/mandate', '/mandate/categories', '/mandate/categories/{categoryKey}']),
    )
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const operation of Object.values(operations) as { parameters?: { in: string; name: string }[] }[]) {
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
        const described = (operation.parameters ?? [])
          .filter((parameter) => parameter.in === 'path')
          .map(({ name }) => name)
        expect(described).toEqual(named)
      }
    }
  })

  it('answers other methods by a problem that names the right ones', async () => {
    const request = (method: string) => new Request('http://localhost/api/v1/mandate', { method })
    const refused = await DELETE(request('DELETE'), { params: Promise.resolve({}) })
    expect(refused.status).toBe(405)
    expect(refused.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    expect((await OPTIONS(request('OPTIONS'), { params: Promise.resolve({}) })).status).toBe(204)
    expect((await mandate(request('GET'), { params: Promise.resolve({}) })).status).toBe(401)
  })
})

describe('the mandate', () => {
  it('is read by every role, with the paragraphs of each category and type', async () => {
    for (const role of ['auditor', 'coordinator', 'system_admin'] as const) {
      const asked = await callApi('GET', '/mandate/categories', {
        token: await tokenFor(owner, await outsider(owner, role)),
      })
      expect(asked.status).toBe(200)
    }
    const { body: categories } = await callApi('GET', '/mandate/categories', { token })
    expect(categories['items']).toHaveLength(6)
    expect((categories['items'] as unknown[])[0]).toMatchObject({
      key: 'legal',
      paragraphs: ['6(b)', '9'],
      types: expect.arrayContaining([
        { key: 'representation_proceedings', label: 'Representation in proceedings', paragraphs: ['6(b)', '9', '7'] },
      ]) as unknown,
    })
    expect((await callApi('GET', '/mandate/categories/residency', { token })).body).toMatchObject({
      key: 'residency',
      paragraphs: ['6(a)', '9'],
    })
    expect((await callApi('GET', '/mandate/categories/housing', { token })).status).toBe(404)
    expect((await callApi('GET', '/mandate', { token })).body['paragraphs']).toHaveLength(17)
  })
})
