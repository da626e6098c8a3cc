import { expect, test } from '@playwright/test'

import { grouped } from '../../components/ui/code'
import { expectAccessible, sidewaysBy } from '../support/accessible'
import { signIn } from '../support/sign-in'

test.describe('the log and its seal', () => {
  test('L05: an administrator sees how the seal stands, has it checked, and finds what a witness should keep', async ({
    page,
  }) => {
    await signIn(page, 'admin@harbour.example')
    await page.goto('/')
    await page.getByRole('link', { name: 'Account log' }).first().click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Account log')
    await expect(page.getByRole('cell', { name: /Signed in/ }).first()).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'How the log is sealed' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Seal of the log')
    await expect(page.getByText(/^amparo\/[0-9a-f]{16}\+/)).toBeVisible()
    await expect(page.getByText(/epoch 1/)).toBeVisible()
    const checkNow = page.getByRole('button', { name: 'Check now' })
    if (await checkNow.isVisible()) {
      await checkNow.click()
      await expect(page.getByText('The log will be checked within a minute')).toBeVisible()
    } else await expect(page.getByText('A check is under way')).toBeVisible()
    await expectAccessible(page)
    await page.setViewportSize({ width: 320, height: 800 })
    for (const address of ['/admin/seal', '/admin/account-log']) {
      await page.goto(address)
      expect(await sidewaysBy(page), address).toBeLessThanOrEqual(0)
    }
  })

  test('a supervisor follows one case through the agency’s log, and filters it without a script', async ({
    browser,
  }) => {
    const page = await browser.newPage({ javaScriptEnabled: false })
    await signIn(page, 'supervisor@harbour.example')
    await page.goto('/cases?tab=agency')
    await page
      .getByRole('link', { name: /^CAS|^AMP/ })
      .first()
      .click()
    const code = /\/cases\/(CAS-[0-9A-Z]+)/.exec(page.url())?.[1] ?? ''
    await page.goto('/log')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('The agency’s log')
    await page.getByLabel('What happened').selectOption({ label: 'Looked at the case' })
    await page.getByRole('button', { name: 'Apply' }).click()
    await page
      .getByRole('link', { name: `About ${grouped(code)}` })
      .first()
      .click()
    await expect(page).toHaveURL(new RegExp(`/log\\?.*subject=${code}`))
    await expect(page.getByRole('link', { name: `About ${grouped(code)}` }).first()).toBeVisible()
    await page.close()
  })
})
