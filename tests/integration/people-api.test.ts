import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type postgres from 'postgres'

import { newCode } from '@/lib/platform/ids'
import { office, ownerOf, type Office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let house: Office
let token: string
let colleague: string
let stranger: string

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  house = await office(owner)
  token = await tokenFor(owner, house.caseworker)
  colleague = await tokenFor(owner, house.colleague)
  stranger = await tokenFor(owner, (await office(owner)).caseworker)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

async function made(body: unknown = {}) {
  const answer = await callApi('POST', '/persons', { token, body })
  expect(answer.status).toBe(201)
  return answer
}

describe('persons by API', () => {
  it('are registered with {} or no body at all, and answer GET at their Location', async () => {
    for (const request of [{ token, body: {} }, { token }]) {
      const answer = await callApi('POST', '/persons', request)
      expect(answer.status).toBe(201)
      expect(answer.headers.get('etag')).toBe('"1"')
      const location = answer.headers.get('location') ?? ''
      expect(location).toBe(`/api/v1/persons/${String(answer.body['code'])}`)
      const again = await callApi('GET', location.slice('/api/v1'.length), { token })
      expect(again.status).toBe(200)
      expect(again.body['code']).toBe(answer.body['code'])
    }
  })

  it('R02: the same Idempotency-Key makes one person', async () => {
    const request = {
      token,
      body: { identity: { names: [{ value: 'Same Once' }] } },
      headers: { 'idempotency-key': 'one-person' },
    }
    const answers = await Promise.all(Array.from({ length: 5 }, () => callApi('POST', '/persons', request)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ body }) => body['code'])).size).toBe(1)
  })

  it('T06: refuse whatever a sender adds, and say which field', async () => {
    const answer = await callApi('POST', '/persons', { token, body: { agencyId: house.agency.id } })
    expect(answer.status).toBe(422)
    expect(JSON.stringify(answer.body['errors'])).toContain('agencyId')
  })

  it('never answer with identity but where it is asked for', async () => {
    const person = await made({ identity: { names: [{ value: 'Ourania Kallisti' }], phones: ['+43 660 5556677'] } })
    const code = String(person.body['code'])
    const read = await callApi('GET', `/persons/${code}`, { token })
    const found = await callApi('POST', '/persons/search', { token, body: { query: 'Ourania Kalisti' } })
    expect(found.body).toMatchObject({ items: [{ code, team: true }], nextCursor: null, more: false })
    for (const { text } of [person, read, found]) expect(text).not.toMatch(/Ourania|5556677/)
    const identity = await callApi('GET', `/persons/${code}/identity`, { token })
    expect(identity.body).toMatchObject({ names: [{ value: 'Ourania Kallisti' }], phones: ['+43 660 5556677'] })
    const revealed = await callApi('POST', `/persons/${code}/identity/reveal`, {
      token,
      body: { reason: 'At the door' },
    })
    expect(revealed.body).toEqual(identity.body)
  })

  it('are 403 for a colleague’s look at identity, and byte-identical 404s for others', async () => {
    const code = String((await made({ identity: { names: ['Ada'] } })).body['code'])
    expect((await callApi('GET', `/persons/${code}`, { token: colleague })).body).toMatchObject({
      profile: null,
      safeContact: null,
    })
    expect((await callApi('GET', `/persons/${code}/identity`, { token: colleague })).status).toBe(403)
    expect(
      (await callApi('PATCH', `/persons/${code}`, { token: colleague, body: {}, headers: { 'if-match': '"1"' } }))
        .status,
    ).toBe(403)
    for (const path of ['', '/identity']) {
      const [theirs, invented, wrong] = [
        await callApi('GET', `/persons/${code}${path}`, { token: stranger }),
        await callApi('GET', `/persons/${newCode('AMP')}${path}`, { token: stranger }),
        await callApi('GET', `/persons/AMP-000000001${path}`, { token: stranger }),
      ]
      expect([theirs.status, invented.status, wrong.status]).toEqual([404, 404, 404])
      expect(theirs.text).toBe(invented.text)
      expect(theirs.text).toBe(wrong.text)
    }
  })

  it('R03: change with If-Match: without one 428, with an old one 412, two at once 200 and 412', async () => {
    const code = String((await made()).body['code'])
    const change = (headers: Record<string, string>) =>
      callApi('PATCH', `/persons/${code}`, { token, body: { profile: { gender: 'Feminine' } }, headers })
    expect((await change({})).status).toBe(428)
    const both = await Promise.all([change({ 'if-match': '"1"' }), change({ 'if-match': '"1"' })])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
    expect((await change({ 'if-match': '"2"' })).headers.get('etag')).toBe('"3"')
  })

  it('name the field that doesn’t fit', async () => {
    const answer = await callApi('POST', '/persons', {
      token,
      body: {
        identity: { birthDate: '2023-02-30', phones: ['none'] },
        profile: { languages: ['Klingonese'], gender: 'X' },
      },
    })
    expect(answer.status).toBe(422)
    expect(Object.keys(answer.body['errors'] as object).sort()).toEqual([
      'identity.birthDate',
      'identity.phones.0.value',
      'profile.gender.value',
      'profile.languages.values.0',
    ])
  })
})
