import { expect, test, type APIRequestContext, type Page } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { makerFor } from '../support/maker'
import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

const SENDER = 'caseworker@harbour.example'
const RECEIVER = 'caseworker@legalaid.example'
const COLLEAGUE = 'caseworker2@legalaid.example'
const NAME = 'Ottilie Brandwater'

type Started = { readonly case: string; readonly need: string; readonly consent: string }

/** A case with a legal need, whose person agreed to share with the legal aid, in full. */
async function started(request: APIRequestContext): Promise<Started & { readonly token: string }> {
  const token = await tokenOf(SENDER)
  const made = await makerFor(request, SENDER)
  const person = await made('persons', {
    identity: { names: [{ value: NAME }], phones: ['+447700900321'] },
    safeContact: { channels: { text: { safe: true, from: '10:00', until: '14:00' } } },
  })
  const file = await made('cases', { person })
  const need = await made(`cases/${file}/needs`, { category: 'legal', type: 'information_advice', urgency: 'urgent' })
  const consent = await made(`cases/${file}/consents`, {
    purpose: 'sharing',
    agency: 'legalaid',
    categories: ['legal'],
    identity: 'full',
    endsOn: '2099-12-31',
  })
  return { case: file, need, consent, token }
}

/** Refers the need by the pages; returns the referral's code. */
async function refers(page: Page, { case: file, need }: Started): Promise<string> {
  await page.goto(`/cases/${file}/needs/${need}`)
  await page.getByRole('link', { name: 'Refer', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Who can help' })).toBeVisible()
  await page.getByRole('link', { name: /^Choose: First advice by phone/ }).click()
  await expect(page.getByText('To Legal Aid')).toBeVisible()
  await expect(page.getByText(NAME)).toHaveCount(0)
  expect(await axeFaults(page)).toEqual([])
  await page.getByLabel('Urgent').check()
  await page.getByLabel('Reason').fill('Needs advice before a hearing next week.')
  await page.getByRole('button', { name: 'Send referral' }).click()
  await expect(page.getByText('Sent, not seen yet')).toBeVisible()
  return /REF-[0-9A-Z]{9}/.exec(page.url())?.[0] ?? ''
}

test.describe('referrals between two agencies', () => {
  test('go from a need to an outcome: refer, see, ask, answer, accept, open, serve, complete, close', async ({
    browser,
    request,
  }) => {
    test.setTimeout(180_000)
    const sender = await (await browser.newContext()).newPage()
    const receiver = await (await browser.newContext()).newPage()
    await signIn(sender, SENDER)
    await signIn(receiver, RECEIVER)
    const of = await started(request)
    const code = await refers(sender, of)
    const path = `/referrals/${code}`

    // Whoever has to answer sees it on the first page.
    await receiver.goto('/')
    await expect(receiver.getByRole('heading', { name: 'Referrals to answer' })).toBeVisible()
    await receiver.goto('/referrals')
    expect(await axeFaults(receiver)).toEqual([])
    await receiver.goto(path)
    await expect(receiver.getByText('You see no name before you accept', { exact: false })).toBeVisible()
    await expect(receiver.getByText('Needs advice before a hearing next week.')).toBeVisible()
    const before = await receiver.content()
    expect(before).not.toContain(NAME)
    expect(before).not.toContain(of.case)
    expect(await axeFaults(receiver)).toEqual([])
    expect((await receiver.request.get(`${path}/package`)).status()).toBe(404)
    await receiver.getByRole('button', { name: 'Acknowledge' }).click()
    await expect(receiver.getByText('Acknowledged. The sender knows')).toBeVisible()

    await receiver.goto(`${path}/ask`)
    expect(await axeFaults(receiver)).toEqual([])
    await receiver.getByLabel('Your question').fill('Is an interpreter needed?')
    await receiver.getByRole('button', { name: 'Ask' }).click()
    await expect(receiver.getByText('Asked. The clock stands still')).toBeVisible()
    await sender.goto(path)
    await expect(sender.getByText('Is an interpreter needed?')).toBeVisible()
    await sender.getByLabel('Your answer').fill('No, they speak English.')
    await sender.getByRole('button', { name: 'Answer' }).click()
    await expect(sender.getByText('The clock runs again')).toBeVisible()

    await receiver.goto(`${path}/accept`)
    expect(await axeFaults(receiver)).toEqual([])
    await receiver.getByRole('button', { name: 'Accept' }).click()
    await expect(receiver.getByText('Accepted: start')).toBeVisible()
    await receiver.getByRole('link', { name: 'Open what was shared' }).click()
    await expect(receiver.getByText(NAME).first()).toBeVisible()
    await expect(receiver.getByText('+447700900321')).toBeVisible()
    expect(await axeFaults(receiver)).toEqual([])

    await receiver.goto(`${path}/services/new`)
    await receiver.getByLabel('Service').selectOption('legal.information_advice')
    await receiver.getByLabel('For which need?').selectOption(of.need)
    await receiver.getByRole('button', { name: 'Save service' }).click()
    await expect(receiver.getByText('Service saved')).toBeVisible()
    const headers = { authorization: `Bearer ${of.token}` }
    expect(await (await request.get(`/api/v1/cases/${of.case}/services`, { headers })).text()).toContain(of.need)
    await receiver.getByRole('button', { name: 'Start helping' }).click()
    await expect(receiver.getByText('Help under way')).toBeVisible()
    await sender.goto(`/cases/${of.case}/services`)
    await expect(sender.getByText('Legal Aid').first()).toBeVisible()

    await receiver.goto(`${path}/complete`)
    await receiver.getByLabel('The need is met').check()
    await receiver.getByRole('button', { name: 'Complete' }).click()
    await expect(receiver.getByText('Completed', { exact: true }).first()).toBeVisible()
    expect((await receiver.request.get(`${path}/package`)).status()).toBe(404)
    await sender.goto(path)
    await sender.getByLabel('It helped').check()
    await sender.getByRole('button', { name: 'Close referral' }).click()
    await expect(sender.getByText('Closed', { exact: true }).first()).toBeVisible()
  })

  test('end with the consent: the next request for the package is 404, the skeleton stays', async ({
    page,
    request,
  }) => {
    const of = await started(request)
    const headers = { authorization: `Bearer ${of.token}` }
    const made = await request.post('/api/v1/referrals', {
      headers,
      data: { case: of.case, needs: [of.need], toAgency: 'legalaid', send: true },
    })
    const { code } = (await made.json()) as { code: string }
    await signIn(page, RECEIVER)
    await page.goto(`/referrals/${code}/accept`)
    await page.getByRole('button', { name: 'Accept' }).click()
    await expect(page.getByText('Accepted: start')).toBeVisible()
    // Loaded as a whole: the page brings its facts a second time, as data for its script.
    await page.goto(`/referrals/${code}/package`)
    await expect(page.getByText(NAME).first()).toBeVisible()
    const taken = await request.post(`/api/v1/consents/${of.consent}/withdraw`, { headers, data: {} })
    expect(taken.status(), await taken.text()).toBe(200)
    await expect(page.getByText('What allowed the sharing has ended', { exact: false })).toBeVisible({
      timeout: 30_000,
    })
    await expect(page).toHaveURL(new RegExp(`/referrals/${code}$`))
    expect((await page.request.get(`/referrals/${code}/package`)).status()).toBe(404)
    expect(await page.content()).not.toContain(NAME)
  })

  test('are no colleague’s to answer, and fit a narrow screen', async ({ browser, request }) => {
    const of = await started(request)
    const made = await request.post('/api/v1/referrals', {
      headers: { authorization: `Bearer ${of.token}` },
      data: { case: of.case, needs: [of.need], toAgency: 'legalaid', send: true, reason: 'Needs advice.' },
    })
    const { code } = (await made.json()) as { code: string }
    const page = await (await browser.newContext({ viewport: { width: 320, height: 700 } })).newPage()
    await signIn(page, COLLEAGUE)
    await page.goto(`/referrals/${code}`)
    await expect(page.getByRole('main').getByRole('link', { name: 'Accept' })).toHaveCount(0)
    await expect(page.getByText('Needs advice.')).toHaveCount(0)
    expect((await page.request.get(`/referrals/${code}/accept`)).status()).toBe(404)
    for (const path of ['/referrals', '/referrals?view=ended', `/referrals/${code}`]) {
      await page.goto(path)
      expect(await sidewaysBy(page), path).toBeLessThanOrEqual(0)
    }
  })
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a receiver declines with a reason, and the sender reads it', async ({ page, browser, request }) => {
    const of = await started(request)
    const made = await request.post('/api/v1/referrals', {
      headers: { authorization: `Bearer ${of.token}` },
      data: { case: of.case, needs: [of.need], toAgency: 'legalaid', send: true },
    })
    const { code } = (await made.json()) as { code: string }
    await signIn(page, RECEIVER)
    await page.goto(`/referrals/${code}`)
    await page.getByRole('link', { name: 'Decline' }).click()
    await page.getByRole('button', { name: 'Decline' }).click()
    await expect(page.getByText('Choose why you decline').first()).toBeVisible()
    await page.getByLabel('No room at present').check()
    await page.getByRole('button', { name: 'Decline' }).click()
    await expect(page.getByText('You declined')).toBeVisible()
    const sender = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await signIn(sender, SENDER)
    await sender.goto(`/referrals/${code}`)
    await expect(sender.getByText('Declined: find another agency')).toBeVisible()
    await expect(sender.getByText('No room at present')).toBeVisible()
  })

  test('a receiver takes on one of two needs, and the other one is open again', async ({ page, request }) => {
    const of = await started(request)
    const headers = { authorization: `Bearer ${of.token}` }
    const made = await makerFor(request, SENDER)
    const second = await made(`cases/${of.case}/needs`, { category: 'legal', type: 'civil_documents' })
    const code = await made('referrals', {
      ...{ case: of.case, needs: [of.need, second], toAgency: 'legalaid', send: true },
    })
    await signIn(page, RECEIVER)
    await page.goto(`/referrals/${code}/accept`)
    await page.getByLabel('Civil documents').uncheck()
    await page.getByRole('button', { name: 'Accept' }).click()
    await expect(page.getByText('Accepted: start')).toBeVisible()
    await page.goto(`/referrals/${code}/package`)
    await expect(page.getByText(NAME).first()).toBeVisible()
    const stateOf = async (need: string) =>
      ((await (await request.get(`/api/v1/needs/${need}`, { headers })).json()) as { state: string }).state
    expect([await stateOf(of.need), await stateOf(second)]).toEqual(['planned', 'open'])
  })
})
