import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test, type APIResponse, type Page } from '@playwright/test'

import { signInAnew } from '../support/sign-in'
import { tokenOf } from '../support/token'

const OWNER = 'caseworker@harbour.example'
const COLLEAGUE = 'caseworker2@harbour.example'
const MANIFEST = join(process.env['AMPARO_DIST_DIR'] ?? '.next', 'server', 'server-reference-manifest.json')

type Manifest = {
  readonly node: Readonly<
    Record<string, { readonly exportedName?: string; readonly workers: Readonly<Record<string, unknown>> }>
  >
}

/** What a form is before anyone typed, as the browser sends it along. */
const STATE = {
  attempt: 0,
  key: 'k',
  values: {},
  problems: [],
  warnings: [],
  found: {},
  labels: {},
  rows: {},
  conflict: null,
  kept: false,
  place: null,
  done: null,
}

let token: string
test.beforeAll(async () => {
  test.setTimeout(120_000)
  token = await tokenOf(OWNER)
})

async function make(page: Page, path: string, data: object): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await page.request.post(`/api/v1/${path}`, { data, headers })
  expect(answer.status(), await answer.text()).toBe(201)
  return ((await answer.json()) as { code: string }).code
}

/** The address of one page that has the action, with codes that nobody has. */
function pageOf(worker: string): string {
  return worker
    .replace(/^app|\/page$|\/\([^)]*\)/g, '')
    .replace('[code]', 'CAS-000000000')
    .replace('[personCode]', 'AMP-000000000')
    .replace(/\[[^\]]*\]/g, 'x')
}

test('a list refuses parameters that it does not know, also those that a framework would take out', async ({
  request,
}) => {
  const headers = { authorization: `Bearer ${token}` }
  for (const query of ['__proto__=1', '%5f_proto__=1', 'limit=1&__proto__[x]=1&__proto__=2', 'constructor=1']) {
    expect((await request.get(`/api/v1/cases?${query}`, { headers })).status(), query).toBe(422)
  }
  expect((await request.get('/api/v1/cases?limit=1', { headers })).status()).toBe(200)
})

/** Server actions that give the browser a value instead of a form's answer. */
const VALUES = new Set(['passkeyCreationAction', 'passkeyRequestAction'])

test.describe('server actions', () => {
  test('W03: take nothing without our exact origin, each of them, whatever header names them', async ({
    page,
    baseURL,
  }) => {
    test.skip(!existsSync(MANIFEST), 'needs the built application')
    test.setTimeout(240_000)
    const { node } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Manifest
    const own = new URL(baseURL ?? '')
    const strange = [undefined, 'null', 'https://evil.example', `http://${own.hostname}:1`, `http://sub.${own.host}`]
    await signInAnew(page, OWNER)
    const actions = Object.entries(node).filter(([, { exportedName = '' }]) => !exportedName.endsWith('Sample'))
    expect(actions.length).toBeGreaterThan(40)
    for (const [id, { exportedName = '', workers }] of actions) {
      const address = pageOf(Object.keys(workers)[0] ?? '')
      for (const origin of strange) {
        const answer = await page.request.post(address, {
          headers: { 'next-action': id, ...(origin === undefined ? {} : { origin }) },
          multipart: { '1_case': 'CAS-000000000', '0': JSON.stringify([STATE, '$K1']) },
          maxRedirects: 0,
        })
        const label = `${exportedName} from ${String(origin)}`
        expect(answer.headers()['x-action-redirect'], label).toBeUndefined()
        expect(answer.headers()['set-cookie'], label).toBeUndefined()
        if (answer.status() >= 400) continue
        // Those that fill no form answer with nothing.
        if (VALUES.has(exportedName)) expect(await answer.text(), label).toMatch(/\n1:null\n?$/)
        else expect(await answer.text(), label).toContain('didn’t come from Amparo')
      }
    }
    expect((await page.request.get('/profile', { maxRedirects: 0 })).status()).toBe(200)
  })

  test('T06: a form whose fields have names that JavaScript knows answers like any other', async ({
    page,
    baseURL,
  }) => {
    test.skip(!existsSync(MANIFEST), 'needs the built application')
    const { node } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Manifest
    const [id = ''] = Object.entries(node).find(([, action]) => action.exportedName === 'registerPersonAction') ?? []
    await signInAnew(page, OWNER)
    for (const name of [
      '__proto__',
      'constructor',
      'toString',
      '__proto__.agencyId',
      'identity.__proto__.x',
      'agencyId',
    ]) {
      const answer = await page.request.post('/persons/new', {
        headers: { 'next-action': id, origin: new URL(baseURL ?? '').origin },
        multipart: { [`1_${name}`]: 'x', '0': JSON.stringify([STATE, '$K1']) },
        maxRedirects: 0,
      })
      expect(answer.status(), name).toBeLessThan(400)
      expect(await answer.text(), name).not.toContain('"digest"')
    }
  })
})

