import type postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

import { withActor } from '@/lib/access/with-actor'
import { endpoint } from '@/lib/api/endpoint'
import { newId } from '@/lib/platform/ids'
import { log } from '@/lib/platform/log'
import { ok } from '@/lib/platform/result'
import { office, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let agency: Office
let token: string
let said = ''

/** Values that must stand in no log, whatever happens to the request that holds them. */
const CANARIES = ['Zyxwanda', 'Qopelinda', '+4915799887766', 'zyxwanda@canary.example', 'PASS-X99-CANARY']

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  agency = await office(owner)
  token = await tokenFor(owner, agency.caseworker)
})

afterAll(async () => {
  await owner.end()
  await database.drop()
})

beforeEach(() => {
  said = ''
  const keep = (chunk: string | Uint8Array): boolean => {
    said += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep)
  vi.spyOn(process.stderr, 'write').mockImplementation(keep)
})

afterEach(() => {
  vi.restoreAllMocks()
})

const identity = {
  names: [{ value: 'Zyxwanda Qopelinda' }],
  phones: ['+4915799887766'],
  emails: ['zyxwanda@canary.example'],
  documents: [{ number: 'PASS-X99-CANARY' }],
}

/** Endpoints that fail as code fails: with what was sent in the error. */
const FAILING = [
  endpoint({
    method: 'POST',
    path: '/throws',
    summary: 'Throws what it was sent',
    body: z.strictObject({ text: z.string() }),
    result: z.object({}),
    replay: 'again',
    run: (_actor, { body }) =>
      Promise.reject(new Error(`Could not save ${body.text}`, { cause: new TypeError(body.text) })),
  }),
  endpoint({
    method: 'POST',
    path: '/breaks',
    summary: 'Lets the database refuse what it was sent',
    body: z.strictObject({ text: z.string() }),
    result: z.object({}),
    replay: 'again',
    run: (actor, { body }) =>
      withActor(actor, async (tx) => {
        await tx.$executeRaw`SELECT ${body.text}::int`
        return ok({})
      }),
  }),
  endpoint({
    method: 'POST',
    path: '/misuses',
    summary: 'Hands Prisma what its types forbid',
    body: z.strictObject({ text: z.string() }),
    result: z.object({}),
    replay: 'again',
    run: (actor, { body }) =>
      withActor(actor, async (tx) => {
        await tx.person.createMany({ data: [{ id: newId(), code: body.text, nonsense: body.text } as never] })
        return ok({})
      }),
  }),
]

describe('logs hold nobody’s identity (L06)', () => {
  it('when a person is registered, searched, read and sent wrongly', async () => {
    const made = await callApi('POST', '/persons', {
      token,
      body: { identity },
      headers: { 'idempotency-key': 'canary-1' },
    })
    expect(made.status).toBe(201)
    const code = String(made.body['code'])
    const answers = [
      await callApi('POST', '/persons/search', { token, body: { query: 'Zyxwanda Qopelinda' } }),
      await callApi('GET', `/persons/${code}/identity`, { token }),
      await callApi('POST', '/persons', { token, body: { identity: { names: 'Zyxwanda', phones: 'Qopelinda' } } }),
      await callApi('POST', '/persons', { token, body: '{"identity": Zyxwanda' }),
      await callApi('GET', '/persons/Zyxwanda', { token }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 422, 422, 404])
    expect(leaked(said)).toEqual([])
    expect(leaked(await auditText())).toEqual([])
    const stored = await owner`SELECT row_to_json(k)::text AS text FROM idempotency_key k`
    expect(leaked(JSON.stringify(stored))).toEqual([])
  })

  it.each(['/throws', '/breaks', '/misuses'])(
    'when %s fails on it, though the failure itself is logged',
    async (address) => {
      for (const text of CANARIES) {
        const failed = await callApi('POST', address, { token, body: { text } }, FAILING)
        expect(failed.status).toBe(500)
        expect(leaked(failed.text)).toEqual([])
        expect(said).toContain(String(failed.body['reference']).toLowerCase())
      }
      expect(leaked(said)).toEqual([])
    },
  )

  it('is a test that would notice one', () => {
    log.info({ code: 'Zyxwanda' }, 'a careless line')
    expect(leaked(said)).toEqual(['Zyxwanda'])
  })
})

function leaked(text: string): string[] {
  const forms = (canary: string) => [
    canary,
    Buffer.from(canary).toString('base64').slice(0, -4),
    Buffer.from(canary).toString('hex'),
    encodeURIComponent(canary),
  ]
  return CANARIES.filter((canary) => forms(canary).some((form) => text.toLowerCase().includes(form.toLowerCase())))
}

async function auditText(): Promise<string> {
  const rows = await owner<{ text: string }[]>`SELECT row_to_json(a)::text AS text FROM audit_event a`
  expect(rows.length).toBeGreaterThan(0)
  return rows.map(({ text }) => text).join('\n')
}
