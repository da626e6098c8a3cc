import { randomBytes } from 'node:crypto'

import { expect, test, type APIRequestContext, type APIResponse } from '@playwright/test'

import { makerFor } from '../support/maker'
import { pageAddresses } from '../support/page-addresses'
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
  wish: `Wish ${MARK}`,
}

type Planted = {
  readonly person: string
  readonly case: string
  readonly need: string
  readonly service: string
  readonly contact: string
  readonly consent: string
  readonly referral: string
  readonly paper: string
}
type OpenApi = { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> }

let planted: Planted
let restricted: Planted
/** A task of the owner's. */
let task: string
const tokens = new Map<string, string>()

const OWNER = 'caseworker@harbour.example'
const COLLEAGUE = 'caseworker2@harbour.example'
const SUPERVISOR = 'supervisor@harbour.example'
/** Members to whom nothing of the person exists: the twin agency, bodies without cases, administrators. */
const STRANGERS = [
  'caseworker@legalaid.example',
  'coordinator@victimsupport.example',
  'auditor@rapporteur.example',
  'admin@harbour.example',
  'system@amparo.example',
]

/** Parts of addresses that stand for no record of a person. */
const OTHER_PARTS = [
  '[absence]',
  '[access]',
  '[agency]',
  '[agreement]',
  '[complaint]',
  '[cover]',
  '[disparity]',
  '[event]',
  '[exception]',
  '[finding]',
  '[handle]',
  '[key]',
  '[lane]',
  '[listed]',
  '[memberCode]',
  '[member]',
  '[agencyKey]',
  '[networkKey]',
  '[receipt]',
  '[record]',
  '[report]',
  '[reviewCode]',
  '[sample]',
  '[slip]',
  '[unitCode]',
  '[...paragraph]',
]

test.describe.configure({ mode: 'serial', timeout: 240_000 })

test.beforeAll(async ({ playwright, browser, baseURL }) => {
  test.setTimeout(240_000)
  const request = await playwright.request.newContext({ baseURL: baseURL ?? '' })
  for (const email of [OWNER, COLLEAGUE, SUPERVISOR, ...STRANGERS]) tokens.set(email, await tokenOf(email))
  planted = await plant(request)
  restricted = await plant(request)
  await request.dispose()
  const page = await browser.newPage()
  await signIn(page, OWNER)
  task = /TSK-[0-9A-Z]{9}/.exec(await (await page.request.get('/tasks')).text())?.[0] ?? ''
  expect(task).not.toBe('')
  await page.close()
})

async function plant(request: APIRequestContext): Promise<Planted> {
  const post = await makerFor(request, OWNER)
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
  const consent = await post(`cases/${file}/consents`, {
    purpose: 'sharing',
    agencyKind: 'intergovernmental',
    categories: ['residency'],
    withheld: ['profile.gender'],
    withheldWhy: 'other',
    withheldWords: MARKERS.wish,
  })
  await post(`cases/${file}/consents`, {
    purpose: 'sharing',
    agency: 'legalaid',
    categories: ['legal'],
    identity: 'full',
  })
  // A draft: nothing has been shared by it, with the agency that it is meant for no more than with others.
  const referral = await post('referrals', { case: file, needs: [need], toAgency: 'legalaid', reason: MARKERS.text })
  const paper = await post('paper-referrals/received', {
    case: file,
    agencyName: 'Riverside Mission',
    receivedOn: '2026-01-05',
    urgency: 'routine',
    categories: ['legal'],
    consentSays: 'spoken',
  })
  return { person, case: file, need, service, contact, consent, referral, paper }
}

function bearer(email: string): Record<string, string> {
  return { authorization: `Bearer ${tokens.get(email) ?? ''}` }
}

/** An address of ours with the planted codes in place of its parts; one for each code where any would do. */
function filled(path: string, codes: Planted): readonly string[] {
  const address = path
    .replace(/\{caseCode\}|^\/cases\/\[code\]/g, (part) => (part.startsWith('{') ? codes.case : `/cases/${codes.case}`))
    .replace(/^\/tasks\/\[code\]/, `/tasks/${task}`)
    .replace(/\{personCode\}|\[personCode\]/g, codes.person)
    .replace(/\{needCode\}|\[need\]/g, codes.need)
    .replace(/\{serviceCode\}|\[service\]/g, codes.service)
    .replace(/\{contactCode\}|\[contact\]/g, codes.contact)
    .replace(/\{consentCode\}|\[consent\]/g, codes.consent)
    .replace(/\{referralCode\}|\[referral\]/g, codes.referral)
    .replace(/\{paperCode\}|\[paper\]/g, codes.paper)
  return address.includes('[code]') ? Object.values(codes).map((code) => address.replace('[code]', code)) : [address]
}

function leaks(text: string, codes: readonly Planted[]): string[] {
  const secrets = [...Object.values(MARKERS), MARK, '7700900187']
  const found = secrets.filter((secret) => text.toLowerCase().includes(secret.toLowerCase()))
  // Who asks for a code gets it back in the address bar's own words at most; another record's code is a leak.
  for (const code of codes)
    found.push(
      ...[code.need, code.service, code.contact, code.consent, code.referral, code.paper].filter((one) =>
        text.includes(one),
      ),
    )
  return found
}

/** The answer of an address and of every address that it leads on to, all bytes and headers of them. */
async function follow(request: APIRequestContext, address: string): Promise<{ status: number; bytes: string }> {
  let bytes = ''
  let here = address
  for (let step = 0; step < 5; step += 1) {
    const answer: APIResponse = await request.get(here, { failOnStatusCode: false, maxRedirects: 0 })
    bytes += `${JSON.stringify(answer.headers())}\n${await answer.text()}\n`
    const next = answer.headers()['location']
    if (next === undefined) return { status: answer.status(), bytes }
    here = next
  }
  throw new Error(`${address} leads round in a circle`)
}

