import { expect, test, type Page } from '@playwright/test'

import { comparable } from '../support/same-page'
import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

const OWNER = 'caseworker@harbour.example'
const WORDS = 'This page isn’t here, or isn’t yours to see.'

/** Pages of a case that need nothing but its code. */
const PAGES_OF_A_CASE = ['', '/services', '/timeline', '/contacts/new', '/edit', '/team', '/access']

test.describe('what is missing, without a script', () => {
  test.use({ javaScriptEnabled: false })

  test('T05: a case that nobody has and one of another agency say so in the same bytes', async ({ page, request }) => {
    const theirs = await caseOf(request, 'caseworker@legalaid.example')
    await signIn(page, OWNER)
    for (const path of PAGES_OF_A_CASE) {
      const absent = await readMissing(page, `/cases/CAS-000000000${path}`)
      const hidden = await readMissing(page, `/cases/${theirs}${path}`)
      expect(hidden.replaceAll(theirs, 'CODE'), path).toBe(absent.replaceAll('CAS-000000000', 'CODE'))
    }
  })

  test('an address that leads nowhere says so, also one that stands for no text', async ({ page }) => {
    for (const address of ['/nowhere', '/cases/%E0%A4%A', '/%', '/persons/%FF/edit/profile']) {
      await readMissing(page, address)
    }
    await signIn(page, OWNER)
    for (const address of ['/nowhere', '/cases/%E0%A4%A', '/mandate/18', '/mandate/6/z', '/search/nothing']) {
      await readMissing(page, address)
    }
    const answer = await page.request.get('/api/v1/cases/%E0%A4%A')
    expect([answer.status(), answer.headers()['content-type']]).toEqual([404, 'application/problem+json'])
  })

  test('a page of another role says so, inside the frame that leads back', async ({ page }) => {
    await signIn(page, OWNER)
    for (const address of ['/admin/members', '/admin/agencies']) await readMissing(page, address)
    await page.getByRole('link', { name: 'Go to the first page' }).click()
    await expect(page).toHaveURL('/')
  })
})

test('what is missing comes alive like any page, with the same words and status', async ({ page }) => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    // The browser itself reports the status of each page.
    if (message.type() === 'error' && !message.text().includes('404')) faults.push(message.text())
  })
  await signIn(page, OWNER)
  for (const address of ['/cases/CAS-000000000', '/cases/%E0%A4%A', '/nowhere']) await readMissing(page, address)
  await page.goto('/cases/CAS-000000000')
  // A key pressed before the page has come alive is nobody's.
  await expect(async () => {
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible({ timeout: 1000 })
  }).toPass()
  expect(faults).toEqual([])
})

/** Everything that was sent for a page that says it is missing, but for what is new in each answer. */
async function readMissing(page: Page, address: string): Promise<string> {
  const answer = await page.goto(address)
  expect(answer?.status(), address).toBe(404)
  await expect(page.getByRole('heading', { level: 1 }), address).toHaveText(WORDS)
  await expect(page, address).toHaveTitle('Error: page not found, Amparo')
  return comparable((await answer?.text()) ?? '')
}

async function caseOf(request: Page['request'], email: string): Promise<string> {
  const answer = await request.get('/api/v1/cases?limit=1', {
    headers: { authorization: `Bearer ${await tokenOf(email)}` },
  })
  const { items } = (await answer.json()) as { items: readonly { readonly code: string }[] }
  return items[0]?.code ?? ''
}
