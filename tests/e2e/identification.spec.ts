import { expect, test, type APIRequestContext } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { makerFor } from '../support/maker'
import { signIn } from '../support/sign-in'

const SENDER = 'caseworker@harbour.example'
const AUTHORITY = 'caseworker@immigration.example'
const NAME = 'Perpetua Lindqvale'

/** A case whose person lets the authority know who they are. */
async function started(request: APIRequestContext): Promise<string> {
  const made = await makerFor(request, SENDER)
  const person = await made('persons', { identity: { names: [{ value: NAME }] } })
  const file = await made('cases', { person })
  await made(`cases/${file}/consents`, {
    ...{ purpose: 'identification', agency: 'immigration', categories: ['residency'], identity: 'full' },
    endsOn: '2099-12-31',
  })
  return file
}

test('a case is referred for identification, decided without scripts, and the decision stands on the case', async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000)
  const sender = await (await browser.newContext()).newPage()
  const authority = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  await signIn(sender, SENDER)
  await signIn(authority, AUTHORITY)
  const file = await started(request)

  await sender.goto(`/cases/${file}/identification`)
  await expect(sender.getByText('Nobody asked the authority yet')).toBeVisible()
  expect(await axeFaults(sender)).toEqual([])
  await sender.getByRole('link', { name: 'Refer to Immigration Office' }).click()
  await expect(sender.getByRole('heading', { name: 'Refer for identification' })).toBeVisible()
  expect(await axeFaults(sender)).toEqual([])
  expect(await sender.content()).not.toContain(NAME)
  await sender.setViewportSize({ width: 320, height: 800 })
  expect(await sidewaysBy(sender)).toBeLessThanOrEqual(0)
  await sender.setViewportSize({ width: 1280, height: 900 })
  await sender.getByRole('link', { name: 'Without identity' }).click()
  await expect(sender.getByText('The authority sees what you choose here', { exact: false })).toBeVisible()
  await expect(sender.getByLabel('Full name')).toHaveCount(0)
  await sender.getByRole('link', { name: 'With identity', exact: true }).click()
  await expect(sender.getByLabel('Full name')).toHaveCount(1)
  await sender.getByLabel('What the referral rests on').fill('Could not leave, was not paid.')
  await sender.getByRole('button', { name: 'Send referral' }).click()
  await expect(sender.getByText('Sent, not seen yet')).toBeVisible()
  const code = /REF-[0-9A-Z]{9}/.exec(sender.url())?.[0] ?? ''

  await authority.goto(`/referrals/${code}`)
  await expect(authority.getByText('Could not leave, was not paid.')).toBeVisible()
  expect(await authority.content()).not.toContain(NAME)
  await authority.getByRole('button', { name: 'Acknowledge' }).click()
  await authority.getByRole('link', { name: 'Open what was shared' }).click()
  await expect(authority.getByText(NAME).first()).toBeVisible()
  await authority.goto(`/referrals/${code}/decide`)
  await authority.getByLabel('Identified', { exact: true }).check()
  await authority.getByLabel('Police').check()
  await authority.getByLabel('Day', { exact: true }).fill('2')
  await authority.getByLabel('Month', { exact: true }).fill('1')
  await authority.getByLabel('Year', { exact: true }).fill('2026')
  await authority.getByLabel('Too little is known').check()
  await authority.getByRole('button', { name: 'Save decision' }).click()
  await expect(authority.getByText('This reason doesn’t fit the decision', { exact: false }).first()).toBeVisible()
  await authority.getByLabel('Act, means and purpose are established', { exact: true }).check()
  await authority.getByRole('button', { name: 'Save decision' }).click()
  await expect(authority.getByText('Decision saved', { exact: false })).toBeVisible()
  expect(await authority.content()).not.toContain(NAME)

  await sender.goto(`/cases/${file}/identification`)
  await expect(sender.getByRole('cell', { name: /Identified/ })).toBeVisible()
  await sender.locator(`a[href="/referrals/${code}"]`).click()
  await sender.getByRole('link', { name: 'Ask for another decision' }).click()
  await expect(sender.getByRole('heading', { name: 'Ask to look at the decision again' })).toBeVisible()
})
