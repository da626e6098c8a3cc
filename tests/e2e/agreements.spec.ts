import { expect, test, type Page } from '@playwright/test'

import { axeFaults } from '../support/accessible'
import { signIn } from '../support/sign-in'

async function fillsDate(page: Page, label: string, [day, month, year]: readonly [string, string, string]) {
  const group = page.getByRole('group', { name: label, exact: false })
  await group.getByLabel('Day', { exact: true }).fill(day)
  await group.getByLabel('Month', { exact: true }).fill(month)
  await group.getByLabel('Year', { exact: true }).fill(year)
}

async function proposes(page: Page, document: string): Promise<void> {
  await page.goto('/agreements/new')
  await fillsProposal(page, document)
}

async function fillsProposal(page: Page, document: string): Promise<void> {
  await page.getByLabel('Document').fill(document)
  await page.getByLabel('Agency', { exact: true }).selectOption({ label: 'City Clinic' })
  await page.getByLabel('Sharing for a service').check()
  await page.getByLabel('Medical', { exact: true }).check()
  await page.getByLabel('How to reach them', { exact: true }).check()
  await fillsDate(page, 'From', ['1', '12', '2026'])
  await fillsDate(page, 'Last day', ['30', '11', '2028'])
}

test.describe('agreements between agencies (P05)', () => {
  test('are proposed by an administrator, and withdrawn after a question', async ({ page }) => {
    await signIn(page, 'admin@harbour.example')
    await page.goto('/agreements')
    await expect(page.getByRole('link', { name: 'Protocol on shared assistance, DN 2025/3' })).toBeVisible()
    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('link', { name: 'Propose an agreement' }).click()
    await page.getByRole('button', { name: 'Propose and sign' }).click()
    await expect(page.getByText('Choose what it is for').first()).toBeVisible()
    expect(await axeFaults(page)).toEqual([])
    await proposes(page, 'Dental care, HC 2026/9')
    await page.getByRole('button', { name: 'Propose and sign' }).click()
    await expect(page.getByText('Proposed and signed by your agency')).toBeVisible()
    await expect(page.getByText('Waits for signatures')).toBeVisible()
    await page.getByRole('link', { name: 'Withdraw proposal' }).click()
    await expect(page.getByRole('button', { name: 'Withdraw proposal' })).toBeVisible()
    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Withdraw proposal' }).click()
    await expect(page.getByText('Declined', { exact: true })).toBeVisible()
  })

  test('are read by caseworkers, coordinator and auditor, who sign nothing', async ({ browser }) => {
    for (const email of [
      'caseworker@harbour.example',
      'coordinator@victimsupport.example',
      'auditor@rapporteur.example',
    ]) {
      const page = await browser.newPage()
      await signIn(page, email)
      await page.goto('/agreements?state=in_force')
      await page
        .getByRole('link', { name: /^Protocol on/ })
        .first()
        .click()
      await expect(page.getByRole('heading', { name: 'Between' })).toBeVisible()
      await expect(page.getByRole('main').getByRole('button')).toHaveCount(0)
      await expect(page.getByRole('main').getByRole('link', { name: 'Leave agreement' })).toHaveCount(0)
      await page.close()
    }
  })
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('an administrator signs what waits for their agency', async ({ page }) => {
    await signIn(page, 'admin@harbour.example')
    await page.goto('/agreements?state=proposed')
    await page.getByRole('link', { name: 'Night clinic for residents, CH 2026/2' }).click()
    await page.getByRole('button', { name: 'Sign for my agency' }).click()
    await expect(page.getByText('In force', { exact: true })).toBeVisible()
  })

  test('R02: going back after proposing and pressing again is the same agreement', async ({ page }) => {
    await signIn(page, 'admin@harbour.example')
    await proposes(page, 'Home visits, HC 2026/11')
    const propose = async () => {
      await page.getByRole('button', { name: 'Propose and sign' }).click()
      await page.waitForURL(/\/agreements\/AGR-/)
      return page.url()
    }
    const first = await propose()
    await page.goBack()
    await fillsProposal(page, 'Home visits, HC 2026/11')
    expect(await propose()).toBe(first)
    await page.getByRole('link', { name: 'Withdraw proposal' }).click()
    await page.getByRole('button', { name: 'Withdraw proposal' }).click()
    await expect(page.getByText('Declined', { exact: true })).toBeVisible()
  })
})
