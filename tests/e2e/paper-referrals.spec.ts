import { expect, test, type APIRequestContext } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { makerFor } from '../support/maker'
import { signIn } from '../support/sign-in'

const WORKER = 'caseworker@harbour.example'
const NAME = 'Ignatius Peverell-Moss'

/** A case with a medical need, whose person lets the surgery know how to reach them. */
async function started(request: APIRequestContext): Promise<string> {
  const made = await makerFor(request, WORKER)
  const person = await made('persons', { identity: { names: [{ value: NAME }] } })
  const file = await made('cases', { person })
  await made(`cases/${file}/needs`, { category: 'medical', urgency: 'urgent' })
  await made(`cases/${file}/consents`, {
    ...{ purpose: 'sharing', agency: 'surgery', categories: ['medical'], identity: 'contact' },
    endsOn: '2099-12-31',
  })
  return file
}

test('a form is printed for an agency without Amparo, handed over and answered without scripts', async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000)
  const page = await (await browser.newContext()).newPage()
  await signIn(page, WORKER)
  const file = await started(request)
  await page.goto(`/cases/${file}/referrals`)
  await page.getByRole('link', { name: 'Refer on paper' }).click()
  await expect(page.getByRole('heading', { name: 'Refer on paper' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.getByLabel('Old Town Surgery').check()
  await page.getByRole('button', { name: 'Show what could stand on the form' }).click()
  await expect(page.getByRole('heading', { name: 'Stands on the form' })).toBeVisible()
  expect(await page.content()).not.toContain(NAME)
  expect(await axeFaults(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 800 })
  expect(await sidewaysBy(page)).toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByLabel('Urgent').check()
  await page.getByRole('button', { name: 'Prepare form' }).click()
  await expect(page.getByText('Prepared', { exact: true })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  const form = new URL(page.url()).pathname

  await page.getByLabel('简体中文').check()
  await page.getByRole('button', { name: 'Print', exact: true }).click()
  // The person agreed to be reached, not to be known in full.
  await expect(page.getByText('Ignatius', { exact: true })).toBeVisible()
  expect(await page.content()).not.toContain('Peverell-Moss')
  await expect(page.getByRole('heading', { name: '转介表', exact: true })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])

  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  await signIn(plain, WORKER)
  await plain.goto(form)
  await plain.getByLabel('Handed over').check()
  await plain.getByLabel('Day', { exact: true }).fill('2')
  await plain.getByLabel('Month', { exact: true }).fill('1')
  await plain.getByLabel('Year', { exact: true }).fill('2026')
  await plain.getByRole('button', { name: 'Save' }).click()
  await expect(plain.getByText('Choose how it was handed over').first()).toBeVisible()
  await plain.getByLabel('In a sealed envelope').check()
  await plain.getByRole('button', { name: 'Save' }).click()
  await expect(plain.getByRole('cell', { name: 'In a sealed envelope' })).toBeVisible()
  await plain.getByLabel('Accepted').check()
  await plain.getByLabel('Day', { exact: true }).fill('5')
  await plain.getByLabel('Month', { exact: true }).fill('1')
  await plain.getByLabel('Year', { exact: true }).fill('2026')
  await plain.getByRole('button', { name: 'Save' }).click()
  await expect(plain.getByRole('cell', { name: '5 Jan 2026' })).toBeVisible()
})

test('a form that came on paper is typed in and answered with a printed answer', async ({ browser }) => {
  const page = await (await browser.newContext()).newPage()
  await signIn(page, WORKER)
  await page.goto('/referrals')
  await page.getByRole('link', { name: 'Type in a paper form' }).click()
  await expect(page.getByRole('heading', { name: 'Type in a form that came on paper' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.getByLabel('Its name, where it is not in the list').fill('Old Mill School')
  await page.getByLabel('Day', { exact: true }).fill('5')
  await page.getByLabel('Month', { exact: true }).fill('1')
  await page.getByLabel('Year', { exact: true }).fill('2026')
  await page.getByLabel('Medical').check()
  await page.getByLabel('Routine').check()
  await page.getByLabel('A guardian agreed').check()
  await page.getByRole('button', { name: 'Save form' }).click()
  await expect(page.getByRole('heading', { name: 'Form from Old Mill School' })).toBeVisible()
  await page.getByLabel('Accepted').check()
  await page.getByLabel('Day', { exact: true }).fill('6')
  await page.getByLabel('Month', { exact: true }).fill('1')
  await page.getByLabel('Year', { exact: true }).fill('2026')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('link', { name: 'Print the answer' }).click()
  await expect(page.getByRole('heading', { name: 'Answer to a referral' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.goto('/referrals/paper/blank?language=zh-Hans')
  await expect(page.getByRole('heading', { name: '转介表', exact: true })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
})
