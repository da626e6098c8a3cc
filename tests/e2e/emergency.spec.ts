import { expect, test } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { accessOn, NAME, openInEmergency, plantCase } from '../support/emergency'
import { invited } from '../support/newcomer'
import { signIn } from '../support/sign-in'

const OWNER = 'caseworker@harbour.example'
const SUPERVISOR = 'supervisor@harbour.example'

test.describe('emergency access (T15)', () => {
  test.describe.configure({ timeout: 120_000 })

  test('opens by exact code, shows identity, stands on each page, ends at one press, and is reviewed by a second person', async ({
    browser,
    request,
    page: reviewer,
  }) => {
    const planted = await plantCase(request)
    const { page } = await invited(browser, 'admin@harbour.example', ['Caseworker'])
    await openInEmergency(page, planted.case)
    await expect(page).toHaveURL(`/cases/${planted.case}`)
    const bar = page.getByRole('region', { name: 'Emergency access' })
    await expect(bar).toContainText('The person is in danger now')
    await expect(bar).toContainText(/[34] h \d+ min left/)
    await page.getByRole('button', { name: 'Show identity' }).click()
    await expect(page.getByText(NAME)).toBeVisible()
    for (const address of [`/cases/${planted.case}/services/new`, `/persons/${planted.person}`]) {
      await page.goto(address)
      await expect(bar, address).toBeVisible()
      expect(await axeFaults(page), address).toEqual([])
    }
    await page.setViewportSize({ width: 320, height: 800 })
    await page.goto(`/cases/${planted.case}`)
    expect(await sidewaysBy(page)).toBeLessThanOrEqual(0)

    const access = await accessOn(page)
    await bar.getByRole('button', { name: 'End now' }).click()
    await expect(page).toHaveURL(`/emergency-access/${access}`)
    await expect(page.getByText('Emergency access ended')).toBeVisible()
    expect(await axeFaults(page)).toEqual([])
    await page.goto(`/cases/${planted.case}`)
    await expect(page.getByRole('button', { name: 'Show identity' })).toHaveCount(0)

    await signIn(reviewer, SUPERVISOR)
    await reviewer.goto('/reviews')
    expect(await axeFaults(reviewer)).toEqual([])
    await reviewer.locator(`a[href="/emergency-access/${access}"]`).click()
    await expect(reviewer.getByText('Looked at the person’s identity')).toBeVisible()
    await expect(reviewer.getByText(NAME)).toHaveCount(0)
    await reviewer.getByRole('button', { name: 'Save review' }).click()
    await expect(reviewer.getByRole('alert').getByText('Choose what you found')).toBeVisible()
    await reviewer.getByLabel('Justified: what was done fits the reason').check()
    await reviewer.getByRole('button', { name: 'Save review' }).click()
    await expect(reviewer.getByText('Review saved')).toBeVisible()
    await page.context().close()
  })

  test('T05: says the same of a wrong code, a foreign one and a restricted one, without a script as well', async ({
    browser,
    request,
  }) => {
    const hidden = await plantCase(request)
    const owner = await browser.newPage()
    await signIn(owner, OWNER)
    await owner.goto(`/cases/${hidden.case}/restriction`)
    await owner.getByRole('button', { name: 'Restrict case' }).click()
    await expect(owner).toHaveURL('/cases')
    await owner.close()
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await signIn(page, 'caseworker2@harbour.example')
    for (const code of ['CAS-000000000', 'nonsense', hidden.case, hidden.person]) {
      await openInEmergency(page, code)
      await expect(page).toHaveURL('/emergency-access/new')
      await expect(page.getByRole('alert'), code).toContainText('This code opens nothing for you')
    }
    await context.close()
  })
})
