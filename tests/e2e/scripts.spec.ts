import { expect, test, type Page } from '@playwright/test'

import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

/** Of what every page loads, all but a kilobyte or two is React's and Next.js's; an empty page is the smallest. */
const EMPTY = '/nowhere'
/** Bytes of script, brotli, that a page may bring on top of an empty one. */
const MOST = 10_240

test(
  'a page brings no more than 10 kB of script beyond an empty one',
  { tag: '@full' },
  async ({ page, browser, request }) => {
    test.setTimeout(120_000)
    await signIn(page, 'caseworker@harbour.example')
    const headers = { authorization: `Bearer ${await tokenOf('caseworker@harbour.example')}` }
    const cases = (await (await request.get('/api/v1/cases?tab=mine&status=active&limit=1', { headers })).json()) as {
      items: readonly { readonly code: string }[]
    }
    const file = `/cases/${cases.items[0]?.code ?? ''}`
    const visitor = await (await browser.newContext()).newPage()
    const empty = await bytesOfScripts(visitor, EMPTY)
    // What stands here grows with the framework, not with us; many kilobytes more should be somebody's decision.
    expect(empty).toBeLessThan(125_000)

    await page.goto('/persons/find')
    await page.getByLabel('Name, phone, document, e-mail or code').fill('Nobody Ofthatname')
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    const register = await page.getByRole('link', { name: 'Register a new person' }).getAttribute('href')
    const addresses = ['/', '/cases', '/services', '/tasks', '/persons/find', '/profile', '/mandate', register ?? '']
    const ofCase = [
      '',
      '/services',
      '/services/new',
      '/contacts/new',
      '/needs/new',
      '/edit',
      '/experience',
      '/timeline',
    ]
    for (const address of [...addresses, ...ofCase.map((part) => file + part)]) {
      expect((await bytesOfScripts(page, address)) - empty, address).toBeLessThan(MOST)
    }
  },
)

/** How many bytes of script came over the line for a page, up to the moment when it has come alive. */
async function bytesOfScripts(page: Page, address: string): Promise<number> {
  const context = await page
    .context()
    .browser()
    ?.newContext({ storageState: await page.context().storageState() })
  if (context === undefined) throw new Error('The page has no browser')
  // A browser of its own, which has nothing stored from the pages before.
  const fresh = await context.newPage()
  const sizes = new Map<string, number>()
  fresh.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (pathname.endsWith('.js')) sizes.set(pathname, Number(response.headers()['content-length']))
  })
  await fresh.goto(address, { waitUntil: 'networkidle' })
  await context.close()
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  expect(total, address).toBeGreaterThan(50_000)
  return total
}
