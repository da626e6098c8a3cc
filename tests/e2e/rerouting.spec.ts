import { expect, test, type APIRequestContext } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { makerFor } from '../support/maker'
import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

const SENDER = 'caseworker@harbour.example'
const FIRST = 'caseworker@legalaid.example'
const SECOND = 'caseworker@immigration.example'
const COORDINATOR = 'coordinator@victimsupport.example'
const NAME = 'Perpetua Reroutemarker'

/** A referral that the legal aid declined for want of room, as the API makes it. */
async function declined(request: APIRequestContext): Promise<{ readonly code: string; readonly case: string }> {
  const as = async (email: string) => ({ authorization: `Bearer ${await tokenOf(email)}` })
  const made = await makerFor(request, SENDER)
  const person = await made('persons', { identity: { names: [{ value: NAME }] } })
  const file = await made('cases', { person })
  const need = await made(`cases/${file}/needs`, { category: 'legal', type: 'information_advice', urgency: 'urgent' })
  await made(`cases/${file}/consents`, {
    ...{ purpose: 'sharing', agency: 'legalaid', categories: ['legal'] },
    ...{ identity: 'full', endsOn: '2099-12-31' },
  })
  const code = await made('referrals', {
    case: file,
    needs: [need],
    toAgency: 'legalaid',
    urgency: 'urgent',
    send: true,
  })
  const answer = await request.post(`/api/v1/referrals/${code}/decline`, {
    headers: await as(FIRST),
    data: { declineReason: 'no_capacity' },
  })
  expect(answer.status(), await answer.text()).toBe(200)
  return { code, case: file }
}

test('three agencies: declined, rerouted by the coordinator, a new basis, accepted', async ({ browser, request }) => {
  test.setTimeout(150_000)
  const { code, case: file } = await declined(request)
  const open = async (email: string, javaScriptEnabled = true) => {
    const page = await (await browser.newContext({ javaScriptEnabled })).newPage()
    await signIn(page, email)
    return page
  }

  const desk = await open(COORDINATOR, false)
  await desk.goto(`/desk/${code}`)
  const asked = desk.getByRole('group', { name: 'Which service' })
  await expect(asked.getByText('Advice on papers and status')).toBeVisible()
  expect(await desk.content()).not.toContain(NAME)
  expect(await desk.content()).not.toContain(file)
  await asked.getByLabel('Advice on papers and status').check()
  await desk.getByRole('button', { name: 'Reroute' }).click()
  await expect(desk.getByText('Rerouted. The sender is told')).toBeVisible()
  const made = /REF-[0-9A-Z]{9}/.exec(desk.url())?.[0] ?? ''
  expect(made).not.toBe(code)
  await expect(desk.getByText('Nothing of the person has gone to the agency yet', { exact: false })).toBeVisible()

  const second = await open(SECOND)
  await second.goto(`/referrals/${made}`)
  await expect(second.getByText('until then you can acknowledge or decline', { exact: false })).toBeVisible()
  await expect(second.getByRole('main').getByRole('link', { name: 'Accept' })).toHaveCount(0)
  expect(await second.content()).not.toContain(code)
  expect(await axeFaults(second)).toEqual([])

  const sender = await open(SENDER)
  await sender.goto('/inbox')
  await expect(sender.getByText('The coordinator asked another agency', { exact: false }).first()).toBeVisible()
  await sender.goto(`/referrals/${made}`)
  await expect(sender.getByText('The person has not agreed to sharing with Immigration Office')).toBeVisible()
  await expect(sender.getByRole('link', { name: 'Withdraw referral' })).toBeVisible()
  expect(await axeFaults(sender)).toEqual([])
  await sender.setViewportSize({ width: 320, height: 800 })
  expect(await sidewaysBy(sender)).toBeLessThanOrEqual(0)
  await sender.setViewportSize({ width: 1280, height: 800 })
  await sender.getByRole('link', { name: 'Record the answer' }).click()
  await expect(sender.getByLabel('Who may receive it?')).toHaveValue('agency:immigration')
  const consent = await request.post(`/api/v1/cases/${file}/consents`, {
    headers: { authorization: `Bearer ${await tokenOf(SENDER)}` },
    data: { purpose: 'sharing', agency: 'immigration', categories: ['legal'], identity: 'full', endsOn: '2099-12-31' },
  })
  expect(consent.status(), await consent.text()).toBe(201)
  await sender.goto(`/referrals/${made}`)
  await sender.getByRole('button', { name: 'Share with Immigration Office' }).click()
  await expect(sender.getByText('Your team shared with Immigration Office', { exact: false })).toBeVisible()
  expect(await axeFaults(sender)).toEqual([])

  await second.goto(`/referrals/${made}/accept`)
  expect(await second.content()).not.toContain(NAME)
  await second.getByRole('button', { name: 'Accept' }).click()
  await second.getByRole('link', { name: 'Open what was shared' }).click()
  await expect(second.getByText(NAME).first()).toBeVisible()

  await sender.goto(`/referrals/${code}`)
  await expect(sender.getByRole('heading', { name: 'What the coordinator did' })).toBeVisible()
  await expect(sender.locator(`main a[href="/referrals/${made}"]`)).toBeVisible()
})
