import { beforeAll, describe, expect, it } from 'vitest'

import { changePerson } from '@/lib/people/change-service'
import { newCode } from '@/lib/platform/ids'
import { openNeed } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { codesOf, listedService } from '@/tests/factories/directory'
import { office } from '@/tests/factories/office'
import { callApi, tokenFor, type ApiAnswer } from '@/tests/support/api'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

let keeper: string
let caseworker: string
beforeAll(async () => {
  keeper = await tokenFor(owner, harbour.supervisor)
  caseworker = await tokenFor(owner, harbour.caseworker)
})

const advice = { category: 'legal', type: 'information_advice', name: 'Advice' }
const post = (path: string, body: object, token = keeper, headers: Record<string, string> = {}) =>
  callApi('POST', path, { token, body, headers })
const codesIn = ({ body }: ApiAnswer) => (body['items'] as { code: string }[]).map(({ code }) => code)

describe('the directory over the API', () => {
  it('lists a service with 201, a Location that answers and an ETag, once for one Idempotency-Key', async () => {
    const once = () => post('/directory', advice, keeper, { 'idempotency-key': 'list-one' })
    const made = await once()
    expect(made.status).toBe(201)
    expect(made.headers.get('etag')).toBe('"1"')
    expect(made.body).toMatchObject({ ...advice, agency: harbour.agency.key, status: 'active', answering: [] })
    expect((await once()).body['code']).toBe(made.body['code'])
    const location = (made.headers.get('location') ?? '').slice('/api/v1'.length)
    expect(location).toBe(`/directory/${String(made.body['code'])}`)
    expect((await callApi('GET', location, { token: caseworker })).body).toMatchObject({ code: made.body['code'] })
  })

  it('changes an entry under If-Match alone: what is left out stays, null takes away', async () => {
    const { code } = await listedService(harbour, { minAge: 18, languages: ['eng'] }, { receivers: [] })
    const change = (body: object, version?: string, token = keeper) =>
      callApi('PATCH', `/directory/${code}`, {
        token,
        body,
        headers: version === undefined ? {} : { 'if-match': version },
      })
    expect((await change({ name: 'New' })).status).toBe(428)
    expect((await change({ name: 'New' }, '"7"')).status).toBe(412)
    expect((await change({ name: 'New' }, '"1"', caseworker)).status).toBe(403)
    const changed = await change({ name: 'New', minAge: null }, '"1"')
    expect(changed.status).toBe(200)
    expect(changed.body).toMatchObject({ name: 'New', minAge: null, languages: ['eng'], version: 2 })
    expect((await change({ type: 'civil_documents' }, '"2"')).status).toBe(422)
    expect((await change({ areas: ['moon'] }, '"2"')).body).toMatchObject({
      errors: { areas: expect.anything() as unknown },
    })
  })

  it('says who answers and how much room there is, and ends an entry once', async () => {
    const { code } = await listedService(harbour, {}, { receivers: [] })
    const receivers = await codesOf(harbour, [harbour.caseworker])
    expect((await post(`/directory/${code}/room`, { available: 2 }, caseworker)).status).toBe(403)
    expect((await post(`/directory/${code}/receivers`, { receivers })).body).toMatchObject({ receivers: 1 })
    const told = await post(`/directory/${code}/room`, { available: 2 }, caseworker)
    expect(told.body).toMatchObject({ room: { available: 2 }, fit: { room: 'free', agreement: 'own' } })
    expect((await post(`/directory/${code}/room`, { available: -1 }, caseworker)).status).toBe(422)
    expect((await post(`/directory/${code}/end`, {})).body).toMatchObject({ status: 'ended' })
    const again = await post(`/directory/${code}/end`, {})
    expect(again.status).toBe(409)
    expect(again.body).toMatchObject({ reason: 'wrong_state' })
  })

  it('searches by codes, page by page, and gives one answer for what is absent and what is another network’s', async () => {
    const stranger = await office(owner)
    const { code: hidden } = await listedService(stranger)
    for (const name of ['A', 'B', 'C']) await listedService(harbour, { ...advice, type: 'civil_documents', name })
    const path = '/directory?category=legal&type=civil_documents&limit=2'
    const first = await callApi('GET', path, { token: caseworker })
    const second = await callApi('GET', `${path}&cursor=${String(first.body['nextCursor'])}`, { token: caseworker })
    expect(new Set([...codesIn(first), ...codesIn(second)]).size).toBe(3)
    expect(second.body['nextCursor']).toBeNull()
    expect((await callApi('GET', '/directory?name=Anna', { token: caseworker })).status).toBe(422)
    expect((await callApi('GET', '/directory?cursor=x', { token: caseworker })).status).toBe(422)
    const [absent, foreign] = [
      await callApi('GET', `/directory/${newCode('DIR')}`, { token: caseworker }),
      await callApi('GET', `/directory/${hidden}`, { token: caseworker }),
    ]
    expect([absent.status, foreign.status]).toEqual([404, 404])
    expect(foreign.body).toEqual(absent.body)
  })
})

