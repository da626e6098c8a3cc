import { expect, test } from '@playwright/test'

import { amparo } from '../support/boot'
import { makerFor } from '../support/maker'
import { signIn } from '../support/sign-in'

const SENDER = 'caseworker@harbour.example'
const RECEIVER = 'caseworker@legalaid.example'
const COORDINATOR = 'coordinator@victimsupport.example'

test('an emergency that nobody answers is late, is passed upwards, and runs out: its need is open again', async ({
  browser,
  request,
}) => {
  test.setTimeout(150_000)
  const made = await makerFor(request, SENDER)
  const person = await made('persons', { identity: { names: [{ value: 'Ismene Latemarker' }] } })
  const file = await made('cases', { person })
  const need = await made(`cases/${file}/needs`, { category: 'legal', urgency: 'emergency' })
  const consent = { purpose: 'sharing', agency: 'legalaid', categories: ['legal'], identity: 'full' }
  await made(`cases/${file}/consents`, { ...consent, endsOn: '2099-12-31' })
  const code = await made('referrals', {
    ...{ case: file, needs: [need], toAgency: 'legalaid', urgency: 'emergency', send: true },
  })
  const advance = (by: string) => amparo(process.env['AMPARO_TEST_DATA_DIR'] ?? '', ['clock', 'advance', by])
  const open = async (email: string, path: string) => {
    const page = await (await browser.newContext()).newPage()
    await signIn(page, email)
    await page.goto(path)
    return page
  }

  await advance('90m')
  const receiver = await open(RECEIVER, `/referrals/${code}`)
  await expect(receiver.getByText(/Not acknowledged, .* late/).first()).toBeVisible()
  await expect(receiver.getByText('Answer is late').first()).toBeVisible()
  const above = await open(COORDINATOR, '/inbox')
  await expect(above.locator(`a[href*="${code}"]`).first()).toBeVisible()

  // Three times the four hours in which an emergency is decided.
  await advance('12h')
  const sender = await open(SENDER, `/referrals/${code}`)
  await expect(sender.getByText('No answer, find another agency').first()).toBeVisible()
  await sender.goto(`/cases/${file}/needs/${need}`)
  await expect(sender.getByRole('link', { name: 'Refer', exact: true })).toBeVisible()
  await receiver.goto(`/referrals/${code}`)
  await expect(receiver.getByText('Not answered in time').first()).toBeVisible()
  expect((await receiver.request.get(`/referrals/${code}/package`)).status()).toBe(404)
})
