import { connect } from 'node:net'

import { expect, test, type APIResponse, type Page } from '@playwright/test'

import { amparo } from '../support/boot'
import { signInAnew } from '../support/sign-in'

const MOST_PAGES = 60

/** Headers of every answer, page or not. */
const HEADERS: Readonly<Record<string, string | RegExp>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': /same-origin|no-referrer/,
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': /camera=\(\)/,
  'cache-control': /no-store/,
}

test.describe('every page', () => {
  test('W04, W05, W07: has its headers, its own nonce on each script, nothing inline and nothing that tells of its making', async ({
    page,
  }) => {
    test.setTimeout(240_000)
    await signInAnew(page, 'caseworker@harbour.example')
    const seen = await crawl(page)
    expect(seen.length).toBeGreaterThan(8)
    const nonces = new Set(seen.map(({ nonce }) => nonce))
    expect(nonces.size).toBe(seen.length)
  })

  test('W04: raises no violation of its policy while it is used', async ({ page }) => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await signInAnew(page, 'caseworker@harbour.example')
    for (const address of ['/', '/cases', '/mandate/6/b', '/persons/find', '/persons/new']) {
      await page.goto(address)
      await page.keyboard.press('Control+k')
      await page.keyboard.press('Escape')
    }
    expect(complaints).toEqual([])
  })

  test('W04: shows text that looks like code as text', async ({ page, request }) => {
    const dataDirectory = process.env['AMPARO_TEST_DATA_DIR']
    test.skip(dataDirectory === undefined, 'needs the data directory of the application, to make a token')
    const printed = await amparo(dataDirectory ?? '', [
      'token',
      'create',
      '--user',
      'caseworker@harbour.example',
      '--name',
      'Browser test',
    ])
    const names = [
      '<script>window.hit=1</script>',
      '"><img src=x onerror=window.hit=2>',
      "</title><svg onload='window.hit=3'>",
      '{{constructor.constructor("window.hit=4")()}}',
      '</script><script>window.hit=5//',
    ]
    const made = await request.post('/api/v1/persons', {
      headers: { authorization: `Bearer ${printed.trim().split('\n').at(-1) ?? ''}` },
      data: { identity: { names: names.map((value) => ({ value })) } },
    })
    expect(made.status()).toBe(201)
    const { code } = (await made.json()) as { code: string }
    await signInAnew(page, 'caseworker@harbour.example')
    await page.goto(`/persons/${code}`)
    expect(await page.content()).not.toContain('window.hit')
    await page.getByRole('button', { name: 'Show identity' }).click()
    await expect(page.getByText(names[0] ?? '')).toBeVisible()
    expect(await page.evaluate(() => (window as { hit?: number }).hit)).toBeUndefined()
  })
})

test.describe('what is not a page', () => {
  test('W07: gives no source map, no picture service, no debug address and no upgrade', async ({
    page,
    request,
    baseURL,
  }) => {
    await page.goto('/sign-in')
    const scripts = await page
      .locator('script[src]')
      .evaluateAll((all) => all.map((script) => (script as HTMLScriptElement).src))
    expect(scripts.length).toBeGreaterThan(0)
    for (const source of scripts) {
      const script = await request.get(source)
      expect(script.headers()['cache-control']).toContain('immutable')
      expect(await script.text()).not.toContain('sourceMappingURL')
      expect((await request.get(`${source.split('?')[0] ?? ''}.map`)).status()).toBe(404)
    }
    for (const address of [
      '/_next/image?url=%2Ficon.svg&w=64&q=75',
      '/kit',
      '/__nextjs_original-stack-frames',
      '/.env',
      '/.git/config',
      '/api/v1/../../package.json',
    ]) {
      expect((await request.get(address, { maxRedirects: 0 })).status(), address).toBeGreaterThanOrEqual(300)
    }
    expect(await firstLine(new URL(baseURL ?? ''))).toMatch(/^HTTP\/1\.1 400/)
  })

  test('W03: nothing that changes something takes a request without our exact origin', async ({ page, baseURL }) => {
    await signInAnew(page, 'supervisor@harbour.example')
    const own = new URL(baseURL ?? '')
    const strange = [
      undefined,
      'null',
      'https://evil.example',
      `http://${own.hostname}:1`,
      `http://sub.${own.host}`,
      `https://${own.host}`,
    ]
    for (const address of ['/leave', '/sign-out', '/language', '/search', '/api/session']) {
      for (const origin of strange) {
        const answer = await page.request.post(address, {
          headers: origin === undefined ? {} : { origin },
          form: { query: 'x', locale: 'zh-Hans' },
          maxRedirects: 0,
        })
        expect(answer.status(), `${address} from ${String(origin)}`).toBe(403)
      }
    }
    expect((await page.goto('/mandate'))?.status()).toBe(200)
    expect(page.url()).toContain('/mandate')
  })
})

