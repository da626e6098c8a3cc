import { expect, test, type APIRequestContext, type Page } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { makerFor } from '../support/maker'
import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

const COORDINATOR = 'coordinator@victimsupport.example'
const SENDER = 'caseworker@harbour.example'
const RECEIVER = 'caseworker@legalaid.example'
const NAME = 'Hyacinth Deskmarker'

/** A referral that waits at the legal aid, as the API makes it. */
async function waiting(request: APIRequestContext): Promise<{ readonly code: string; readonly case: string }> {
  const made = await makerFor(request, SENDER)
  const person = await made('persons', { identity: { names: [{ value: NAME }] } })
  const file = await made('cases', { person })
  const need = await made(`cases/${file}/needs`, { category: 'legal', type: 'information_advice', urgency: 'urgent' })
  await made(`cases/${file}/consents`, {
    ...{ purpose: 'sharing', agency: 'legalaid', categories: ['legal'] },
    ...{ identity: 'full', endsOn: '2099-12-31' },
  })
  const code = await made('referrals', {
    ...{ case: file, needs: [need], toAgency: 'legalaid' },
    ...{ urgency: 'urgent', reason: 'Needs advice this week.', send: true },
  })
  return { code, case: file }
}

async function acknowledges(request: APIRequestContext, code: string): Promise<void> {
  const headers = { authorization: `Bearer ${await tokenOf(RECEIVER)}` }
  const answer = await request.post(`/api/v1/referrals/${code}/acknowledge`, { headers, data: {} })
  expect(answer.status(), await answer.text()).toBe(200)
}

async function holds(page: Page): Promise<void> {
  expect(await axeFaults(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 800 })
  expect(await sidewaysBy(page)).toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1280, height: 800 })
}

test.describe('the coordinator’s desk', () => {
  test('shows what waits without a word about a person, and reminds, asks and passes upwards', async ({
    page,
    request,
    browser,
  }) => {
    test.slow()
    const { code, case: file } = await waiting(request)
    await signIn(page, COORDINATOR)
    await page.goto('/')
    await expect(page).toHaveURL('/desk')
    await expect(page.getByRole('heading', { name: 'Not seen yet' })).toBeVisible()
    await holds(page)

    await page.goto('/desk/lanes/unseen?category=legal&agency=legalaid')
    await holds(page)
    await page.goto(`/desk/${code}`)
    await expect(page.getByText('Harbour House to Legal Aid', { exact: false }).first()).toBeVisible()
    await holds(page)
    expect(await page.content()).not.toContain(NAME)
    expect(await page.content()).not.toContain(file)
    await page.getByRole('button', { name: 'Remind whoever answers' }).click()
    await expect(page.getByText('Whoever answers is reminded')).toBeVisible()
    await page.getByRole('button', { name: 'Remind whoever answers' }).click()
    await expect(page.getByText('That was just done', { exact: false }).first()).toBeVisible()
    await page.getByLabel('What to ask').selectOption('later_start')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await expect(page.getByRole('listitem').filter({ hasText: 'would a later start be possible' })).toBeVisible()
    await page.getByRole('button', { name: 'Tell their supervisors' }).click()
    await expect(page.getByText('The supervisors and administrators of the receiving agency are told')).toBeVisible()

    const receiver = await (await browser.newContext()).newPage()
    await signIn(receiver, RECEIVER)
    await receiver.goto('/inbox')
    await expect(receiver.getByText('The coordinator reminds you', { exact: false }).first()).toBeVisible()
    await page.goto('/desk/network')
    await holds(page)
    await expect(page.getByRole('row', { name: /Harbour House to Legal Aid/ })).toBeVisible()
  })

  test('says when something changed since, and moves nothing by itself', async ({ page, request }) => {
    const { code } = await waiting(request)
    await signIn(page, COORDINATOR)
    await page.goto('/desk')
    await expect(page.getByRole('heading', { name: 'Not seen yet' })).toBeVisible()
    await acknowledges(request, code)
    await page.getByRole('link', { name: 'Show it' }).click({ timeout: 30_000 })
    await expect(page.getByRole('heading', { name: 'Seen, undecided' })).toBeVisible()
  })

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false })
    test('reminds and asks', async ({ page, request }) => {
      const { code } = await waiting(request)
      await signIn(page, COORDINATOR)
      await page.goto(`/desk/${code}`)
      await page.getByRole('button', { name: 'Ask', exact: true }).click()
      await expect(page.getByText('Choose what to ask').first()).toBeVisible()
      await page.getByLabel('What to ask').selectOption('answer_soon')
      await page.getByRole('button', { name: 'Ask', exact: true }).click()
      await expect(page.getByRole('listitem').filter({ hasText: 'please answer today' })).toBeVisible()
    })
  })
})
