import { expect, test } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { signIn } from '../support/sign-in'

test.describe('somebody who is turned away', () => {
  test.use({ javaScriptEnabled: false })

  test('is recorded from the first page in four presses and a send, and counted for the supervisor', async ({
    page,
    browser,
  }) => {
    await signIn(page, 'caseworker@clinic.example')
    await page.goto('/')
    await page.getByRole('link', { name: 'Turned somebody away' }).click()
    await page.getByRole('button', { name: 'Record', exact: true }).click()
    await expect(page.getByText('Choose where they were sent').first()).toBeVisible()
    await page.getByLabel('No interpreter', { exact: true }).check()
    await page.getByLabel('Medical', { exact: true }).check()
    await page.getByLabel('Nowhere', { exact: true }).check()
    await page.getByRole('button', { name: 'Record', exact: true }).click()
    await expect(page.getByText('Recorded. Thank you for counting it.')).toBeVisible()
    await page.getByRole('link', { name: 'Look at it' }).click()
    await expect(page.getByText('No interpreter', { exact: true })).toBeVisible()
    await page.getByText('Take it out of the count').click()
    await page.getByLabel('Entered by mistake').check()
    await page.getByRole('button', { name: 'Void this record' }).click()
    await expect(page.getByText('Voided. It is no longer counted.')).toBeVisible()

    // The accessibility rules are looked at by a script.
    const other = await (await browser.newContext({ javaScriptEnabled: true })).newPage()
    await signIn(other, 'supervisor@harbour.example')
    for (const [address, heading] of [
      ['/turned-away', 'Turned away'],
      ['/turned-away/new', 'Record somebody turned away'],
      ['/turned-away/blank', 'Turned away: form on paper'],
    ] as const) {
      await other.goto(address)
      await expect(other.getByRole('heading', { name: heading, level: 1 })).toBeVisible()
      expect(await axeFaults(other), address).toEqual([])
      await other.setViewportSize({ width: 320, height: 800 })
      expect(await sidewaysBy(other), address).toBeLessThanOrEqual(0)
      await other.setViewportSize({ width: 1280, height: 800 })
    }
    await other.context().close()
  })
})