const PAGES = pageAddresses().filter((address) => !address.startsWith('/kit'))

for (const email of STRANGERS) {
  // The database answers them alike; the usual run asks as one of them, the full run as each.
  const tag = email === STRANGERS[0] ? [] : ['@full']
  test(`T04: no page shows a byte of the person to ${email}`, { tag }, async ({ page }) => {
    await signIn(page, email)
    for (const target of PAGES.flatMap((address) => filled(address, planted))) {
      if (target.includes('[')) continue
      const { status, bytes } = await follow(page.request, target)
      const asked = [...Object.values(planted), task].filter((code) => target.includes(code))
      const text = asked.reduce((rest, code) => rest.replaceAll(code, ''), bytes)
      expect(leaks(text, [planted, restricted]), target).toEqual([])
      // The frame of a page that isn't there is sent with its status; nothing of ours may answer 200 for a record.
      if (asked.length > 0) expect(status, target).toBe(404)
      else expect(status, target).toBeLessThan(500)
    }
  })
}

test('T04: no page is forgotten, and the owner sees what the others must not', async ({ page }) => {
  const targets = PAGES.flatMap((address) => filled(address, planted))
  const left = targets.flatMap((address) => /\[[^\]]*\]/.exec(address)?.[0] ?? [])
  expect(left.filter((part) => !OTHER_PARTS.includes(part))).toEqual([])
  expect(
    targets.filter((address) => Object.values(planted).some((code) => address.includes(code))).length,
  ).toBeGreaterThan(25)
  await signIn(page, OWNER)
  await page.goto(`/persons/${planted.person}`)
  await page.getByRole('button', { name: 'Show identity' }).click()
  await expect(page.getByText(MARKERS.name)).toBeVisible()
})

test('T04, T05, trap T4: the API answers strangers as if the person did not exist', async ({ request }) => {
  const openapi = (await (await request.get('/api/v1/openapi.json')).json()) as OpenApi
  const invented: Planted = {
    person: 'AMP-000000000',
    case: 'CAS-000000000',
    need: 'NED-000000000',
    service: 'SVC-000000000',
    contact: 'CTC-000000000',
    consent: 'CON-000000000',
    referral: 'REF-000000000',
    paper: 'PRF-000000000',
  }
  for (const email of STRANGERS) {
    for (const [path, methods] of Object.entries(openapi.paths)) {
      const [target = ''] = filled(path, planted)
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
        const unknown = await send(filled(path, invented)[0] ?? '')
        expect({ status: unknown.status(), body: await unknown.text() }, `${email} ${method} ${target}`).toEqual({
          status: answer.status(),
          body,
        })
      }
    }
  }
})

test('invariant 5, trap T4, trap T11: a restricted person is nowhere, for a colleague and the supervisor', async ({
  browser,
  page,
  request,
}) => {
  await signIn(page, OWNER)
  await page.goto(`/cases/${restricted.case}/restriction`)
  await page.getByRole('button', { name: 'Restrict case' }).click()
  await expect(page).toHaveURL('/cases')
  const codes = Object.values(restricted)
  const any = new RegExp(codes.join('|'), 'g')
  const all = PAGES.flatMap((address) => filled(address, restricted)).filter(
    (target) => !target.includes('[') && !target.includes(task),
  )
  const naming = (target: string) => codes.filter((code) => target.includes(code))

  // Before anybody asks for a code: the log shows a supervisor whatever a colleague asked for in vain, whether it exists or not.
  for (const email of [COLLEAGUE, SUPERVISOR]) {
    const headers = bearer(email)
    const found = await request.post('/api/v1/persons/search', { headers, data: { query: MARKERS.name } })
    const said = await found.text()
    expect(said, email).toContain(planted.person)
    expect(said, email).not.toContain(restricted.person)
    for (const list of ['services', 'needs', 'cases']) {
      const answer = await request.get(`/api/v1/${list}?limit=200`, { headers })
      expect(answer.status(), list).toBe(200)
      expect((await answer.text()).match(any), `${email} ${list}`).toBeNull()
    }
    const other = await browser.newPage()
    await signIn(other, email)
    for (const target of all.filter((address) => naming(address).length === 0)) {
      expect((await follow(other.request, target)).bytes.match(any), `${email} ${target}`).toBeNull()
    }
    await other.close()
  }

  for (const email of [COLLEAGUE, SUPERVISOR]) {
    const headers = bearer(email)
    for (const path of ['persons/{personCode}', 'cases/{caseCode}', 'services/{serviceCode}', 'needs/{needCode}']) {
      const address = `/api/v1/${filled(path, restricted)[0] ?? ''}`
      expect((await request.get(address, { headers })).status(), `${email} ${address}`).toBe(404)
    }
    const other = await browser.newPage()
    await signIn(other, email)
    for (const target of all.filter((address) => naming(address).length > 0)) {
      const { status, bytes } = await follow(other.request, target)
      const text = naming(target).reduce((rest, code) => rest.replaceAll(code, ''), bytes)
      expect(text.match(any), `${email} ${target}`).toBeNull()
      expect(status, `${email} ${target}`).toBe(404)
    }
    await other.close()
  }
  const own = await request.get(`/api/v1/cases/${restricted.case}`, { headers: bearer(OWNER) })
  expect(own.status()).toBe(200)
})
