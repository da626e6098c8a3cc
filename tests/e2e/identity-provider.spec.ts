import { expect, test, type Page } from '@playwright/test'

import { expectAccessible, sidewaysBy } from '../support/accessible'
import { CLIENT, startIdentityProvider, type RunningProvider } from '../support/identity-provider'
import { invitation, madeSystemAdministrator } from '../support/newcomer'

const ORIGIN = process.env['AMPARO_TEST_ORIGIN'] ?? ''

test.describe('A10: signing in through the agency, at a real OpenID provider', () => {
  // Both set the same agency up.
  test.describe.configure({ mode: 'serial' })
  let provider: RunningProvider
  test.beforeAll(async () => {
    provider = await startIdentityProvider(`${ORIGIN}/sign-in/agency/callback`)
  })
  test.afterAll(async () => {
    await provider.stop()
  })

  test('a system administrator sets it up, a colleague joins by it without a password and comes in again, without a script', async ({
    browser,
  }) => {
    test.setTimeout(120_000)
    const system = await madeSystemAdministrator(browser)
    await setUp(system.page, provider.issuer)

    const { link } = await invitation(browser, 'admin@harbour.example', ['Caseworker'])
    const subject = `subject-${String(Date.now())}`
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await page.goto(new URL(link).pathname + new URL(link).search)
    await page.getByRole('button', { name: 'Join with the account of your agency' }).click()
    await throughProvider(page, provider.issuer, subject)
    await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()

    // axe needs a script: the same member, seen with one.
    const seen = await (await browser.newContext({ storageState: await page.context().storageState() })).newPage()
    await seen.goto('/profile/agency-sign-in')
    await expectAccessible(seen)
    await seen.context().close()
    await page.goto('/profile')
    await page.getByRole('button', { name: 'Sign out' }).first().click()
    await page.goto('/sign-in')
    await page.getByRole('link', { name: 'Sign in through your agency' }).click()
    await page.getByLabel('Your agency’s short name').fill('no-such-agency')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByRole('alert').getByText('Check the short name')).toBeVisible()
    await page.getByLabel('Your agency’s short name').fill('Harbour')
    await page.getByRole('button', { name: 'Continue' }).click()
    await throughProvider(page, provider.issuer, subject)
    await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()
    // Nothing of the way stays in the address.
    expect(new URL(page.url()).search).toBe('')
  })

  test('a stranger’s account there opens nothing, and an answer that nobody asked for neither', async ({ browser }) => {
    const page = await (await browser.newContext()).newPage()
    await page.goto('/sign-in/agency')
    await expectAccessible(page)
    await page.getByLabel('Your agency’s short name').fill('harbour')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('One step further')
    await expectAccessible(page)
    await throughProvider(page, provider.issuer, 'a-stranger')
    await expect(page.getByText('Nobody here is linked to the account')).toBeVisible()
    await page.setViewportSize({ width: 320, height: 800 })
    expect(await sidewaysBy(page)).toBeLessThanOrEqual(0)
    await page.goto('/sign-in/agency/callback?code=stolen&state=of-another-browser')
    await expect(page.getByText('this browser didn’t begin this')).toBeVisible()
    await page.goto('/cases')
    await expect(page).toHaveURL(/\/sign-in/)
  })
})

async function setUp(page: Page, issuer: string): Promise<void> {
  await page.goto('/admin/agencies/harbour')
  await page.getByRole('link', { name: 'Sign-in through the agency' }).click()
  await page.getByLabel('Address of the provider').fill(issuer)
  await page.getByLabel('Client id').fill(CLIENT.id)
  await page.getByLabel('Client secret').fill(CLIENT.secret)
  await page.getByRole('button', { name: 'Save sign-in' }).click()
  await expect(page.getByText('Sign-in through the agency saved')).toBeVisible()
  await expectAccessible(page)
  await page.goto('/admin/agencies/harbour/sign-in/remove')
  await expectAccessible(page)
}

async function throughProvider(page: Page, issuer: string, subject: string): Promise<void> {
  const { host } = new URL(issuer)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('One step further')
  await page.getByRole('link', { name: `Go to ${host}` }).click()
  // The provider's own pages: whoever has been there before in this browser is not asked again.
  if (await page.locator('input[name="login"]').count()) {
    await page.locator('input[name="login"]').fill(subject)
    await page.locator('input[name="password"]').fill('anything')
    await page.locator('button[type="submit"]').click()
  }
  if (page.url().startsWith(issuer)) await page.locator('button[type="submit"]').click()
}
