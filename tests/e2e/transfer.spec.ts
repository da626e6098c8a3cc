import { expect, test, type APIRequestContext } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { makerFor } from '../support/maker'
import { signIn } from '../support/sign-in'

const SENDER = 'caseworker@harbour.example'
const SECOND = 'supervisor@harbour.example'
const RECEIVER = 'caseworker@legalaid.example'
const NAME = 'Perpetua Ashgrovel'

/** A case with a need, whose person lets Legal Aid take over the lead. */
async function started(request: APIRequestContext): Promise<string> {
  const made = await makerFor(request, SENDER)
  const person = await made('persons', { identity: { names: [{ value: NAME }] } })
  const file = await made('cases', { person })
  await made(`cases/${file}/needs`, { category: 'legal', urgency: 'routine' })
  await made(`cases/${file}/consents`, {
    ...{ purpose: 'transfer', agency: 'legalaid', categories: ['legal', 'medical'], identity: 'full' },
    endsOn: '2099-12-31',
  })
  return file
}

test('the lead is offered, accepted, confirmed by a second member, worked with, and given back', async ({
  browser,
  request,
}) => {
  test.setTimeout(240_000)
  const open = async (who: string) => {
    const page = await (await browser.newContext()).newPage()
    await signIn(page, who)
    return page
  }
  const [sender, second, receiver] = [await open(SENDER), await open(SECOND), await open(RECEIVER)]
  const file = await started(request)

  await sender.goto(`/cases/${file}/transfer`)
  await expect(sender.getByRole('heading', { name: 'Hand over the lead' })).toBeVisible()
  expect(await axeFaults(sender)).toEqual([])
  await sender.getByRole('row', { name: /Legal/ }).getByRole('link', { name: 'Choose' }).first().click()
  await expect(sender.getByRole('button', { name: 'Offer the lead' })).toBeVisible()
  expect(await axeFaults(sender)).toEqual([])
  expect(await sender.content()).not.toContain(NAME)
  await sender.setViewportSize({ width: 320, height: 800 })
  expect(await sidewaysBy(sender)).toBeLessThanOrEqual(0)
  await sender.setViewportSize({ width: 1280, height: 900 })
  await sender.getByRole('button', { name: 'Offer the lead' }).click()
  await expect(sender.getByText('Sent, not seen yet')).toBeVisible()
  const code = /REF-[0-9A-Z]{9}/.exec(sender.url())?.[0] ?? ''

  await receiver.goto(`/referrals/${code}/accept`)
  await receiver.getByRole('button', { name: 'Accept' }).click()
  await expect(receiver.getByText('You accepted. The lead is yours once', { exact: false })).toBeVisible()
  expect(await receiver.content()).not.toContain(file)

  await sender.goto(`/referrals/${code}`)
  await expect(sender.getByText('Another member of the team', { exact: false })).toBeVisible()
  await expect(sender.getByRole('button', { name: 'Confirm the transfer' })).toHaveCount(0)
  await second.goto(`/referrals/${code}`)
  await second.getByRole('button', { name: 'Confirm the transfer' }).click()
  await expect(second.getByText('They lead')).toBeVisible()
  expect(await axeFaults(second)).toEqual([])

  await receiver.goto('/referrals/led')
  await receiver.locator(`a[href="/referrals/${code}/lead"]`).click()
  await expect(receiver.getByRole('heading', { name: 'Needs' })).toBeVisible()
  expect(await axeFaults(receiver)).toEqual([])
  await receiver.getByRole('link', { name: 'Add a need' }).click()
  await expect(receiver.getByLabel('Medical', { exact: true })).toBeVisible()
  expect(await axeFaults(receiver)).toEqual([])
  await receiver.getByLabel('Medical', { exact: true }).check()
  await receiver.getByRole('button', { name: /^Save/ }).click()
  await expect(receiver.getByText('Need added')).toBeVisible()
  await receiver
    .getByRole('row', { name: /Medical/ })
    .getByRole('link')
    .click()
  await receiver.getByLabel('Planned', { exact: true }).check()
  await receiver.getByRole('button', { name: /^Save/ }).click()
  await expect(receiver.getByRole('row', { name: /Medical/ }).getByText('Planned')).toBeVisible()
  expect(await receiver.content()).not.toContain(NAME)
  await receiver.getByRole('link', { name: 'Open what was shared' }).click()
  await expect(receiver.getByText(NAME).first()).toBeVisible()

  await sender.goto(`/cases/${file}`)
  await expect(sender.getByText('leads this case.', { exact: false })).toBeVisible()
  await receiver.goto(`/referrals/${code}/complete`)
  await receiver.getByRole('radio').first().check()
  await receiver.getByRole('button', { name: 'Give the lead back' }).click()
  await expect(receiver.getByText('You gave the lead back').first()).toBeVisible()
  await sender.goto(`/cases/${file}/needs`)
  await expect(sender.getByText('leads this case.', { exact: false })).toHaveCount(0)
  await expect(sender.getByRole('row', { name: /Medical/ })).toBeVisible()
})