test.describe('headers that go round the door elsewhere', () => {
  test('W02: open no page to whoever is not signed in', async ({ request }) => {
    for (const headers of [
      { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
      { 'x-middleware-subrequest': 'src/middleware:src/middleware:src/middleware' },
      { 'x-nextjs-data': '1' },
      { 'next-router-prefetch': '1', rsc: '1' },
      { 'x-amparo-path': '//evil.example', 'x-forwarded-host': 'evil.example' },
      { 'x-http-method-override': 'POST' },
    ]) {
      for (const address of ['/', '/cases', '/services', '/persons/find', '/admin/members', '/profile']) {
        const answer = await request.get(address, { headers, maxRedirects: 0 })
        const label = `${address} with ${JSON.stringify(headers)}`
        expect(await answer.text(), label).not.toMatch(/CAS-|AMP-[0-9A-Z]{9}|Sign out/)
        const leads = answer.headers()['location'] ?? '/sign-in'
        expect(leads, label).toMatch(/^\/(?:sign-in|[a-z/]*\?_rsc)/)
        // Next.js sends a request for data without its mark to the same address with it, before any page is asked.
        if (!leads.includes('?_rsc')) expect(answer.headers()['cache-control'], label).toContain('no-store')
      }
    }
  })
})

test.describe('the addresses of next-auth', () => {
  test('W07: show none of its own pages, send nobody elsewhere, and let nobody write into the log', async ({
    request,
    baseURL,
  }) => {
    const origin = new URL(baseURL ?? '').origin
    for (const address of [
      'verify-request',
      'new-user',
      '_log',
      'callback/credentials',
      'signin/x/y',
      'callback/email',
    ]) {
      expect((await request.get(`/api/auth/${address}`)).status(), address).toBe(404)
    }
    const log = await request.post('/api/auth/_log', { headers: { origin }, form: { code: 'FORGED', level: 'error' } })
    expect(log.status()).toBe(404)
    for (const address of ['signin', 'signout', 'error']) {
      const target = encodeURIComponent('https://evil.example/')
      const answer = await request.get(`/api/auth/${address}?callbackUrl=${target}`, { maxRedirects: 0 })
      expect(new URL(answer.headers()['location'] ?? '/', origin).origin, address).toBe(origin)
      expect(JSON.stringify(answer.headers()), address).not.toContain('evil')
    }
  })

  test('W08: what stands in the address of the sign-in page leads nowhere else', async ({ page, baseURL }) => {
    for (const next of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/%2f%2fevil.example',
      'javascript:1',
    ]) {
      await page.context().clearCookies()
      await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
      await page.getByLabel('E-mail address').fill(OWNER)
      await page.getByLabel('Password').fill(process.env['AMPARO_DEMO_PASSWORD'] ?? '')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page).toHaveURL(`${new URL(baseURL ?? '').origin}/`)
    }
  })
})

