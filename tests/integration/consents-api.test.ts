import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { newCode } from '@/lib/platform/ids'
import { addDays, dayIn } from '@/lib/platform/zone'
import { officesOfOneNetwork } from '@/tests/factories/agreements'
import { openedCase } from '@/tests/factories/cases'
import { memberOf, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let harbour: Office
let legalaid: Office
let token: string

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  ;[harbour, legalaid] = (await officesOfOneNetwork(owner, 2)) as [Office, Office]
  token = await tokenFor(owner, harbour.caseworker)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const said = (over: object = {}) => ({
  purpose: 'sharing',
  agency: legalaid.agency.key,
  categories: ['legal'],
  identity: 'contact',
  endsOn: addDays(dayIn('UTC', new Date()), 90),
  ...over,
})
const record = (on: string, body: object, headers = {}) =>
  callApi('POST', `/cases/${on}/consents`, { token, body, headers })

describe('consents over the API', () => {
  it('are recorded as the contract names them: 201, Location, ETag; and withdrawn', async () => {
    const on = (await openedCase(harbour.caseworker)).code
    const made = await record(on, said())
    expect(made.status).toBe(201)
    expect(made.headers.get('etag')).toBe('"1"')
    const code = String(made.body['code'])
    expect(made.headers.get('location')).toBe(`/api/v1/consents/${code}`)
    expect(made.body).toMatchObject({ ...said(), case: on, answer: 'given', state: 'in_force', withdrawnAt: null })
    const read = await callApi('GET', `/consents/${code}`, { token })
    expect(read).toMatchObject({ status: 200, body: { code } })
    const over = await callApi('POST', `/consents/${code}/withdraw`, { token, body: { reason: 'Thought again' } })
    expect(over).toMatchObject({ status: 200, body: { code, state: 'withdrawn' } })
    expect(over.headers.get('etag')).toBe('"2"')
    expect(over.text).not.toContain('Thought again')
    expect(await callApi('POST', `/consents/${code}/withdraw`, { token })).toMatchObject({
      status: 409,
      body: { reason: 'wrong_state' },
    })
    const list = await callApi('GET', `/cases/${on}/consents?limit=1`, { token })
    expect(list.body).toMatchObject({ items: [{ code }], nextCursor: null })
  })

  it('R02: are one for one Idempotency-Key, and withdrawn once', async () => {
    const on = (await openedCase(harbour.caseworker)).code
    const headers = { 'idempotency-key': 'consent-1' }
    const all = await Promise.all([
      record(on, said(), headers),
      record(on, said(), headers),
      record(on, said(), headers),
    ])
    expect(new Set(all.map(({ status, body }) => `${String(status)} ${String(body['code'])}`)).size).toBe(1)
    const code = String(all[0].body['code'])
    const end = () =>
      callApi('POST', `/consents/${code}/withdraw`, { token, body: {}, headers: { 'idempotency-key': 'end-1' } })
    for (const answer of [await end(), await end()])
      expect(answer).toMatchObject({ status: 200, body: { state: 'withdrawn' } })
    expect((await record(on, said({ categories: ['medical'] }), headers)).status).toBe(422)
  })

  it('are refused by field: nobody named, no kind of help, days that don’t fit, an agency of nowhere', async () => {
    const on = (await openedCase(harbour.caseworker)).code
    const faults = async (over: object) => {
      const { status, body } = await record(on, said(over))
      expect(status).toBe(422)
      return Object.keys(body['errors'] as object)
    }
    expect(await faults({ agency: undefined })).toEqual(['agency'])
    expect(await faults({ categories: [] })).toEqual(['categories'])
    expect(await faults({ endsOn: '2020-01-01' })).toEqual(['endsOn'])
    expect(await faults({ agency: 'nowhere' })).toEqual(['agency'])
    expect(await faults({ ownerId: 'somebody' })).toEqual(['ownerId'])
  })

  it('T05: are the same nothing to others whether they are there or not', async () => {
    const on = (await openedCase(harbour.caseworker)).code
    const code = String((await record(on, said())).body['code'])
    const stranger = await memberOf(owner, harbour.agency.id, ['caseworker'], null)
    for (const actor of [legalaid.caseworker, stranger, harbour.admin]) {
      const other = await tokenFor(owner, actor)
      const asked = (path: string, method = 'GET') =>
        callApi(method, path, { token: other, ...(method === 'GET' ? {} : { body: {} }) })
      const unknown = newCode('CON')
      for (const [method, after] of [
        ['GET', ''],
        ['POST', '/withdraw'],
      ] as const) {
        const there = await asked(`/consents/${code}${after}`, method)
        const nowhere = await asked(`/consents/${unknown}${after}`, method)
        expect(there.status).toBe(404)
        expect(there.text).toBe(nowhere.text)
      }
    }
    expect((await callApi('GET', '/consents/CON-000000000', { token })).status).toBe(404)
  })
})
