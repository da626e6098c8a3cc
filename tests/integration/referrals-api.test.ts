import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openApiDocument } from '@/lib/api/openapi'
import { newCode } from '@/lib/platform/ids'
import { outsider, ownerOf } from '@/tests/factories/office'
import { caseToRefer, MARKERS, pairOfAgencies, sentReferral, takenBack, type Pair } from '@/tests/factories/referrals'
import { callApi, tokenFor, type ApiAnswer } from '@/tests/support/api'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let owner: postgres.Sql
let pair: Pair
let sender: string
let receiver: string
let colleague: string
let coordinator: string

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
  pair = await pairOfAgencies(owner)
  sender = await tokenFor(owner, pair.harbour.caseworker)
  receiver = await tokenFor(owner, pair.legalaid.caseworker)
  colleague = await tokenFor(owner, pair.legalaid.colleague)
  coordinator = await tokenFor(owner, await outsider(owner, 'coordinator', { network: pair.harbour.admin.network }))
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

const move = (token: string, code: string, name: string, body: object = {}, headers: Record<string, string> = {}) =>
  callApi('POST', `/referrals/${code}/${name}`, { token, body, headers })
const read = (token: string, path: string): Promise<ApiAnswer> => callApi('GET', path, { token })
const codesOf = ({ body }: ApiAnswer) => (body['items'] as { code: string }[]).map(({ code }) => code)

