import { expect, test, type APIRequestContext, type Page } from '@playwright/test'

import { expectAccessible } from '../support/accessible'
import { signInAnew } from '../support/sign-in'

const CASEWORKER = 'caseworker2@harbour.example'
const PASSWORD = process.env['AMPARO_DEMO_PASSWORD'] ?? ''

/** The session's cookie, as plain http on this computer names it. */
async function sessionCookie(page: Page) {
  return (await page.context().cookies()).find(({ name }) => name === 'amparo')
}

test.describe('signing in', () => {
  test('leads to the page that was asked for, and only to pages of ours', async ({ page }) => {
    await page.goto('/profile')
    await expect(page).toHaveURL('/sign-in?next=%2Fprofile')
    await fillIn(page, CASEWORKER, PASSWORD)
    await expect(page).toHaveURL('/profile')
    await page.goto('/sign-in?next=//evil.example/')
    await expect(page).toHaveURL('/')
  })

  test('A06: says of a wrong password and of an unknown address the same, keeps the address, and forgets the password', async ({
    page,
  }) => {
    const unknown = `nobody${String(Date.now())}@harbour.example`
    const answers: string[] = []
    for (const email of [CASEWORKER, unknown]) {
      await page.goto('/sign-in')
      await fillIn(page, email, 'this is not the password')
      answers.push(await page.getByRole('alert').filter({ hasText: 'problem' }).innerText())
      await expect(page.getByLabel('E-mail address')).toHaveValue(email)
      await expect(page.getByLabel('Password')).toHaveValue('')
      expect(page.url()).not.toContain('@')
    }
    expect(answers[0]).toContain('don’t fit')
    expect(answers[1]).toBe(answers[0])
  })

  test('A09: gives a cookie that no script reads and that goes with the browser', async ({ page }) => {
    await signInAnew(page, CASEWORKER)
    expect(await sessionCookie(page)).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', expires: -1 })
    expect(await page.evaluate(() => document.cookie)).not.toContain('amparo')
  })

  test('A08: starts a new session each time, and ends the one that the browser had', async ({
    page,
    playwright,
    baseURL,
  }) => {
    await signInAnew(page, CASEWORKER)
    const first = (await sessionCookie(page))?.value ?? ''
    await page.goto('/profile')
    await page.context().clearCookies({ name: 'other' })
    await page.getByRole('button', { name: 'Sign out' }).last().click()
    await signInAnew(page, CASEWORKER)
    expect((await sessionCookie(page))?.value).not.toBe(first)
    const replay = await playwright.request.newContext({
      baseURL: baseURL ?? '',
      extraHTTPHeaders: { cookie: `amparo=${first}` },
    })
    expect((await replay.get('/profile', { maxRedirects: 0 })).status()).toBe(307)
    await replay.dispose()
  })

  test('speaks the language that was chosen before it', async ({ page }) => {
    await page.goto('/sign-in')
    await page.getByRole('button', { name: '简体中文' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('登录')
    await expect(page).toHaveTitle('登录，Amparo')
  })

  test('says that this is a demonstration, and names its accounts', async ({ page }) => {
    await page.goto('/sign-in')
    await expect(page.getByText('Demonstration data, no real people')).toBeVisible()
    await expect(page.getByText('auditor@rapporteur.example')).toBeVisible()
    await expectAccessible(page)
  })
})

test.describe('leaving', () => {
  test('W08: Back after signing out shows nothing of what was there', async ({ page }) => {
    await signInAnew(page, CASEWORKER)
    await page.goto('/profile')
    await expect(page.getByText(CASEWORKER)).toBeVisible()
    await page.getByRole('button', { name: 'Sign out' }).last().click()
    await expect(page).toHaveURL('/sign-in')
    await page.goBack()
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await expect(page.getByRole('heading', { name: 'Profile and settings' })).toHaveCount(0)
    expect(await sessionCookie(page)).toBeUndefined()
  })

  test('W08: in one press ends the session, empties the browser and goes to a neutral page', async ({ page }) => {
    await page.route('https://**', (route) => route.fulfill({ contentType: 'text/html', body: 'Elsewhere' }))
    await signInAnew(page, CASEWORKER)
    const before = (await sessionCookie(page))?.value ?? ''
    await page.goto('/profile')
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    await expect(page).toHaveURL(/^https:\/\/(?!localhost)/)
    await expect(page.getByText('Elsewhere')).toBeVisible()
    const stored = await page.context().storageState()
    expect(stored.origins).toEqual([])
    await expect.poll(() => opens(page.request, before)).toBe(false)
  })

  test('W08: takes every other tab of the browser along, and signing out empties them', async ({ page, context }) => {
    await context.route('https://**', (route) => route.fulfill({ contentType: 'text/html', body: 'Elsewhere' }))
    await signInAnew(page, CASEWORKER)
    const other = await context.newPage()
    for (const one of [other, page]) await one.goto('/profile', { waitUntil: 'networkidle' })
    await page.getByRole('button', { name: 'Sign out' }).last().click()
    await expect(other.getByText('You have been signed out.')).toBeVisible()
    await expect(other.getByText(CASEWORKER)).toHaveCount(0)

    await signInAnew(page, CASEWORKER)
    for (const one of [other, page]) await one.goto('/profile', { waitUntil: 'networkidle' })
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    await expect(other.getByText('Elsewhere')).toBeVisible()
    await expect(other).toHaveURL(/^https:\/\/(?!localhost)/)
  })

  test('W08: tells the browser to empty what it kept, and sends no referrer along', async ({ page }) => {
    await signInAnew(page, CASEWORKER)
    const headers = { origin: new URL(page.url()).origin }
    const signedOut = await page.request.post('/sign-out', { headers, maxRedirects: 0 })
    expect(signedOut.headers()['clear-site-data']).toBe('"cache", "storage"')
    const left = await page.request.post('/leave', { headers })
    expect(left.headers()['clear-site-data']).toBe('"cache", "cookies", "storage"')
    expect(left.headers()['refresh']).toMatch(/^0; url=https:/)
    expect(await left.text()).toContain('content="no-referrer"')
    expect(await left.text()).not.toContain('Amparo')
  })

  test('changes nothing when its address is only opened', async ({ page }) => {
    await signInAnew(page, CASEWORKER)
    for (const address of ['/leave', '/sign-out']) {
      await page.goto(address)
      await expect(page.getByRole('heading', { name: 'Sign out?' })).toBeVisible()
    }
    await page.goto('/profile')
    await expect(page).toHaveURL('/profile')
  })
})

test.describe('the session', () => {
  test('says how long it lasts, is used by a post and not by a question, and by nobody else', async ({
    page,
    request,
  }) => {
    await signInAnew(page, CASEWORKER)
    const asked = (await (await page.request.get('/api/session')).json()) as { secondsLeft: number }
    expect(asked.secondsLeft).toBeGreaterThan(60)
    expect(asked.secondsLeft).toBeLessThanOrEqual(1800)
    const origin = new URL(page.url()).origin
    expect((await page.request.post('/api/session', { headers: { origin } })).status()).toBe(200)
    expect((await request.get('/api/session')).status()).toBe(401)
    expect((await request.post('/api/session', { headers: { origin } })).status()).toBe(401)
  })

  test('A07: ends in every tab when it is ended from another', async ({ browser }) => {
    const phone = await browser.newPage()
    const desk = await browser.newPage()
    await signInAnew(phone, 'caseworker@immigration.example')
    await signInAnew(desk, 'caseworker@immigration.example')
    await desk.goto('/profile')
    const others = desk.getByRole('button', { name: 'End', exact: true })
    while ((await others.count()) > 0) {
      const before = await others.count()
      await others.first().click()
      await expect(others).toHaveCount(before - 1)
    }
    await phone.goto('/profile')
    await expect(phone).toHaveURL(/\/sign-in/)
    await desk.goto('/profile')
    await expect(desk).toHaveURL('/profile')
  })

  test('keeps a form that was sent after it had ended, for the same member', async ({ page }) => {
    await signInAnew(page, 'caseworker@clinic.example')
    await page.goto('/profile')
    const origin = new URL(page.url()).origin
    await page.getByLabel('Compact').check()
    // In another tab the session is ended, and the cookie stays behind.
    const cookies = await page.context().cookies()
    await page.request.post('/sign-out', { headers: { origin }, maxRedirects: 0 })
    await page.context().addCookies(cookies)
    await page.getByRole('button', { name: 'Save settings' }).click()
    await expect(page).toHaveURL('/sign-in?next=%2Fprofile')
    await fillIn(page, 'caseworker@clinic.example', PASSWORD)
    await expect(page).toHaveURL('/profile')
    await expect(page.getByText('You were signed out before this was sent')).toBeVisible()
    await expect(page.getByLabel('Compact')).toBeChecked()
  })
})

test.describe('the addresses of next-auth', () => {
  test('A07: sign in and out through the same table, and refuse what the form refuses', async ({
    playwright,
    baseURL,
  }) => {
    const origin = baseURL ?? ''
    const client = await playwright.request.newContext({ baseURL: origin, extraHTTPHeaders: { origin } })
    const send = async (address: string, form: Record<string, string>) => {
      const { csrfToken } = (await (await client.get('/api/auth/csrf')).json()) as { csrfToken: string }
      return client.post(address, { form: { csrfToken, json: 'true', ...form }, maxRedirects: 0 })
    }
    const wrong = await send('/api/auth/callback/credentials', { email: CASEWORKER, password: 'not the password, no' })
    expect(wrong.status()).toBe(401)
    expect(await (await client.get('/api/auth/session')).json()).toEqual({})

    await send('/api/auth/callback/credentials', { email: CASEWORKER, password: PASSWORD })
    expect(Object.keys((await (await client.get('/api/auth/session')).json()) as object)).toEqual(['expires'])
    expect((await client.get('/profile', { maxRedirects: 0 })).status()).toBe(200)
    const { cookies } = await client.storageState()
    const before = cookies.find(({ name }) => name === 'amparo')?.value ?? ''

    await send('/api/auth/signout', {})
    expect((await client.get('/profile', { maxRedirects: 0 })).status()).toBe(307)
    expect(await opens(client, before)).toBe(false)
    await client.dispose()
  })

  test('W03: take no post without our origin', async ({ request }) => {
    for (const address of ['/api/auth/callback/credentials', '/api/auth/signout', '/api/auth/signin/credentials']) {
      for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null' }]) {
        expect((await request.post(address, { headers, form: { json: 'true' } })).status(), address).toBe(403)
      }
    }
  })
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('one signs in, is told what is wrong, and signs out', async ({ page }) => {
    await page.goto('/sign-in')
    await fillIn(page, '', '')
    await expect(page.getByRole('alert').getByText('Enter your e-mail address')).toBeVisible()
    await expect(page.getByRole('alert').getByText('Enter your password')).toBeVisible()
    await signInAnew(page, CASEWORKER)
    await page.goto('/more')
    await page.getByRole('button', { name: 'Sign out' }).last().click()
    await expect(page).toHaveURL('/sign-in')
    await page.goto('/profile')
    await expect(page).toHaveURL(/\/sign-in/)
  })

  test('one leaves to a neutral page', async ({ page }) => {
    await page.route('https://**', (route) => route.fulfill({ contentType: 'text/html', body: 'Elsewhere' }))
    await signInAnew(page, CASEWORKER)
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    await expect(page).toHaveURL(/^https:\/\/(?!localhost)/)
  })
})

async function fillIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Whether a cookie from before still opens anything. */
async function opens(client: APIRequestContext, value: string): Promise<boolean> {
  const answer = await client.get('/profile', { headers: { cookie: `amparo=${value}` }, maxRedirects: 0 })
  return answer.status() === 200
}
