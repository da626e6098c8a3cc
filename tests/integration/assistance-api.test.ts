import { beforeAll, describe, expect, it } from 'vitest'

import { newCode } from '@/lib/platform/ids'
import { addDays, dayIn } from '@/lib/platform/zone'
import { openedCase, registeredPerson } from '@/tests/factories/cases'
import { office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

let token: string
beforeAll(async () => {
  token = await tokenFor(owner, harbour.caseworker)
})

const today = () => dayIn('UTC', new Date())
const shelter = { category: 'social', type: 'emergency_shelter' }

async function logged(): Promise<{ readonly on: string; readonly code: string }> {
  const { code: on } = await openedCase(harbour.caseworker)
  const made = await callApi('POST', `/cases/${on}/services`, { token, body: shelter })
  return { on, code: String(made.body['code']) }
}

describe('services over the API', () => {
  it('are logged with 201, a Location that answers, an ETag, and their paragraphs', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const made = await callApi('POST', `/cases/${on}/services`, { token, body: { ...shelter, deliveredOn: today() } })
    expect(made.status).toBe(201)
    expect(made.headers.get('etag')).toBe('"1"')
    expect(made.body).toMatchObject({
      case: on,
      agency: harbour.agency.key,
      ...shelter,
      deliveredOn: today(),
      status: 'delivered',
    })
    expect(made.body['mandate']).toEqual([
      { symbol: 'A/RES/58/137', paragraph: '6(b)', href: '/mandate/6/b' },
      { symbol: 'A/RES/58/137', paragraph: '9', href: '/mandate/9' },
    ])
    const location = made.headers.get('location') ?? ''
    expect(location).toBe(`/api/v1/services/${String(made.body['code'])}`)
    expect((await callApi('GET', location.slice('/api/v1'.length), { token })).body).toMatchObject({
      code: made.body['code'],
    })
  })

  it('are one record for one Idempotency-Key, at once and again', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const post = () =>
      callApi('POST', `/cases/${on}/services`, { token, body: shelter, headers: { 'idempotency-key': 'one' } })
    const answers = await Promise.all(Array.from({ length: 8 }, post))
    expect(new Set(answers.map(({ status, body }) => `${String(status)} ${String(body['code'])}`)).size).toBe(1)
    const listed = await callApi('GET', `/services?case=${on}`, { token })
    expect(listed.body['items']).toHaveLength(1)
  })

  it('are refused by field: another category’s type, a day ahead, an unknown field', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const refused = async (body: Record<string, unknown>) =>
      (await callApi('POST', `/cases/${on}/services`, { token, body })).body
    expect(await refused({ category: 'legal', type: 'emergency_shelter' })).toMatchObject({
      status: 422,
      errors: { type: [expect.anything()] },
    })
    expect(await refused({ ...shelter, deliveredOn: addDays(today(), 1) })).toMatchObject({
      status: 422,
      errors: { deliveredOn: [expect.anything()] },
    })
    expect(await refused({ ...shelter, agency: 'another' })).toMatchObject({
      status: 422,
      errors: { agency: [expect.anything()] },
    })
    expect(await refused({})).toMatchObject({
      status: 422,
      errors: { category: [expect.anything()], type: [expect.anything()] },
    })
  })

  it('are amended with If-Match only, and voided', async () => {
    const { code } = await logged()
    const amend = (headers: Record<string, string>) =>
      callApi('POST', `/services/${code}/amend`, {
        token,
        headers,
        body: { reason: 'It was a permit', category: 'residency', type: 'temporary_permit' },
      })
    expect((await amend({})).status).toBe(428)
    expect((await amend({ 'if-match': '"7"' })).status).toBe(412)
    const amended = await amend({ 'if-match': '"1"' })
    expect(amended).toMatchObject({ status: 200, body: { version: 2, category: 'residency' } })
    expect(amended.body['mandate']).toMatchObject([{ paragraph: '6(a)' }, { paragraph: '9' }])
    const voided = await callApi('POST', `/services/${code}/void`, { token, body: { reason: 'Wrong case' } })
    expect(voided).toMatchObject({ status: 200, body: { status: 'voided', version: 3 } })
    const again = await callApi('POST', `/services/${code}/void`, { token, body: { reason: 'Wrong case' } })
    expect(again).toMatchObject({ status: 409, body: { reason: 'wrong_state' } })
    expect((await callApi('POST', `/services/${code}/void`, { token, body: {} })).status).toBe(422)
    expect((await callApi('GET', `/services/${code}`, { token })).body).toMatchObject({ status: 'voided' })
  })

  it('are absent for another agency, in the same bytes as one that never was', async () => {
    const { on, code } = await logged()
    const other = await office(owner)
    const theirs = await tokenFor(owner, other.caseworker)
    const texts = await Promise.all(
      [`/services/${code}`, `/services/${newCode('SVC')}`, '/services/SVC-000000001', `/services?case=${on}`].map(
        async (address) => (await callApi('GET', address, { token: theirs })).text,
      ),
    )
    expect(new Set(texts).size).toBe(1)
    expect((await callApi('POST', `/cases/${on}/services`, { token: theirs, body: shelter })).status).toBe(404)
    const colleague = await tokenFor(owner, harbour.colleague)
    expect((await callApi('POST', `/cases/${on}/services`, { token: colleague, body: shelter })).status).toBe(403)
  })

  it('are listed by filters that the address names, page by page', async () => {
    const { on } = await logged()
    await callApi('POST', `/cases/${on}/services`, { token, body: { category: 'legal', type: 'civil_documents' } })
    const first = await callApi('GET', `/services?case=${on}&limit=1`, { token })
    expect(first.body['items']).toHaveLength(1)
    const next = await callApi('GET', `/services?case=${on}&limit=1&cursor=${String(first.body['nextCursor'])}`, {
      token,
    })
    expect(next.body).toMatchObject({ items: [{ category: 'social' }], nextCursor: null })
    expect(
      (
        await callApi(
          'GET',
          `/services?category=legal&case=${on}&agency=${harbour.agency.key}&status=delivered&from=${today()}&to=${today()}`,
          { token },
        )
      ).body['items'],
    ).toHaveLength(1)
    expect((await callApi('GET', '/services?cursor=forged', { token })).status).toBe(422)
    expect((await callApi('GET', '/services?limit=201', { token })).status).toBe(422)
  })
})

