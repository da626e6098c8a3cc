import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test, type APIRequestContext } from '@playwright/test'

import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

/** Words that stand in one person's record and nowhere else: wherever one shows up, it came from there. */
const MARK = `Zz${randomBytes(4).toString('hex')}`
const MARKERS = {
  name: `Quillon${MARK} Marker`,
  phone: '+447700900187',
  note: `Note ${MARK}`,
  text: `Text ${MARK}`,
  word: `Word ${MARK}`,
}

type Planted = {
  readonly person: string
  readonly case: string
  readonly need: string
  readonly service: string
  readonly contact: string
}
type OpenApi = { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> }

let planted: Planted
let restricted: Planted
const tokens = new Map<string, string>()

const OWNER = 'caseworker@harbour.example'
const COLLEAGUE = 'caseworker2@harbour.example'
/** Members to whom nothing of the person exists: the twin agency, bodies without cases, administrators. */
const STRANGERS = [
  'caseworker@legalaid.example',
  'coordinator@victimsupport.example',
  'auditor@rapporteur.example',
  'admin@harbour.example',
  'system@amparo.example',
]

test.describe.configure({ mode: 'serial', timeout: 240_000 })

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL ?? '' })
  for (const email of [OWNER, COLLEAGUE, ...STRANGERS]) tokens.set(email, await tokenOf(email))
  planted = await plant(request)
  restricted = await plant(request)
  await request.dispose()
})

async function plant(request: APIRequestContext): Promise<Planted> {
  const post = async (path: string, data: object) => {
    const answer = await request.post(`/api/v1/${path}`, { data, headers: bearer(OWNER) })
    expect(answer.status(), `${path} ${await answer.text()}`).toBe(201)
    return ((await answer.json()) as { code: string }).code
  }
  const person = await post('persons', {
    identity: { names: [{ value: MARKERS.name }], phones: [MARKERS.phone] },
    safeContact: { channels: { text: true }, codeWord: MARKERS.word },
  })
  const file = await post('cases', { person })
  const need = await post(`cases/${file}/needs`, { category: 'legal' })
  const service = await post(`cases/${file}/services`, {
    category: 'legal',
    type: 'information_advice',
    note: MARKERS.note,
  })
  const contact = await post(`cases/${file}/contacts`, { kind: 'call', outcome: 'reached', text: MARKERS.text })
  return { person, case: file, need, service, contact }
}

function bearer(email: string): Record<string, string> {
  return { authorization: `Bearer ${tokens.get(email) ?? ''}` }
}

/** An address of ours with the planted codes in place of its parts. */
function filled(path: string, codes: Planted): string {
  return path
    .replace(/\{case(Code)?\}|\[case(Code)?\]/g, codes.case)
    .replace(/\{person(Code)?\}|\[person(Code)?\]/g, codes.person)
    .replace(/\{need(Code)?\}|\[need(Code)?\]/g, codes.need)
    .replace(/\{service(Code)?\}|\[service(Code)?\]/g, codes.service)
    .replace(/\{contact(Code)?\}|\[contact(Code)?\]/g, codes.contact)
}

/** Every page of app/ as an address with its parts in brackets. */
function pageAddresses(folder = 'app', address = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      const part = entry.name.startsWith('(') ? '' : `/${entry.name}`
      return pageAddresses(join(folder, entry.name), `${address}${part}`)
    }
    return entry.name === 'page.tsx' ? [address === '' ? '/' : address] : []
  })
}

function leaks(text: string, codes: readonly Planted[]): string[] {
  const secrets = [...Object.values(MARKERS), MARK, '7700900187']
  const found = secrets.filter((secret) => text.toLowerCase().includes(secret.toLowerCase()))
  // Who asks for a code gets it back in the address bar's own words at most; another record's code is a leak.
  for (const code of codes) found.push(...[code.need, code.service, code.contact].filter((one) => text.includes(one)))
  return found
}

test('T04: no page shows a stranger a byte of the person', async ({ browser }) => {
  const addresses = pageAddresses().filter((address) => !address.startsWith('/kit'))
  expect(addresses.length).toBeGreaterThan(25)
  for (const email of STRANGERS) {
    const context = await browser.newContext()
    const page = await context.newPage()
    await signIn(page, email)
    for (const address of addresses) {
      const target = filled(address, planted)
      if (target.includes('[')) continue
      const answer = await context.request.get(target, { failOnStatusCode: false })
      const body = await answer.text()
      const asked = Object.values(planted).filter((code) => target.includes(code))
      expect(
        leaks(
          asked.reduce((text, code) => text.replaceAll(code, ''), body),
          [planted, restricted],
        ),
        `${email} ${target}`,
      ).toEqual([])
      if (asked.length > 0) expect([404, 405], `${email} ${target}`).toContain(answer.status())
    }
    await context.close()
  }
})

test('T04, T05: the API answers strangers as if the person did not exist', async ({ request }) => {
  const openapi = (await (await request.get('/api/v1/openapi.json')).json()) as OpenApi
  const invented: Planted = {
    person: 'AMP-000000000',
    case: 'CAS-000000000',
    need: 'NED-000000000',
    service: 'SVC-000000000',
    contact: 'CTC-000000000',
  }
  for (const email of STRANGERS) {
    for (const [path, methods] of Object.entries(openapi.paths)) {
      const target = filled(path, planted)
      for (const method of Object.keys(methods)) {
        if (target.includes('{')) continue
        const send = (address: string) =>
          request.fetch(`/api/v1${address.replace(/^\/api\/v1/, '')}`, {
            method,
            headers: { ...bearer(email), 'if-match': '"1"' },
            failOnStatusCode: false,
            ...(method === 'get' ? {} : { data: {} }),
          })
        const answer = await send(target)
        const body = await answer.text()
        expect(leaks(body, [planted, restricted]), `${email} ${method} ${target}`).toEqual([])
        if (target === path) continue
        expect([403, 404, 422, 428], `${email} ${method} ${target} ${body}`).toContain(answer.status())
        const unknown = await send(filled(path, invented))
        expect({ status: unknown.status(), body: await unknown.text() }, `${email} ${method} ${target}`).toEqual({
          status: answer.status(),
          body,
        })
      }
    }
  }
})

test('invariant 5, trap T11: a restricted person is nowhere, for a colleague and the supervisor', async ({
  page,
  request,
}) => {
  await signIn(page, OWNER)
  await page.goto(`/cases/${restricted.case}/restriction`)
  await page.getByRole('button', { name: 'Restrict case' }).click()
  await expect(page).toHaveURL(`/cases/${restricted.case}`)
  for (const email of [COLLEAGUE, 'supervisor@harbour.example']) {
    if (!tokens.has(email)) tokens.set(email, await tokenOf(email))
    for (const path of [
      `persons/${restricted.person}`,
      `cases/${restricted.case}`,
      `services/${restricted.service}`,
      `needs/${restricted.need}`,
      `contacts/${restricted.contact}`,
    ]) {
      expect((await request.get(`/api/v1/${path}`, { headers: bearer(email) })).status(), `${email} ${path}`).toBe(404)
    }
    const search = await request.post('/api/v1/persons/search', {
      headers: bearer(email),
      data: { query: MARKERS.name },
    })
    expect((await search.text()).includes(restricted.person), email).toBe(false)
    const list = await request.get('/api/v1/services?limit=200', { headers: bearer(email) })
    expect((await list.text()).includes(restricted.service), email).toBe(false)
  }
  expect((await request.get(`/api/v1/cases/${restricted.case}`, { headers: bearer(OWNER) })).status()).toBe(200)
})
