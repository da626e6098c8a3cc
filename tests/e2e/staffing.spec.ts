import { expect, test } from '@playwright/test'

import { closeAll, expectToFit, NAME, officeOfTheirOwn } from '../support/staffing'

test.describe('a leaver', () => {
  test('is out at once, and the supervisor hands their cases over in one go', async ({ browser, request }) => {
    test.setTimeout(120_000)
    const { admin, supervisor, worker, colleague, openCase, case: first } = await officeOfTheirOwn(browser, request)
    const second = await openCase()
    await admin.goto('/admin/members')
    await admin.getByRole('link', { name: `Remove ${worker.name}` }).click()
    await expect(admin.getByText('2 open cases wait for a new team')).toBeVisible()
    await expect(admin.getByText(first)).toHaveCount(0)
    await expectToFit(admin)
    await admin.getByRole('button', { name: 'Remove now' }).click()
    await expect(admin.getByText('Member removed')).toBeVisible()
    await worker.page.goto('/profile')
    await expect(worker.page).toHaveURL(/\/sign-in/)

    const page = supervisor.page
    await page.goto('/')
    await page.getByRole('link', { name: 'Hand over' }).click()
    await expect(page.getByText(NAME)).toHaveCount(0)
    await expectToFit(page)
    await page.getByLabel(colleague.name).check()
    await page.getByRole('radio', { name: 'Those I tick below' }).check()
    for (const code of [first, second]) await page.locator(`input[name="cases"][value="${code}"]`).check()
    await page.getByRole('button', { name: 'Hand over' }).click()
    await expect(page.getByText('2 cases handed over')).toBeVisible()
    await colleague.page.goto(`/cases/${first}`)
    await expect(colleague.page.getByRole('link', { name: 'Log a service' }).first()).toBeVisible()
    await closeAll(admin, supervisor.page, worker.page, colleague.page)
  })
})

test.describe('an absence', () => {
  test(
    'lets the stand-in work on the member’s cases until they are back',
    { tag: '@full' },
    async ({ browser, request }) => {
      test.setTimeout(120_000)
      const { admin, supervisor, worker, colleague, case: code } = await officeOfTheirOwn(browser, request)
      const page = worker.page
      await page.goto('/profile')
      await page.getByRole('link', { name: 'Say that you are away' }).click()
      await page.getByRole('button', { name: 'Save absence' }).click()
      await expect(page.getByText('Choose a colleague who works on cases').first()).toBeVisible()
      await page.getByLabel('Who stands in').selectOption({ label: colleague.name })
      await page.locator('[name="untilOn:choice"]').nth(1).check()
      await page.getByLabel('Until what time').fill('17.30')
      await expectToFit(page)
      await page.getByRole('button', { name: 'Save absence' }).click()
      await expect(page.getByText('Absence saved')).toBeVisible()

      await colleague.page.goto('/')
      await expect(colleague.page.getByText(`You stand in for ${worker.name}`)).toBeVisible()
      await colleague.page.goto(`/cases/${code}`)
      await expect(colleague.page.getByText(/You stand in until .*17:30/)).toBeVisible()
      await supervisor.page.goto('/team')
      await expectToFit(supervisor.page)
      await expect(supervisor.page.getByRole('link', { name: `End absence of ${worker.name}` })).toBeVisible()
      await page.getByRole('link', { name: `End absence of ${worker.name}` }).click()
      await page.getByRole('button', { name: 'End absence now' }).click()
      await expect(page.getByText('Absence ended')).toBeVisible()
      await colleague.page.reload()
      await expect(colleague.page.getByText('you see its outline only')).toBeVisible()
      await closeAll(admin, supervisor.page, worker.page, colleague.page)
    },
  )
})