describe('help for a need', () => {
  it('is ranked by the person’s age, gender and languages, and by nothing else of them (invariant 7)', async () => {
    const person = await registeredPerson(harbour.caseworker, {
      profile: {
        birth: { state: 'stated', value: 1999 },
        gender: { state: 'stated', value: 'Feminine' },
        languages: { state: 'stated', values: ['tir'] },
      },
    })
    const { code: on } = await openedCase(harbour.caseworker, { person })
    const need = await openNeed(harbour.caseworker, { case: on, category: 'medical' })
    const medical = { category: 'medical', type: 'emergency_care' }
    await listedService(harbour, { ...medical, name: 'For men', genders: ['Masculine'] })
    await listedService(harbour, { ...medical, name: 'For children', maxAge: 12 })
    await listedService(harbour, { ...medical, name: 'Speaks it', languages: ['tir'] })
    await listedService(harbour, { ...medical, name: 'Speaks another', languages: ['fra'] })
    const asked = async (query = '', token = caseworker) =>
      (await callApi('GET', `/needs/${need.code}/help${query}`, { token })).body
    const names = (body: Record<string, unknown>) => (body['items'] as { name: string }[]).map(({ name }) => name)
    const before = await asked()
    expect(names(before)).toEqual(['Speaks it', 'Speaks another'])
    expect(
      names(await asked('?all=yes'))
        .slice(2)
        .sort(),
    ).toEqual(['For children', 'For men'])
    expect(JSON.stringify(before)).not.toContain('1999')

    valueOf(
      await changePerson(harbour.caseworker, {
        person,
        version: 1,
        profile: { migration: { state: 'stated', value: 'Irregular' } },
      }),
    )
    await owner`UPDATE case_content SET identification = 'not_a_victim' WHERE case_id = (SELECT id FROM case_file WHERE code = ${on})`
    await owner`
      INSERT INTO case_answer (case_id, person_id, holder_agency_id, agency_id, question, answer)
      SELECT id, person_id, holder_agency_id, agency_id, 'takes_part', 'no' FROM case_file WHERE code = ${on}
      ON CONFLICT DO NOTHING`
    expect(await asked()).toEqual(before)

    // Off the team nothing is known of the person: what depends on it is to be asked.
    const other = await asked('', await tokenFor(owner, harbour.colleague))
    expect(names(other).sort()).toEqual(['For children', 'For men', 'Speaks another', 'Speaks it'])
    const looks = await owner`
      SELECT subject, person_id IS NOT NULL AS person FROM audit_event WHERE type = 'directory.searched' AND subject = ${need.code}`
    expect(looks).toHaveLength(4)
    expect(looks.every((row) => row['person'] === true)).toBe(true)
  })
})
