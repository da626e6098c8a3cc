import { expect, test } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { signIn } from '../support/sign-in'

test('an auditor sends what they found in the log, the agency answers with a day, and the auditor accepts', async ({
  page,
  browser,
}) => {
  await signIn(page, 'auditor@rapporteur.example')
  await page.goto('/oversight/log?agency=harbour')
  await page
    .getByRole('link', { name: /^Open event EVT/ })
    .first()
    .click()
  await page.getByRole('link', { name: 'Open a finding' }).click()
  await expect(page.getByRole('heading', { name: 'Open a finding', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: 'Save as a draft' }).click()
  await expect(page.getByText('Write what was found').first()).toBeVisible()
  await page.getByLabel('Concern', { exact: true }).check()
  await page.getByLabel('Rests on').selectOption('accountability')
  await page.getByLabel('About', { exact: true }).selectOption('looks')
  await page.getByLabel('What was found').fill('Nobody noted what this was for. Ring 0712 345 678.')
  await page.getByLabel('What is asked for').fill('Say what it was for, and note it from now on.')
  await page.getByRole('button', { name: 'Save as a draft' }).click()
  await expect(page.getByText('This seems to hold a name, a number or an address').first()).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.getByLabel('What was found').fill('Nobody noted what this was for.')
  await page.getByRole('button', { name: 'Save as a draft' }).click()
  await expect(page.getByText('The draft is saved')).toBeVisible()
  await page.getByRole('button', { name: 'Send to the agency' }).click()
  await expect(page.getByText('Sent, waits for an answer').first()).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  const address = page.url()
  const code = address.split('/').at(-1) ?? ''

  const supervisor = await (await browser.newContext()).newPage()
  await signIn(supervisor, 'supervisor@harbour.example')
  await supervisor.goto('/findings')
  await expect(supervisor.getByRole('heading', { name: 'Findings about your agency', level: 1 })).toBeVisible()
  expect(await axeFaults(supervisor)).toEqual([])
  await supervisor.locator(`a[href="/findings/${code}"]`).click()
  await expect(supervisor.getByText('Nobody noted what this was for.')).toBeVisible()
  await expect(supervisor.getByRole('main')).not.toContainText('AUD-')
  await supervisor.getByRole('link', { name: 'Answer' }).click()
  await supervisor.getByLabel('Your answer').fill('It was for a check of the records.')
  await supervisor.getByLabel('What you will do').fill('A note each time.')
  for (const [part, value] of [
    ['Day', '1'],
    ['Month', '6'],
    ['Year', '2999'],
  ] as const)
    await supervisor.getByLabel(part, { exact: true }).fill(value)
  expect(await axeFaults(supervisor)).toEqual([])
  await supervisor.getByRole('button', { name: 'Send the answer' }).click()
  await expect(supervisor.getByText('The answer is sent')).toBeVisible()
  await expect(supervisor.getByRole('heading', { name: 'The action is done' })).toBeVisible()
  expect(await axeFaults(supervisor)).toEqual([])
  await supervisor.context().close()

  await page.goto(address)
  await expect(page.getByText('It was for a check of the records.')).toBeVisible()
  await page.getByRole('button', { name: 'Accept the answer' }).click()
  await expect(page.getByText('Closed, answer accepted').first()).toBeVisible()
  for (const there of ['/oversight/findings', address, `${address}/reopen`]) {
    await page.goto(there)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await axeFaults(page), there).toEqual([])
    await page.setViewportSize({ width: 320, height: 800 })
    expect(await sidewaysBy(page), there).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1280, height: 800 })
  }
})
