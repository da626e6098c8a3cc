import { expect, test } from '@playwright/test'

import { amparo } from '../support/boot'
import { closeAll, expectToFit, NAME, officeOfTheirOwn } from '../support/staffing'

test.describe('a night’s duty cover', () => {
  test('ends at eight: the page that is open meanwhile loses its content at the next request', async ({
    browser,
    request,
  }) => {
    test.setTimeout(120_000)
    const { unit, admin, supervisor, worker, colleague, case: code } = await officeOfTheirOwn(browser, request)
    const page = supervisor.page
    await page.goto('/team')
    await page.getByRole('link', { name: 'Set cover' }).click()
    await expectToFit(page)
    await page.getByLabel('Unit').selectOption({ label: unit })
    await page.getByLabel('Colleague').selectOption({ label: colleague.name })
    await page.getByRole('button', { name: 'Set cover' }).click()
    await expect(page.getByText('Cover set')).toBeVisible()

    const night = colleague.page
    await night.goto('/')
    await night.getByText(`You are on duty cover for ${unit}`).waitFor()
    await night.goto(`/cases/${code}`)
    await expect(night.getByText(/You are on cover until .*08:00/)).toBeVisible()
    await night.getByRole('button', { name: /Show/ }).first().click()
    await expect(night.getByText(NAME).first()).toBeVisible()

    await amparo(process.env['AMPARO_TEST_DATA_DIR'] ?? '', ['clock', 'advance', '34h'])
    await night.reload()
    await expect(night.getByText('you see its outline only')).toBeVisible()
    await expect(night.getByText(NAME)).toHaveCount(0)
    await expect(night.getByText('You are on cover')).toHaveCount(0)
    await page.goto('/team')
    await expect(page.getByText('Nobody is on cover')).toBeVisible()
    await closeAll(admin, supervisor.page, worker.page, colleague.page)
  })
})
