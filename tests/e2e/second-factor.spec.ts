import { expect, test, type Page } from '@playwright/test'

import { SURFACE } from '../../scripts/docs/surface'
import { grownOld } from '../support/demonstration-database'
import { mailTo } from '../support/mails'
import { invited, NEWCOMER_PASSWORD } from '../support/newcomer'
import { codeOf } from '../support/totp'

const ADMIN = 'admin@harbour.example'

async function signedOut(page: Page): Promise<void> {
  await page.goto('/more')
  await page.getByRole('button', { name: 'Sign out' }).last().click()
  await expect(page).toHaveURL('/sign-in')
}

async function showPassword(page: Page, email: string, password = NEWCOMER_PASSWORD): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test.describe('a second factor', () => {
  test('A01, A04: is set up, asked for, and replaced once by a recovery code; a password alone reaches nothing else', async ({
    browser,
  }) => {
    test.setTimeout(120_000)
    const { page, email } = await invited(browser, ADMIN, ['Caseworker'])
    await page.goto('/profile')
    await page.getByRole('link', { name: 'Add an authenticator app' }).click()
    await page.getByRole('button', { name: 'Set up an app' }).click()
    await expect(page.getByRole('img', { name: 'Square to scan' })).toBeVisible()
    const secret = (await page.locator('[data-secret]').innerText()).replaceAll(' ', '')
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill('000000')
    await page.getByRole('button', { name: 'Add app' }).click()
    await expect(page.getByRole('alert').getByText('doesn’t fit')).toBeVisible()
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill(codeOf(secret))
    await page.getByRole('button', { name: 'Add app' }).click()
    await expect(page).toHaveURL('/profile/recovery-codes')
    await page.getByRole('button', { name: 'Show new codes' }).click()
    const codes = (await page.getByText('They are shown this once').innerText()).match(
      /(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}/g,
    )
    expect(codes).toHaveLength(10)

    await signedOut(page)
    await showPassword(page, email)
    await expect(page).toHaveURL(/\/mfa/)
    for (const [entry, who] of Object.entries(SURFACE)) {
      const [kind, address = ''] = entry.split(' ')
      if (kind !== 'page' || who === 'anyone' || who === 'development') continue
      const answer = await page.request.get(address.replace(/\[[^\]]+\]/g, 'AMP-000000000'), { maxRedirects: 0 })
      expect([307, 404], address).toContain(answer.status())
      if (answer.status() === 307) expect(answer.headers()['location'], address).toContain('/sign-in')
    }
    for (const path of ['/api/session', '/api/recent-cases', '/api/lookup/countries']) {
      expect((await page.request.get(path)).status(), path).not.toBe(200)
    }
    // From the description, not the catalogue: the test runner can't load the messages that the services bring along.
    const described = (await (await page.request.get('/api/v1/openapi.json')).json()) as {
      readonly paths: Readonly<Record<string, object>>
    }
    // The description itself is open to all.
    const readable = Object.keys(described.paths).filter(
      (path) => 'get' in (described.paths[path] ?? {}) && path !== '/openapi.json',
    )
    expect(readable.length).toBeGreaterThan(5)
    for (const path of readable) {
      const answer = await page.request.get(`/api/v1${path.replace(/\{[^}]+\}/g, 'AMP-000000000')}`)
      expect(answer.status(), path).toBe(401)
    }
    await page.goto('/profile')
    await expect(page).toHaveURL('/mfa?next=%2Fprofile')
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill(codeOf(secret, 1))
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page).toHaveURL('/profile')

    await signedOut(page)
    await showPassword(page, email)
    await page.getByRole('textbox', { name: 'Code', exact: true }).fill(codes?.[0] ?? '')
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()
    await page.goto('/profile')
    await expect(page.getByText('9 recovery codes left')).toBeVisible()
    await page.context().close()
  })

  test('may be a passkey, by which one signs in and confirms', async ({ browser }) => {
    test.setTimeout(90_000)
    const { page, email } = await invited(browser, ADMIN, ['Caseworker'])
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('WebAuthn.enable')
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.goto('/mfa/passkey')
    await page.getByLabel('Name for it').fill('work phone')
    await page.getByRole('button', { name: 'Add passkey' }).click()
    await expect(page).toHaveURL('/profile/recovery-codes')
    await page.goto('/profile')
    await expect(page.getByText('work phone')).toBeVisible()

    await signedOut(page)
    await showPassword(page, email)
    await expect(page).toHaveURL(/\/mfa/)
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()

    await grownOld(email)
    await page.goto('/profile')
    await page.getByRole('button', { name: 'Remove' }).click()
    await expect(page).toHaveURL('/confirm?next=%2Fprofile')
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await expect(page).toHaveURL('/profile')
    await page.getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByText('Second factor removed')).toBeVisible()
    await page.context().close()
  })
})

