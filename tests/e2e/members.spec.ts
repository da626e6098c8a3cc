import { expect, test } from '@playwright/test'

import { signIn } from '../support/sign-in'

const ADMIN = 'admin@harbour.example'
const NEW_PASSWORD = 'seven kind otters in the reeds'

test.describe('an administrator', () => {
  test('adds a colleague in a minute and removes them in two presses, and the link works once', async ({
    page,
    browser,
  }) => {
    const stamp = `${String(Date.now())}${String(Math.floor(Math.random() * 1000))}`
    const name = `Newcomer ${stamp}`
    const email = `n${stamp}@harbour.example`
    await signIn(page, ADMIN)
    await page.goto('/')
    await expect(page).toHaveURL('/admin/members')
    await page.getByRole('link', { name: 'Invite a colleague' }).click()
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('Caseworker').check()
    await page.getByRole('button', { name: 'Make an invitation' }).click()
    const told = await page.getByText('Invitation made').innerText()
    const link = /https?:\S+/.exec(told)?.[0] ?? ''
    expect(page.url()).not.toContain('token')
    await page.reload()
    await expect(page.getByText('Invitation made')).toHaveCount(0)

    const newcomer = await browser.newPage()
    await newcomer.goto(link)
    await expect(newcomer).toHaveURL('/invite')
    await newcomer.getByLabel('Password', { exact: true }).fill('too short')
    await newcomer.getByLabel('The same password once more').fill('too short')
    await newcomer.getByRole('button', { name: 'Set password' }).click()
    await expect(newcomer.getByRole('alert').getByText('Password must be 15 characters or more')).toBeVisible()
    await newcomer.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
    await newcomer.getByLabel('The same password once more').fill(NEW_PASSWORD)
    await newcomer.getByRole('button', { name: 'Set password' }).click()
    await expect(newcomer).toHaveURL('/sign-in')
    await newcomer.getByLabel('E-mail address').fill(email)
    await newcomer.getByLabel('Password').fill(NEW_PASSWORD)
    await newcomer.getByRole('button', { name: 'Sign in' }).click()
    await expect(newcomer.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()

    const again = await browser.newPage()
    await again.goto(link)
    await expect(again.getByRole('heading', { level: 1 })).toHaveText('This link doesn’t open anything')

    await page.goto('/admin/members')
    await page.getByRole('link', { name: `Remove ${name}` }).click()
    await page.getByRole('button', { name: 'Remove now' }).click()
    await expect(page.getByText('Member removed')).toBeVisible()
    await newcomer.goto('/profile')
    await expect(newcomer).toHaveURL(/\/sign-in/)
  })

  test('trap T13: finds no way to change their own roles', async ({ page }) => {
    await signIn(page, ADMIN)
    await page.goto('/admin/members')
    await expect(page.getByText('(you)')).toBeVisible()
    const own = page.getByRole('row').filter({ hasText: '(you)' })
    await expect(own.getByRole('link')).toHaveCount(0)
  })

  test('finds other agencies’ members and made-up codes equally missing', async ({ page }) => {
    await signIn(page, ADMIN)
    const bodies: string[] = []
    for (const code of ['MBR-000000000', 'MBR-ZZZZZZZZZ', 'nonsense']) {
      const answer = await page.request.get(`/admin/members/${code}`)
      expect(answer.status()).toBe(404)
      bodies.push((await answer.text()).length > 0 ? 'page' : 'empty')
    }
    expect(new Set(bodies).size).toBe(1)
  })
})

test.describe('a system administrator', () => {
  test('adds an agency with its first administrator', async ({ page }) => {
    const stamp = `${String(Date.now())}${String(Math.floor(Math.random() * 1000))}`
    await signIn(page, 'system@amparo.example')
    await page.goto('/')
    await expect(page).toHaveURL('/admin/agencies')
    await page.getByRole('link', { name: 'Add an agency', exact: true }).click()
    await page.getByLabel('Name of the agency').fill(`Agency ${stamp}`)
    await page.getByLabel('Short name').fill(`a${stamp}`)
    await page.getByLabel('Government', { exact: true }).check()
    await page.getByLabel('Country').fill('Kenya')
    await page.getByLabel('Name of its first administrator').fill('First One')
    await page.getByLabel('E-mail address of its first administrator').fill(`a${stamp}@newagency.example`)
    await page.getByRole('button', { name: 'Add agency' }).click()
    await expect(page.getByText('Agency made')).toBeVisible()
    await page.goto(`/admin/agencies/a${stamp}`)
    await expect(page.getByText('Invited')).toBeVisible()
    await expect(page.getByText('Kenya')).toBeVisible()
  })
})

test.describe('the pages of accounts', () => {
  test('a member’s settings change how the next page speaks and looks', async ({ page }) => {
    await signIn(page, 'caseworker2@legalaid.example')
    await page.goto('/profile')
    await page.getByLabel('简体中文').check()
    await page.getByLabel('Dark').check()
    await page.getByRole('button', { name: 'Save settings' }).click()
    await expect(page.getByText('设置已保存')).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans')
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await page.getByLabel('English').check()
    await page.getByLabel('跟随设备').check()
    await page.getByRole('button', { name: '保存设置' }).click()
    await expect(page.getByText('Settings saved')).toBeVisible()
  })

  test('a token is shown once, works, and ends', async ({ page, request }) => {
    await signIn(page, 'caseworker@immigration.example')
    await page.goto('/profile')
    const name = `Script ${String(Date.now())}`
    await page.getByLabel('What it is for').fill(name)
    await page.getByRole('button', { name: 'Make a token' }).click()
    const told = await page.getByText('Copy the token now').innerText()
    const token = told.split(/\s/).at(-1) ?? ''
    const headers = { authorization: `Bearer ${token}` }
    expect((await request.get('/api/v1/agencies', { headers })).status()).toBe(200)
    await page.reload()
    await expect(page.getByText(token)).toHaveCount(0)
    await page.getByRole('listitem').filter({ hasText: name }).getByRole('button', { name: 'End' }).click()
    await expect(page.getByText('Token ended')).toBeVisible()
    expect((await request.get('/api/v1/agencies', { headers })).status()).toBe(401)
  })
})
