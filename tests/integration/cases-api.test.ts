import { beforeAll, describe, expect, it } from 'vitest'

import { openApiDocument } from '@/lib/api/openapi'
import { openedCase, registeredPerson, restrictedCase } from '@/tests/factories/cases'
import { office } from '@/tests/factories/office'
import { callApi, tokenFor } from '@/tests/support/api'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

let token: string
beforeAll(async () => {
  token = await tokenFor(owner, harbour.caseworker)
})

describe('the cases of the API', () => {
  it('are opened with the person’s code alone, and the location answers', async () => {
    const person = await registeredPerson(harbour.caseworker)
    const made = await callApi('POST', '/cases', { token, body: { person } })
    expect(made.status).toBe(201)
    expect(made.headers.get('etag')).toBe('"1"')
    expect(made.body).toMatchObject({ person, status: 'active', stage: 'presumed', number: 1, version: 1 })
    expect(made.body).toMatchObject({ agency: harbour.agency.key, agencyName: harbour.agency.name })
    const address = new URL(made.headers.get('location') ?? '', 'http://localhost').pathname.replace('/api/v1', '')
    const read = await callApi('GET', address, { token })
    expect(read.status).toBe(200)
    expect(read.body).toEqual(made.body)
    // Neither ids nor anything of the person but the code.
    expect(read.text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/)
  })

  it('trap T10: one key sent 20 times at once opens one case', async () => {
    const person = await registeredPerson(harbour.caseworker)
    const headers = { 'Idempotency-Key': 'open-once' }
    const all = await Promise.all(
      Array.from({ length: 20 }, () => callApi('POST', '/cases', { token, body: { person }, headers })),
    )
    const codes = new Set(all.filter(({ status }) => status === 201).map(({ body }) => body['code']))
    expect(codes.size).toBe(1)
    const [count] = await owner`
      SELECT count(*)::int AS n FROM case_file c JOIN person p ON p.id = c.person_id WHERE p.code = ${person}`
    expect(count?.['n']).toBe(1)
  })

  it('take a decision on identification with its reason, and tell when the reason seems to name someone', async () => {
    const { code } = await openedCase(harbour.caseworker)
    const change = (version: number, body: object) =>
      callApi('PATCH', `/cases/${code}`, { token, body, headers: { 'If-Match': `"${String(version)}"` } })
    const decided = { identification: 'actual', identifiedBy: 'Police', identifiedOn: '2026-01-02' }
    const plain = await change(1, { ...decided, identificationReason: 'Held to be credible' })
    expect(plain.status).toBe(200)
    expect(plain.body['content']).toMatchObject({ ...decided, identificationReason: 'Held to be credible' })
    expect(plain.body).not.toHaveProperty('warnings')
    const named = await change(2, { identificationReason: 'Lives at 12 Garden Street' })
    expect(named.status).toBe(200)
    expect(named.body['warnings']).toEqual([{ field: 'identificationReason', reason: 'address' }])
    const read = await callApi('GET', `/cases/${code}`, { token })
    expect(read.body['content']).toMatchObject({ identificationReason: 'Lives at 12 Garden Street' })
    const none = await change(3, { identification: 'possible', identificationReason: 'None' })
    expect(none.status).toBe(422)
  })

  it('R03, trap T10: of two changes under one ETag one is made and the other is 412', async () => {
    const { code } = await openedCase(harbour.caseworker)
    const change = (stage: string) =>
      callApi('PATCH', `/cases/${code}`, { token, body: { stage }, headers: { 'If-Match': '"1"' } })
    const both = await Promise.all([change('assessment'), change('support_plan')])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
    const without = await callApi('PATCH', `/cases/${code}`, { token, body: { stage: 'follow_up' } })
    expect(without.status).toBe(428)
  })

  it('close with a coded reason, and are then 409 for other changes', async () => {
    const { code } = await openedCase(harbour.caseworker)
    const patch = (body: unknown, version: number) =>
      callApi('PATCH', `/cases/${code}`, { token, body, headers: { 'If-Match': `"${String(version)}"` } })
    expect((await patch({ status: 'closed' }, 1)).status).toBe(422)
    expect((await patch({ status: 'closed', closureReason: 'goals_reached' }, 1)).body).toMatchObject({
      status: 'closed',
    })
    expect(await patch({ stage: 'assessment' }, 2)).toMatchObject({ status: 409, body: { reason: 'case_closed' } })
    expect((await patch({ status: 'active' }, 2)).body).toMatchObject({ status: 'active', closedOn: null })
  })

  it('T05, trap T11: another agency’s, a restricted and an invented code are the same 404', async () => {
    const clinic = await office(owner)
    const others = await openedCase(clinic.caseworker)
    const hidden = await restrictedCase(harbour.caseworker)
    const colleague = await tokenFor(owner, harbour.colleague)
    const ask = async (code: string) => {
      const read = await callApi('GET', `/cases/${code}`, { token: colleague })
      const changed = await callApi('PATCH', `/cases/${code}`, {
        token: colleague,
        body: { stage: 'assessment' },
        headers: { 'If-Match': '"1"' },
      })
      return [read.status, read.text, changed.status, changed.text]
    }
    const absent = await ask('CAS-000000000')
    expect(absent[0]).toBe(404)
    for (const code of [others.code, hidden.code, 'CAS-7K3MQ2XH1', 'nonsense']) expect(await ask(code)).toEqual(absent)
  })

  it('the skeleton is read by a colleague and changed by none', async () => {
    const { code } = await openedCase(harbour.caseworker)
    const colleague = await tokenFor(owner, harbour.colleague)
    expect((await callApi('GET', `/cases/${code}`, { token: colleague })).body).toMatchObject({ content: null })
    const changed = await callApi('PATCH', `/cases/${code}`, {
      token: colleague,
      body: { stage: 'assessment' },
      headers: { 'If-Match': '"1"' },
    })
    expect(changed.status).toBe(403)
  })

  it('are listed page by page with filters, each once', async () => {
    const office2 = await office(owner)
    const mine = await tokenFor(owner, office2.caseworker)
    for (const risk of ['high', 'high', 'low', 'high'] as const) await openedCase(office2.caseworker, { risk })
    const codes: unknown[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const address = `/cases?risk=high&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`
      const page = await callApi('GET', address, { token: mine })
      codes.push(...(page.body['items'] as { code: string }[]).map(({ code }) => code))
      cursor = page.body['nextCursor'] as string | null
    }
    expect(new Set(codes).size).toBe(3)
    expect(codes).toHaveLength(3)
    const agency = await callApi('GET', '/cases?tab=agency&limit=3', {
      token: await tokenFor(owner, office2.colleague),
    })
    expect(agency.body['items']).toHaveLength(3)
    expect((await callApi('GET', '/cases?risk=deadly', { token: mine })).status).toBe(422)
    expect((await callApi('GET', '/cases?cursor=AAAA', { token: mine })).status).toBe(422)
  })

  it('are described in openapi.json', () => {
    const text = JSON.stringify(openApiDocument())
    expect(text).toContain('/cases/{caseCode}')
    expect(text).toContain('PsychoactiveSubstance')
  })
})