describe('the referrals of the API', () => {
  it('are made and sent in one call to the best service of an agency, and the location answers', async () => {
    const of = await caseToRefer(owner, pair)
    const body = {
      case: of.case,
      needs: [of.need],
      toAgency: pair.legalaid.agency.key,
      urgency: 'urgent',
      reason: 'Needs advice.',
      send: true,
    }
    const headers = { 'Idempotency-Key': 'refer-once' }
    const made = await callApi('POST', '/referrals', { token: sender, body, headers })
    expect([made.status, made.body['state'], made.body['case']]).toEqual([201, 'sent', of.case])
    expect(made.body).toMatchObject({ directoryService: pair.service.code, toAgency: pair.legalaid.agency.key })
    const again = await callApi('POST', '/referrals', { token: sender, body, headers })
    expect([again.status, again.body['code']]).toEqual([201, made.body['code']])
    expect(made.headers.get('etag')).toMatch(/^"\d+"$/)
    const address = new URL(made.headers.get('location') ?? '', 'http://localhost').pathname.replace('/api/v1', '')
    const got = await read(sender, address)
    expect([got.status, got.body['code']]).toEqual([200, made.body['code']])
    expect(got.text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/)
  })

  it('go through their life, and the receiver logs services on the case', async () => {
    const { referral, case: caseCode } = await sentReferral(owner, pair)
    expect(codesOf(await read(receiver, '/referrals?box=in&state=sent'))).toContain(referral)
    expect(codesOf(await read(sender, '/referrals?box=out'))).toContain(referral)
    expect(codesOf(await read(coordinator, '/referrals?box=desk&limit=200'))).toContain(referral)
    const before = await read(receiver, `/referrals/${referral}`)
    expect(before.body).toMatchObject({ case: null, package: null })
    expect(before.text).not.toContain(caseCode)
    expect(before.text).not.toContain(MARKERS.name)

    expect((await move(receiver, referral, 'acknowledge')).body).toMatchObject({ state: 'acknowledged' })
    expect((await move(receiver, referral, 'request-info', { question: 'Which day?' })).body).toMatchObject({
      state: 'info_requested',
    })
    expect((await move(sender, referral, 'answer-info', { answer: 'Any morning.' })).body).toMatchObject({
      state: 'acknowledged',
    })
    const accepted = await move(receiver, referral, 'accept')
    expect([accepted.status, accepted.body['case']]).toEqual([200, caseCode])
    const opened = await read(receiver, `/referrals/${referral}/package`)
    expect([opened.status, opened.text.includes(MARKERS.name)]).toEqual([200, true])
    expect((await read(colleague, `/referrals/${referral}/package`)).status).toBe(404)
    const body = { category: 'legal', type: 'information_advice', deliveredOn: '2026-01-05' }
    const logged = await callApi('POST', `/cases/${caseCode}/services`, { token: receiver, body })
    expect([logged.status, logged.body['case']]).toEqual([201, caseCode])
    expect((await read(receiver, `/services/${String(logged.body['code'])}`)).status).toBe(200)
    expect(codesOf(await read(receiver, `/cases/${caseCode}/services`))).toEqual([logged.body['code']])
    expect((await read(receiver, `/cases/${caseCode}`)).status).toBe(404)
    expect((await move(receiver, referral, 'start')).body).toMatchObject({ state: 'in_service' })
    expect((await move(receiver, referral, 'complete', { outcome: 'Papers filed in time' })).body).toMatchObject({
      state: 'completed',
      outcome: 'other',
    })
    expect((await move(sender, referral, 'close', {})).body).toMatchObject({ state: 'closed' })
  })

  it('let the receiver amend and void its own services, and read its own alone', async () => {
    const { referral, case: caseCode } = await sentReferral(owner, pair)
    await move(receiver, referral, 'accept')
    const body = { category: 'legal', type: 'information_advice', deliveredOn: '2026-01-05', note: 'Kind words' }
    const logged = await callApi('POST', `/cases/${caseCode}/services`, { token: receiver, body })
    expect(logged.status).toBe(201)
    const code = String(logged.body['code'])
    const amend = (token: string, headers: Record<string, string>) =>
      callApi('POST', `/services/${code}/amend`, { token, headers, body: { minutes: 45, reason: 'It took longer' } })
    expect((await amend(receiver, {})).status).toBe(428)
    expect((await amend(sender, { 'If-Match': '"1"' })).status).toBe(403)
    const amended = await amend(receiver, { 'If-Match': '"1"' })
    expect([amended.status, amended.body['case'], amended.body['version']]).toEqual([200, caseCode, 2])
    expect((await read(sender, `/services/${code}`)).text).not.toContain('It took longer')
    const voided = await callApi('POST', `/services/${code}/void`, { token: receiver, body: { reason: 'Twice' } })
    expect([voided.status, voided.body['status']]).toEqual([200, 'voided'])
    await callApi('POST', `/cases/${caseCode}/services`, {
      token: sender,
      body: { category: 'social', type: 'transport', deliveredOn: '2026-01-05' },
    })
    expect(codesOf(await read(receiver, `/services?case=${caseCode}`))).toEqual([code])
    expect((await read(receiver, `/cases/${caseCode}`)).status).toBe(404)
    const found = await callApi('POST', '/persons/search', { token: receiver, body: { query: MARKERS.name } })
    expect((found.body['shared'] as { referral: string }[]).map((hit) => hit.referral)).toContain(referral)
  })

  it('T14: answer a consent taken back with 404 for the package and 200 for the skeleton', async () => {
    const { referral, consent } = await sentReferral(owner, pair)
    await move(receiver, referral, 'accept')
    expect((await read(receiver, `/referrals/${referral}/package`)).status).toBe(200)
    await takenBack(owner, consent)
    const gone = await read(receiver, `/referrals/${referral}/package`)
    const none = await read(receiver, `/referrals/${newCode('REF')}/package`)
    expect([gone.status, gone.text]).toEqual([404, none.text])
    const skeleton = await read(receiver, `/referrals/${referral}`)
    expect([skeleton.status, skeleton.body['state']]).toEqual([200, 'withdrawn'])
    expect(skeleton.text).not.toContain(MARKERS.name)
  })

  it('refuse with a reason: no basis, no service, answered already, a decline without why', async () => {
    const of = await caseToRefer(owner, pair, { categories: ['medical'] })
    const body = { case: of.case, needs: [of.need], toAgency: pair.legalaid.agency.key, send: true }
    const uncovered = await callApi('POST', '/referrals', { token: sender, body })
    expect([uncovered.status, uncovered.body['reason']]).toEqual([409, 'no_basis'])
    const nobody = await callApi('POST', '/referrals', {
      token: sender,
      body: { ...body, toAgency: pair.harbour.agency.key },
    })
    expect([nobody.status, nobody.body['reason']]).toEqual([409, 'no_service'])

    const { referral } = await sentReferral(owner, pair)
    expect((await move(receiver, referral, 'decline', {})).status).toBe(422)
    expect((await move(colleague, referral, 'accept')).status).toBe(403)
    const answers = await Promise.all(Array.from({ length: 20 }, () => move(receiver, referral, 'accept')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ body: told }) => told['reason']))).toEqual(
      new Set(['already_answered']),
    )
    expect((await callApi('POST', '/referrals', { token: coordinator, body })).status).toBe(403)
  })

  it('are described in openapi.json', () => {
    const paths = Object.keys(openApiDocument()['paths'] as object)
    expect(paths.filter((path) => path.startsWith('/referrals')).length).toBe(23)
  })
})
