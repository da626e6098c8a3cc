import { expect, test, type APIRequestContext } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

const SENDER = 'caseworker@harbour.example'
const RECEIVER = 'caseworker@legalaid.example'
const NAME = 'Leocadia Fernwhistle'

/** A referral that legal aid accepted, whose person agreed that it keeps a file of its own. */
async function accepted(request: APIRequestContext) {
  const tokens = { sender: await tokenOf(SENDER), receiver: await tokenOf(RECEIVER) }
  const post = async (by: keyof typeof tokens, path: string, data: object) => {
    const answer = await request.post(`/api/v1/${path}`, {
      data,
      headers: { authorization: `Bearer ${tokens[by]}` },
    })
    expect(answer.ok(), `${path} ${await answer.text()}`).toBe(true)
    return ((await answer.json()) as { code: string }).code
  }
  const person = await post('sender', 'persons', {
    identity: { names: [{ value: NAME }], phones: ['+447700900654'] },
    safeContact: { channels: { text: true } },
  })
  const file = await post('sender', 'cases', { person })
  const need = await post('sender', `cases/${file}/needs`, { category: 'legal', urgency: 'urgent' })
  const agreed = { agency: 'legalaid', categories: ['legal'], identity: 'full', endsOn: '2099-12-31' }
  await post('sender', `cases/${file}/consents`, { ...agreed, purpose: 'sharing' })
  const consent = await post('sender', `cases/${file}/consents`, { ...agreed, purpose: 'own_file' })
  const referral = await post('sender', 'referrals', { case: file, needs: [need], toAgency: 'legalaid', send: true })
  await post('receiver', `referrals/${referral}/accept`, {})
  return { person, referral, withdraw: () => post('sender', `consents/${consent}/withdraw`, {}) }
}

test('a receiver opens a file of its own, both agencies know, and it asks for a basis once the consent is taken back', async ({
  browser,
  request,
}) => {
  test.setTimeout(120_000)
  const of = await accepted(request)
  const receiver = await (await browser.newContext({ viewport: { width: 320, height: 800 } })).newPage()
  const sender = await (await browser.newContext()).newPage()
  await signIn(receiver, RECEIVER)
  await signIn(sender, SENDER)
  const path = `/referrals/${of.referral}`

  await receiver.goto(path)
  await receiver.getByRole('link', { name: 'Open our own file' }).click()
  await expect(receiver.getByRole('heading', { name: 'On what does your own file rest?' })).toBeVisible()
  expect(await axeFaults(receiver)).toEqual([])
  await receiver.getByRole('link', { name: 'Choose: The person agreed, as the referring agency recorded' }).click()
  await expect(receiver.getByRole('heading', { name: 'Open our own file' })).toBeVisible()
  await expect(receiver.getByText(NAME).first()).toBeVisible()
  expect(await axeFaults(receiver)).toEqual([])
  expect(await sidewaysBy(receiver)).toBeLessThanOrEqual(0)
  await receiver.getByRole('button', { name: 'Open our own file' }).click()
  await expect(receiver.getByText('Choose what is copied').first()).toBeVisible()
  await receiver.getByLabel('Full name').check()
  await receiver.getByLabel('Make a new record').check()
  await receiver.getByRole('button', { name: 'Open our own file' }).click()
  await expect(receiver.getByText('Your own file is open')).toBeVisible()
  expect(await axeFaults(receiver)).toEqual([])
  const own = /AMP-[0-9A-Z]{9}/.exec(await receiver.locator('main').innerHTML())?.[0] ?? ''
  const ownCase = /CAS-[0-9A-Z]{9}/.exec(await receiver.locator('main').innerHTML())?.[0] ?? ''
  expect(own).not.toBe(of.person)

  await sender.goto(path)
  await expect(sender.getByText('keeps a file of its own about this person', { exact: false })).toBeVisible()
  expect(await sender.content()).not.toContain(own)
  expect(await axeFaults(sender)).toEqual([])
  await sender.goto(`/persons/${of.person}/statement`)
  await sender.getByRole('radio', { name: 'English' }).check()
  await sender.getByRole('button', { name: 'Make the statement' }).click()
  await expect(sender.getByRole('heading', { name: 'Who keeps a file of their own about you' })).toBeVisible()
  await expect(sender.getByText('you agreed, as we wrote down')).toBeVisible()

  await of.withdraw()
  // Where the task leads.
  await receiver.goto(`/cases/${ownCase}/own-file`)
  await expect(receiver.getByText('What this file rests on has ended', { exact: false })).toBeVisible()
  await receiver.getByLabel('A legal duty of our agency').check()
  await receiver.getByLabel('A lawyer’s file').check()
  expect(await axeFaults(receiver)).toEqual([])
  await receiver.getByRole('button', { name: 'Record basis' }).click()
  await expect(receiver.getByText('The basis is recorded')).toBeVisible()
  await expect(receiver.getByText('Rules of the bar, section 50')).toBeVisible()
})