test.describe('two members of two agencies', () => {
  test('W05: never meet in one answer, however their requests alternate', async ({ browser }) => {
    const [mine, theirs] = await Promise.all([browser.newPage(), browser.newPage()])
    await signInAnew(mine, 'caseworker@harbour.example')
    await signInAnew(theirs, 'caseworker@legalaid.example')
    const agency = async (page: Page) => (await page.request.get('/mandate')).text()
    const [first, second] = [await agencyNameOn(mine), await agencyNameOn(theirs)]
    expect(first).not.toBe(second)
    for (let turn = 0; turn < 10; turn += 1) {
      const [a, b] = await Promise.all([agency(mine), agency(theirs)])
      expect(a).toContain(first)
      expect(a).not.toContain(second)
      expect(b).toContain(second)
      expect(b).not.toContain(first)
    }
    await Promise.all([mine.close(), theirs.close()])
  })
})

test.describe('the browser', () => {
  test('W08: keeps nothing of a visit, and shows nothing after leaving', async ({ page }) => {
    await signInAnew(page, 'caseworker@harbour.example')
    for (const address of ['/cases', '/mandate/6/b']) await page.goto(address)
    const kept = await page.evaluate(async () => ({
      local: JSON.stringify(localStorage),
      session: JSON.stringify(sessionStorage),
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
    }))
    expect(kept.databases).toEqual([])
    expect(kept.caches).toEqual([])
    expect(JSON.stringify([kept.local, kept.session])).not.toMatch(/[A-Z]{3}-[0-9A-HJKMNP-TV-Z]{9}|@harbour/)

    const left = await page.request.post('/leave', { headers: { origin: new URL(page.url()).origin }, maxRedirects: 0 })
    expect(left.headers()['clear-site-data']).toContain('"storage"')
    expect(left.headers()['cache-control']).toContain('no-store')
    expect(await left.text()).not.toMatch(/Amparo|harbour/i)
    await page.goBack()
    await expect(page).toHaveURL(/\/sign-in/)
  })
})

type Seen = { readonly address: string; readonly nonce: string }

/** Visits pages by their links, one of each shape, and checks each answer's bytes as they came. */
async function crawl(page: Page): Promise<readonly Seen[]> {
  const open = ['/', '/mandate']
  const shapes = new Set(open.map(shapeOf))
  const seen: Seen[] = []
  while (open.length > 0 && seen.length < MOST_PAGES) {
    const address = open.shift() ?? '/'
    const answer = await page.request.get(address)
    expect(answer.status(), address).toBeLessThan(500)
    expectHeaders(address, answer)
    if (!(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue
    const html = await answer.text()
    seen.push({ address, nonce: expectNonces(address, html, answer.headers()['content-security-policy'] ?? '') })
    for (const [, href = ''] of html.matchAll(/ href="(\/[^"#]*)"/g)) {
      const next = href.replaceAll('&amp;', '&')
      // Built files and the icon are the same for everybody.
      if (/^\/(?:_next|icon\.svg)/.test(next) || shapes.has(shapeOf(next))) continue
      shapes.add(shapeOf(next))
      open.push(next)
    }
  }
  return seen
}

/** Two cases are one kind of page; so are two years of one list. */
function shapeOf(address: string): string {
  return address
    .replace(/\?.*$/, '?')
    .replaceAll(/[A-Z]{3}-[0-9A-Z]{9}/g, 'CODE')
    .replaceAll(/\/mandate\/.*/g, '/mandate/x')
}

function expectHeaders(address: string, answer: APIResponse): void {
  const headers = answer.headers()
  for (const [name, value] of Object.entries(HEADERS))
    expect(headers[name] ?? '', `${name} of ${address}`).toMatch(value)
  expect(headers['x-powered-by'], address).toBeUndefined()
  expect(headers['server'], address).toBeUndefined()
}

function expectNonces(address: string, html: string, policy: string): string {
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
  expect(nonce, address).not.toBe('')
  expect(policy, address).not.toMatch(/unsafe-inline|unsafe-eval/)
  const tags = [...html.matchAll(/<(?:script|style)\b[^>]*>/g)].map(([tag]) => tag)
  expect(tags.length, address).toBeGreaterThan(0)
  expect(
    tags.filter((tag) => !tag.includes(`nonce="${nonce}"`)),
    address,
  ).toEqual([])
  const elements = html.replaceAll(/<script\b[^>]*>[\s\S]*?<\/script>/g, '')
  expect(elements.match(/<[^>]*\s(?:style|on[a-z]+)=/g) ?? [], address).toEqual([])
  expect(html, address).not.toMatch(/sourceMappingURL|node_modules|at \w+ \(\/|Prisma|PostgreSQL/)
  return nonce
}

async function agencyNameOn(page: Page): Promise<string> {
  await page.goto('/mandate')
  const header = page.getByRole('banner')
  return (
    (await header.innerText())
      .split('\n')
      .find((line) => line.trim() !== '' && !/Amparo|Demonstration|Ctrl/.test(line)) ?? ''
  ).trim()
}

/** What the server answers to a request for a WebSocket. */
function firstLine(origin: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(origin.port), origin.hostname)
    const lines = [
      'GET / HTTP/1.1',
      `Host: ${origin.host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ]
    socket.once('connect', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`))
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString('latin1').split('\r\n')[0] ?? '')
    })
    socket.once('error', reject)
  })
}