test.describe('a forgotten password', () => {
  test('A06, A13: is set anew by a link that works once, with the same answer for an address that nobody has', async ({
    browser,
  }) => {
    test.setTimeout(90_000)
    const { page, email } = await invited(browser, ADMIN, ['Caseworker'])
    const stranger = await (await browser.newContext()).newPage()
    const answers: string[] = []
    for (const address of [email, `nobody${email}`]) {
      await stranger.goto('/sign-in')
      await stranger.getByRole('link', { name: 'Forgot your password?' }).click()
      await stranger.waitForURL('/reset')
      await stranger.getByLabel('E-mail address').fill(address)
      await stranger.getByRole('button', { name: 'Send the link' }).click()
      answers.push(await stranger.getByText('If this is the address of a member').innerText())
    }
    expect(answers[1]).toBe(answers[0])
    const mail = await mailTo(email, /reset\/open/)
    expect(mail).not.toContain('Newcomer')
    const link = new URL(/https?:\S+reset\/open\?token=[\w-]+/.exec(mail)?.[0] ?? '')
    await stranger.goto(link.pathname + link.search)
    await expect(stranger).toHaveURL('/reset/set')
    const password = 'nine other otters in the reeds'
    await stranger.getByLabel('New password').fill(password)
    await stranger.getByLabel('The same password once more').fill(password)
    await stranger.getByRole('button', { name: 'Set password' }).click()
    await expect(stranger).toHaveURL('/sign-in')
    await page.goto('/profile')
    await expect(page).toHaveURL(/\/sign-in/)
    await showPassword(stranger, email, password)
    await expect(stranger.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()
    await page.goto(link.pathname + link.search)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link doesn’t open anything')
    await stranger.context().close()
    await page.context().close()
  })
})

test.describe('confirming that it is oneself', () => {
  test('A11: stands before an invitation after five minutes, and gives the form back as it was', async ({
    browser,
  }) => {
    const { page, email } = await invited(browser, ADMIN, ['Agency administrator'])
    await grownOld(email)
    await page.goto('/admin/members/invite')
    await page.getByLabel('E-mail address').fill(`x${email}`)
    await page.getByLabel('Name').fill('Kept Name')
    await page.getByLabel('Supervisor').check()
    await page.getByRole('button', { name: 'Make an invitation' }).click()
    await expect(page).toHaveURL('/confirm?next=%2Fadmin%2Fmembers%2Finvite')
    await page.getByLabel('Password', { exact: true }).fill('not the password at all')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expect(page.getByRole('alert').getByText('Check the password')).toBeVisible()
    await page.getByLabel('Password', { exact: true }).fill(NEWCOMER_PASSWORD)
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expect(page).toHaveURL('/admin/members/invite')
    await expect(page.getByLabel('Name')).toHaveValue('Kept Name')
    await expect(page.getByLabel('Supervisor')).toBeChecked()
    await page.getByRole('button', { name: 'Make an invitation' }).click()
    await expect(page.getByText('Invitation made')).toBeVisible()
    await page.context().close()
  })

  test('A12: an administrator ends a session of a colleague', async ({ browser }) => {
    const { page: admin } = await invited(browser, ADMIN, ['Agency administrator'])
    const { page, email } = await invited(browser, ADMIN, ['Caseworker'])
    await admin.goto('/admin/members')
    await admin.getByRole('link', { name: `Newcomer ${email.slice(1, email.indexOf('@'))}`, exact: true }).click()
    await expect(admin.getByRole('heading', { name: 'Where this member is signed in' })).toBeVisible()
    await admin.getByRole('button', { name: 'End', exact: true }).first().click()
    await expect(admin.getByText('Session ended')).toBeVisible()
    await page.goto('/profile')
    await expect(page).toHaveURL(/\/sign-in/)
    await admin.context().close()
    await page.context().close()
  })
})