test.describe('what was typed to do harm', () => {
  const HARM = '"><img src=x onerror="window.hit=1"><script>window.hit=2</script>{{7*7}}javascript:window.hit=3'

  test('W04: stays text on every page of the case, and breaks no rule of the browser', async ({ page }) => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    const person = await make(page, 'persons', {
      identity: { names: [{ value: HARM }] },
      safeContact: { channels: { text: true }, codeWord: HARM.slice(0, 60) },
    })
    const on = await make(page, 'cases', { person })
    const kept = 'Said so, word for word'
    const service = await make(page, `cases/${on}/services`, {
      category: 'legal',
      type: 'information_advice',
      note: HARM,
      noteKept: kept,
    })
    const contact = await make(page, `cases/${on}/contacts`, { kind: 'call', text: HARM, textKept: kept })
    await signInAnew(page, OWNER)
    for (const [address, button] of [
      [`/persons/${person}`, 'Show identity'],
      [`/cases/${on}`, null],
      [`/cases/${on}/services/${service}`, 'Show note'],
      [`/cases/${on}/contacts/${contact}`, 'Show text'],
      [`/cases/${on}/timeline`, null],
      [`/persons/${person}/edit/identity`, null],
    ] as const) {
      await page.goto(address)
      if (button === null) continue
      await page.getByRole('button', { name: button }).click()
      await expect(page.getByText('window.hit=2').filter({ visible: true }).first(), address).toBeVisible()
    }
    expect(await page.evaluate(() => (window as { hit?: number }).hit)).toBeUndefined()
    expect(complaints).toEqual([])
  })

  test('invariant 9, trap T9: a name reaches no title, no address, no file name and no referrer', async ({ page }) => {
    const name = `Quenby${Math.random().toString(36).slice(2, 8).replaceAll(/\d/g, 'q')}`
    const seen: string[] = []
    page.on('request', (request) => seen.push(request.url(), request.headers()['referer'] ?? ''))
    page.on('response', (response) => seen.push(response.headers()['content-disposition'] ?? ''))
    const person = await make(page, 'persons', { identity: { names: [{ value: name }] } })
    await signInAnew(page, OWNER)
    await page.goto('/persons/find')
    await page.getByLabel('Name, phone, document, e-mail or code').fill(name)
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    await page.waitForURL(/\/persons\/find\/[\w-]{24}$/)
    seen.push(await page.title())
    await page.locator(`a[href="/persons/${person}"]`).click()
    await page.waitForURL(`/persons/${person}`)
    await page.getByRole('button', { name: 'Show identity' }).click()
    await expect(page.getByText(name).first()).toBeVisible()
    seen.push(await page.title(), page.url())
    for (const part of ['identity', 'profile', 'safe-contact']) {
      await page.goto(`/persons/${person}/edit/${part}`)
      seen.push(await page.title(), page.url())
    }
    await page.goto(`/persons/${person}/looks`)
    seen.push(await page.title(), page.url())
    expect(seen.length).toBeGreaterThan(40)
    expect(seen.filter((text) => text.toLowerCase().includes(name.toLowerCase()))).toEqual([])
  })
})

