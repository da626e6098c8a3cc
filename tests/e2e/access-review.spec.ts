import { expect, test } from '@playwright/test'

import { expectAccessible } from '../support/accessible'
import { invited } from '../support/newcomer'
import { signIn } from '../support/sign-in'

test('an administrator reviews one member after the other, keeps the progress, and finds no way to their own row', async ({
  page,
}) => {
  await signIn(page, 'admin@harbour.example')
  await page.goto('/admin/access-review')
  await page
    .getByRole('link', { name: /^Quarter/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/ARV-/)
  const address = page.url()
  await expectAccessible(page)
  await expect(page.getByText('Somebody else reviews them')).toHaveCount(1)
  await expect(page.getByRole('link', { name: 'Review Peter Lowe' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Review Owen Lark' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Does Owen Lark still need this?')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Keep as it is' }).click()
  await expect(page).toHaveURL(address)
  await expect(page.getByText('Noted: access stays as it is')).toBeVisible()
  await page.goto(address)
  await expect(page.getByRole('link', { name: 'Review Owen Lark' })).toHaveCount(0)
  await expect(page.getByRole('row', { name: /Owen Lark/ }).getByText('Kept, Peter Lowe')).toBeVisible()
})

test(
  'a member with several roles waits for a second person, who is the system administrator',
  { tag: '@full' },
  async ({ page, browser }) => {
    const newcomer = await invited(browser, 'admin@harbour.example', ['Caseworker', 'Supervisor'])
    await newcomer.page.context().close()
    await signIn(page, 'system@amparo.example')
    await page.goto('/admin/role-reviews')
    await expectAccessible(page)
    await page.getByRole('row').filter({ hasText: 'Waits' }).getByRole('link').first().click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Change of roles')
    const address = page.url()
    await expectAccessible(page)
    await page.getByLabel('Yes').check()
    await page.getByRole('button', { name: 'Save review' }).click()
    await expect(page.getByText('Review saved')).toBeVisible()
    await page.goto(address)
    await expect(page.getByText('Agreed', { exact: true })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Save review' })).toHaveCount(0)
  },
)
