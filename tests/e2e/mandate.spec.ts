import { expect, test } from '@playwright/test'

import { axeFaults } from '../support/accessible'
import { signIn } from '../support/sign-in'

test.describe('the mandate', () => {
  test('shows a paragraph in both languages, each marked as its own', async ({ page }) => {
    await signIn(page, 'caseworker@harbour.example')
    await page.goto('/mandate')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mandate')
    await page.getByRole('link', { name: 'Open paragraph 6', exact: true }).click()
    await expect(page).toHaveURL('/mandate/6')
    await page.getByRole('link', { name: 'Paragraph 6(b) of resolution 58/137' }).first().click()
    await expect(page).toHaveURL('/mandate/6/b')
    await expect(page.locator('[lang="zh-Hans"]').first()).toContainText('法律、心理、医疗和社会援助')
    await expect(page.locator('p[lang="en"]').first()).toContainText('psychological')
    await page.getByRole('link', { name: 'Next: 6(c)' }).first().click()
    await expect(page).toHaveURL('/mandate/6/c')
    await expect(page).toHaveTitle('Paragraph 6(c), Mandate, Amparo')
  })

  test('answers a paragraph that the resolution does not have like any missing page', async ({ page }) => {
    await signIn(page, 'caseworker@harbour.example')
    for (const address of ['/mandate/18', '/mandate/6/z', '/mandate/6/b/i', '/mandate/6(b)']) {
      expect((await page.goto(address))?.status(), address).toBe(404)
    }
  })

  test('shows no figures to an auditor, and says why', async ({ page }) => {
    await signIn(page, 'auditor@rapporteur.example')
    await page.goto('/mandate/6/b')
    await expect(page.getByText('Your role reads the text only.')).toBeVisible()
    await expect(page.getByRole('img')).toHaveCount(0)
    await expect(page.getByLabel('Year')).toHaveCount(0)
  })

  test('has no fault that axe finds, and fits a screen of 320 pixels', { tag: '@full' }, async ({ page }) => {
    await signIn(page, 'caseworker@harbour.example')
    for (const address of ['/mandate', '/mandate/6/b', '/mandate/5/b/ii']) {
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.goto(address)
      expect(await axeFaults(page), address).toEqual([])
      await page.setViewportSize({ width: 320, height: 800 })
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width, address).toBeLessThanOrEqual(320)
    }
  })
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the year of the figures can be chosen, and the figures of each kind opened', async ({ page }) => {
    await signIn(page, 'caseworker@harbour.example')
    await page.goto('/mandate/6/b')
    const year = String(new Date().getUTCFullYear() - 1)
    await page.getByLabel('Year').selectOption(year)
    await page.getByRole('button', { name: 'Show' }).click()
    await expect(page).toHaveURL(`/mandate/6/b?year=${year}`)
    await expect(page.getByRole('heading', { name: 'By kind of assistance' })).toBeVisible()
    await page.getByText('Social, by type and month').click()
    await expect(page.getByRole('link', { name: 'List these records' }).first()).toHaveAttribute(
      'href',
      `/services?category=social&from=${year}-01-01&to=${year}-12-31`,
    )
  })
})