test.describe('what belongs to one member', () => {
  test('trap T17: the address of a search opens for nobody else', async ({ browser, page }) => {
    await signInAnew(page, OWNER)
    await page.goto('/persons/find')
    await page.getByLabel('Name, phone, document, e-mail or code').fill('Quillonmarker')
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    await page.waitForURL(/\/persons\/find\/[\w-]{24}$/)
    expect(await page.content()).toContain('Quillonmarker')
    const other = await browser.newPage()
    await signInAnew(other, COLLEAGUE)
    const answer = await other.request.get(new URL(page.url()).pathname)
    expect(await answer.text()).not.toContain('Quillonmarker')
    await other.close()
  })

  test('W08: a form that came after the session had ended comes back to its own member and to nobody else', async ({
    page,
  }) => {
    // Two members whom no other journey signs in as: a kept form comes back on whichever page of theirs is opened first.
    const [own, other] = ['caseworker@immigration.example', 'caseworker@clinic.example']
    await signInAnew(page, own)
    await page.goto('/persons/new')
    if (!page.url().endsWith('/persons/new')) {
      await page.getByLabel('Name, phone, document, e-mail or code').fill('Zorblax')
      await page.getByRole('button', { name: 'Find', exact: true }).click()
      await page.getByRole('link', { name: 'Register a new person' }).click()
      await page.waitForURL(/\/persons\/new/)
    }
    await page.getByLabel('Name', { exact: true }).first().fill('Keptname Zorblax')
    // The session ends elsewhere, while the form is open.
    const cookies = await page.context().cookies()
    await page.request.post('/sign-out', { headers: { origin: new URL(page.url()).origin }, maxRedirects: 0 })
    await page.context().clearCookies()
    await page.context().addCookies(cookies)
    await page.getByRole('button', { name: 'Register person' }).click()
    await page.waitForURL(/\/sign-in/)
    const kept = decodeURIComponent(new URL(page.url()).searchParams.get('next') ?? '')
    expect(kept).toBe('/persons/new')

    await page.context().clearCookies()
    await signInAnew(page, other)
    await page.goto('/persons/new')
    expect(await page.content()).not.toContain('Keptname')
    await page.context().clearCookies()
    await signInAnew(page, own)
    await page.goto('/persons/new')
    await expect(page.getByLabel('Name', { exact: true }).first()).toHaveValue('Keptname Zorblax')
  })
})

test.describe('what a page hands to the browser', () => {
  const FORBIDDEN =
    /\\?"(?:agencyId|holderAgencyId|memberId|personId|caseId|sealed|wrapped|passwordHash|bodyHash|canonical|txid|digestBefore)\\?":/

  test('W06: holds views only, no rows and no internal ids', async ({ page }) => {
    const person = await make(page, 'persons', { identity: { names: ['Payload Person'] } })
    const on = await make(page, 'cases', { person })
    const need = await make(page, `cases/${on}/needs`, { category: 'legal' })
    const service = await make(page, `cases/${on}/services`, { category: 'legal', type: 'civil_documents' })
    await signInAnew(page, OWNER)
    for (const address of [
      ...['/', '/cases', '/tasks', '/needs', '/services', '/services/several', '/mandate/6/b', '/profile'],
      ...['', '/team', '/access', '/timeline', '/services', '/needs', '/contacts', '/edit', '/services/new'].map(
        (part) => `/cases/${on}${part}`,
      ),
      `/cases/${on}/services/${service}`,
      `/cases/${on}/needs/${need}`,
      ...['', '/looks', '/edit/identity', '/edit/profile'].map((part) => `/persons/${person}${part}`),
    ]) {
      for (const headers of [{}, { rsc: '1' }]) {
        const answer: APIResponse = await page.request.get(address, { headers })
        expect(answer.status(), address).toBe(200)
        const text = await answer.text()
        expect(FORBIDDEN.exec(text)?.[0], address).toBeUndefined()
        // The keys of forms and the member's own sessions and tokens are the only ids that a browser gets.
        const ids = text.match(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? []
        const forms = text.match(/\\?(?:"|&quot;)key\\?(?:"|&quot;):\\?(?:"|&quot;)[0-9a-f-]{36}/g) ?? []
        if (address !== '/profile') expect(new Set(ids).size, address).toBeLessThanOrEqual(new Set(forms).size)
      }
    }
  })

  test('A09: cookies of a session are HttpOnly, bound to this host, and sent along from no other site', async ({
    page,
  }) => {
    await signInAnew(page, OWNER)
    const cookies = await page.context().cookies()
    for (const name of ['amparo', 'device']) {
      const cookie = cookies.find((one) => one.name === name || one.name === `__Host-${name}`)
      expect(cookie, name).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', domain: 'localhost' })
    }
    const session = cookies.find(({ name }) => name === 'amparo' || name === '__Host-amparo')
    expect(session?.expires).toBe(-1)
  })
})
