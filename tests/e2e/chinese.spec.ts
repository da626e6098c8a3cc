import { expect, test } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { makerFor } from '../support/maker'
import { invited, speak } from '../support/newcomer'
import { tokenOf } from '../support/token'

test('pages of a person, a case and a referral hold in Chinese: no fault that axe finds, and they fit 320 px', async ({
  browser,
  request,
}) => {
  test.setTimeout(180_000)
  const { page, email } = await invited(browser, 'admin@harbour.example', ['Caseworker'])
  const made = await makerFor(request, email)
  const person = await made('persons', { identity: { names: [{ value: '欧阳慧静' }] } })
  const file = await made('cases', { person })
  const need = await made(`cases/${file}/needs`, { category: 'legal' })
  const consent = { purpose: 'sharing', agency: 'legalaid', categories: ['legal'], identity: 'full' }
  await made(`cases/${file}/consents`, { ...consent, endsOn: '2099-12-31' })
  const referral = await made('referrals', { case: file, needs: [need], toAgency: 'legalaid' })
  await speak(page, '简体中文')
  for (const address of [
    '/persons/find',
    `/persons/${person}`,
    `/persons/${person}/edit/profile`,
    `/cases/${file}`,
    `/referrals/${referral}`,
  ]) {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(address)
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans')
    expect(await axeFaults(page), address).toEqual([])
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await sidewaysBy(page), address).toBeLessThanOrEqual(0)
  }
  // The draft is sent, asked about, answered and withdrawn again by the words of this language.
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole('button', { name: '发出转介' }).click()
  await expect(page.getByText('已发出，尚未查看')).toBeVisible()
  const asked = await request.post(`/api/v1/referrals/${referral}/request-info`, {
    headers: { authorization: `Bearer ${await tokenOf('caseworker@legalaid.example')}` },
    data: { question: '什么时候开庭？' },
  })
  expect(asked.status(), await asked.text()).toBe(200)
  await page.goto(`/referrals/${referral}`)
  await expect(page.getByText('什么时候开庭？')).toBeVisible()
  await page.getByLabel('您的回答').fill('下个月。')
  await page.getByRole('button', { name: '回答' }).click()
  await expect(page.getByText('已回答。计时继续')).toBeVisible()
  await page.getByRole('link', { name: '撤回转介' }).click()
  await page.getByRole('button', { name: '撤回转介' }).click()
  await expect(page.getByText('转出机构已撤回。')).toBeVisible()
  await page.context().close()
})