describe('needs and contacts over the API', () => {
  it('a need is found, read and changed with If-Match', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const made = await callApi('POST', `/cases/${on}/needs`, {
      token,
      body: { category: 'medical', urgency: 'urgent', type: 'emergency_care' },
    })
    expect(made).toMatchObject({
      status: 201,
      body: { case: on, category: 'medical', urgency: 'urgent', state: 'open', version: 1 },
    })
    const address = `/needs/${String(made.body['code'])}`
    expect((await callApi('PATCH', address, { token, body: { state: 'met' } })).status).toBe(428)
    expect(
      await callApi('PATCH', address, { token, body: { state: 'met' }, headers: { 'if-match': '"1"' } }),
    ).toMatchObject({ status: 200, body: { state: 'met', version: 2 } })
    expect((await callApi('GET', address, { token })).body).toMatchObject({ state: 'met', metOn: today() })
    expect((await callApi('GET', `/needs?case=${on}`, { token })).body['items']).toHaveLength(1)
    expect((await callApi('POST', `/cases/${on}/needs`, { token, body: { category: 'legal' } })).body).toMatchObject({
      urgency: 'routine',
      type: null,
    })
  })

  it('a contact is logged and read; what was said never comes back', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const made = await callApi('POST', `/cases/${on}/contacts`, {
      token,
      body: { kind: 'call', occurredAt: '2026-01-05T10:00:00+01:00', text: 'Marker of a kind word' },
    })
    expect(made).toMatchObject({
      status: 201,
      body: { kind: 'call', outcome: 'reached', occurredAt: '2026-01-05T09:00:00.000Z', hasText: true },
    })
    const read = await callApi('GET', `/contacts/${String(made.body['code'])}`, { token })
    expect(read.text).not.toContain('Marker')
    expect((await callApi('GET', `/cases/${on}/contacts`, { token })).body['items']).toHaveLength(1)
  })
})

describe('texts that seem to tell who they are about', () => {
  const warned = (field: string, reason: string) => [{ field, reason }]
  const post = (address: string, body: object, headers: Record<string, string> = {}) =>
    callApi('POST', address, { token, body, headers })

  it('are kept as a program sent them, and each answer names the fields (hard-parts 9)', async () => {
    const person = await registeredPerson(harbour.caseworker, { identity: { names: [{ value: 'Selamawit Tesfaye' }] } })
    const { code: on } = await openedCase(harbour.caseworker, { person })
    const made = await post(`/cases/${on}/services`, { ...shelter, note: 'Selamawit came early' })
    expect(made).toMatchObject({ status: 201, body: { warnings: warned('note', 'name') } })
    const service = `/services/${String(made.body['code'])}`
    const amendment = { reason: 'Call +49 151 2345678', mode: 'phone', note: 'At 12 Garden Street' }
    expect(await post(`${service}/amend`, amendment, { 'if-match': '"1"' })).toMatchObject({
      status: 200,
      body: { warnings: [...warned('reason', 'phone'), ...warned('note', 'address')] },
    })
    expect(await post(`${service}/void`, { reason: 'Meant for Selamawit' })).toMatchObject({
      status: 200,
      body: { status: 'voided', warnings: warned('reason', 'name') },
    })
    const contact = await post(`/cases/${on}/contacts`, { kind: 'call', text: 'Wrote from selam@example.org' })
    expect(contact).toMatchObject({ status: 201, body: { warnings: warned('text', 'email') } })
    expect(await post(`/contacts/${String(contact.body['code'])}/void`, { reason: 'See EP1234567' })).toMatchObject({
      status: 200,
      body: { isVoided: true, warnings: warned('reason', 'number') },
    })
    expect(
      await post(`/persons/${person}/identity/reveal`, { reason: 'Selamawit asked for her papers' }),
    ).toMatchObject({ status: 200, body: { warnings: warned('reason', 'name') } })
  })

  it('are not spoken of where the sender says why they stay, nor are plain ones', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const kept = { note: 'Call +49 151 2345678', noteKept: 'The number of the taxi' }
    const made = await post(`/cases/${on}/services`, { ...shelter, ...kept })
    expect(made.status).toBe(201)
    const contact = await post(`/cases/${on}/contacts`, { kind: 'call', text: 'Would like to talk about work' })
    const voided = await post(`/services/${String(made.body['code'])}/void`, { reason: 'Wrong case' })
    for (const { body } of [made, contact, voided]) expect(body).not.toHaveProperty('warnings')
    const [event] = await owner<{ reason: Buffer | null }[]>`
      SELECT reason FROM audit_event WHERE subject = ${String(contact.body['code'])} AND type = 'contact.logged'`
    expect(event?.reason).toBeNull()
  })
})
