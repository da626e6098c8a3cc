import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'

import { signIn } from '../support/sign-in'

const NETWORK = '/admin/networks/demonstration'

async function setsRoutineHours(page: Page, hours: string): Promise<void> {
  await page.goto(`${NETWORK}/change`)
  await page.getByLabel('First contact within (hours)').nth(2).fill(hours)
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page).toHaveURL(NETWORK)
}

// One network: whoever saves second is told so.
test.describe.configure({ mode: 'serial' })

test.describe('the system administrator', () => {
  test('changes a clock of the network, and a caseworker who adds a need sees the new limit', async ({
    page,
    browser,
  }) => {
    await signIn(page, 'system@amparo.example')
    await page.goto('/admin/networks')
    await page.getByRole('link', { name: 'Demonstration network' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Demonstration network')
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    await page.getByRole('link', { name: 'Change settings' }).click()
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    try {
      await setsRoutineHours(page, '312')
      await expect(page.getByText('Settings saved')).toBeVisible()
      await expect(page.getByText('312 hours')).toBeVisible()
      const caseworker = await browser.newPage()
      await signIn(caseworker, 'caseworker@harbour.example')
      await caseworker.goto('/cases')
      await caseworker.locator('main table a[href^="/cases/CAS-"]').first().click()
      await expect(caseworker).toHaveURL(/\/cases\/CAS-/)
      await caseworker.goto(`${new URL(caseworker.url()).pathname}/needs/new`)
      await expect(caseworker.getByText('13 days')).toBeVisible()
    } finally {
      await setsRoutineHours(page, '336')
    }
  })

  test('adds a holiday, and the date by which a referral has to be decided moves', async ({ page }) => {
    await signIn(page, 'system@amparo.example')
    await page.goto(NETWORK)
    const example = page.getByText('A routine referral sent now')
    const before = await example.innerText()
    const tomorrow = new Date(Date.now() + 86_400_000)
    // Of three days in a row at least one is a working day before the decision is due.
    for (const ahead of [0, 1, 2]) {
      const day = new Date(tomorrow.getTime() + ahead * 86_400_000)
      await page.getByLabel('Day', { exact: true }).fill(String(day.getUTCDate()))
      await page.getByLabel('Month', { exact: true }).fill(String(day.getUTCMonth() + 1))
      await page.getByLabel('Year', { exact: true }).fill(String(day.getUTCFullYear()))
      await page.getByLabel('Name', { exact: true }).fill(`Storm day ${String(ahead + 1)}`)
      await page.getByRole('button', { name: 'Add a holiday' }).click()
      await expect(page.getByRole('button', { name: `Remove Storm day ${String(ahead + 1)},` })).toBeVisible()
    }
    expect(await example.innerText()).not.toBe(before)
    for (const ahead of [1, 2, 3]) {
      await page.getByRole('button', { name: `Remove Storm day ${String(ahead)},` }).click()
      await expect(page.getByRole('button', { name: `Remove Storm day ${String(ahead)},` })).toHaveCount(0)
    }
    expect((await example.innerText()).slice(0, 60)).toBe(before.slice(0, 60))
  })
})
