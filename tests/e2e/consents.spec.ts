import { expect, test, type Page } from '@playwright/test'

import { axeFaults } from '../support/accessible'
import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

const OWNER = 'caseworker@harbour.example'

let token: string

test.beforeAll(async () => {
  token = await tokenOf(OWNER)
})

async function opened(page: Page, bearer = token): Promise<string> {
  const headers = { Authorization: `Bearer ${bearer}` }
  const made = async (path: string, data: object) =>
    ((await (await page.request.post(`/api/v1/${path}`, { data, headers })).json()) as { code: string }).code
  return made('cases', { person: await made('persons', {}) })
}

/** Fills in the form for a yes to legal help from one agency, all but how it was said. */
async function asks(page: Page): Promise<void> {
  for (const box of await page.locator('input[name="explained"]').all()) await box.check()
  await page.locator('input[name="purpose"][value="sharing"]').check()
  await page.getByLabel('Who may receive it?').selectOption({ label: 'Legal Aid Network' })
  await page.locator('input[name="categories"][value="legal"]').check()
  await page.locator('input[name="identity"][value="contact"]').check()
  await page.locator('input[name="answer"][value="given"]').check()
  await page.locator('input[name="givenBy"][value="person"]').check()
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    // axe is a script itself.
    const holds = async (page: Page) => {
      if (javaScriptEnabled) expect(await axeFaults(page)).toEqual([])
    }

    const tag = javaScriptEnabled ? [] : ['@full']
    test('what a person answers is written down, asked again, and withdrawn', { tag }, async ({ page }) => {
      await signIn(page, OWNER)
      const code = await opened(page)
      await page.goto(`/cases/${code}/consents`)
      await expect(page.getByText('Nobody has asked yet')).toBeVisible()
      await expect(page.getByText('Three answers that stay apart')).toBeVisible()
      await holds(page)
      await page.getByRole('link', { name: 'Record consent' }).first().click()
      // Nothing is ticked beforehand.
      await expect(page.locator('main input:checked')).toHaveCount(0)
      await holds(page)
      await asks(page)
      await page.locator('input[name="method"][value="spoken"]').check()
      await page.getByRole('button', { name: 'Save the answer' }).click()
      await expect(page.getByRole('alert').getByText('Choose who the witness was')).toBeVisible()
      await expect(page.locator('input[name="explained"]:checked')).toHaveCount(7)
      await page.getByLabel('Who was the witness?').selectOption({ label: 'The interpreter' })
      await page.getByRole('button', { name: 'Save the answer' }).click()
      await expect(page.getByText('Consent recorded').first()).toBeVisible()
      await expect(page.getByText('In force', { exact: true }).first()).toBeVisible()
      await expect(page.getByText('The interpreter')).toHaveCount(0)
      await holds(page)
      await page.getByRole('button', { name: 'Show what was said' }).click()
      await expect(page.getByText('The interpreter')).toBeVisible()

      await page.getByRole('link', { name: 'Ask again' }).click()
      await expect(page.locator('input[name="categories"][value="legal"]')).toBeChecked()
      await expect(page.locator('input[name="answer"]:checked')).toHaveCount(0)
      await page.locator('input[name="answer"][value="refused"]').check()
      await page.locator('input[name="givenBy"][value="person"]').check()
      await page.locator('input[name="method"][value="spoken"]').check()
      await page.getByRole('button', { name: 'Save the answer' }).click()
      await expect(page.getByText('The no is recorded').first()).toBeVisible()
      await expect(page.getByText('Asked again since', { exact: true })).toBeVisible()

      await page.goto(`/cases/${code}/consents/new`)
      await asks(page)
      await page.locator('input[name="categories"][value="medical"]').check()
      await page.locator('input[name="method"][value="written"]').check()
      if (javaScriptEnabled) {
        const pad = page.getByRole('img', { name: /Pad for a signature/ })
        await pad.scrollIntoViewIfNeeded()
        const box = await pad.boundingBox()
        if (box === null) throw new Error('No pad')
        await page.mouse.move(box.x + 40, box.y + 60)
        await page.mouse.down()
        await page.mouse.move(box.x + 160, box.y + 30, { steps: 5 })
        await page.mouse.up()
        await expect(page.getByText('Drawn on the screen')).toBeVisible()
      } else await expect(page.getByText('the person signs on paper')).toBeVisible()
      await page.getByRole('button', { name: 'Save the answer' }).click()
      await expect(page.getByText('Consent recorded').first()).toBeVisible()
      if (javaScriptEnabled) {
        await page.getByRole('button', { name: 'Show what was said' }).click()
        await expect(page.getByText('Drawn on the screen')).toBeVisible()
      }
      await page.getByRole('link', { name: 'Withdraw consent' }).click()
      await expect(page.getByText('From this moment nothing more goes to: Legal Aid Network.')).toBeVisible()
      await holds(page)
      await page.getByRole('button', { name: 'Withdraw consent' }).click()
      await expect(page.getByText('Withdrawn', { exact: true }).first()).toBeVisible()
      await expect(page.getByRole('link', { name: 'Withdraw consent' })).toHaveCount(0)
      await page.goto(`/cases/${code}/consents`)
      await expect(page.getByText('Withdrawn', { exact: true })).toBeVisible()
      await expect(page.getByText('Said no', { exact: true })).toBeVisible()
    })
  })
}
