import { expect, test } from '@playwright/test'

import { amparo } from '../support/boot'
import { accessOn, NAME, openInEmergency, plantCase } from '../support/emergency'
import { invited } from '../support/newcomer'
import { signIn } from '../support/sign-in'

const SUPERVISOR = 'supervisor@harbour.example'

test('T15: at the end of its time an open page loses its content by itself; a review that stays away is late', async ({
  browser,
  request,
  page: reviewer,
}) => {
  test.setTimeout(180_000)
  const planted = await plantCase(request)
  const { page } = await invited(browser, 'admin@harbour.example', ['Caseworker'])
  await openInEmergency(page, planted.case)
  await page.getByRole('button', { name: 'Show identity' }).click()
  await expect(page.getByText(NAME)).toBeVisible()
  const access = await accessOn(page)
  const dataDirectory = process.env['AMPARO_TEST_DATA_DIR'] ?? ''
  await amparo(dataDirectory, ['clock', 'advance', '5h'])
  await expect(page).toHaveURL(`/emergency-access/${access}`, { timeout: 60_000 })
  await expect(page.getByText('Four hours were over')).toBeVisible()
  await expect(page.getByText(NAME)).toHaveCount(0)

  await amparo(dataDirectory, ['clock', 'advance', '7d'])
  await signIn(reviewer, SUPERVISOR)
  await reviewer.goto('/reviews')
  const row = reviewer.getByRole('row').filter({ has: reviewer.locator(`a[href="/emergency-access/${access}"]`) })
  await expect(row).toContainText('Late: was due')
  await page.context().close()
})
