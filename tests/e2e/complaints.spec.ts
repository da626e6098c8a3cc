import { expect, test } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { plantCase } from '../support/emergency'
import { signIn } from '../support/sign-in'

test.describe('a complaint with a code from paper', () => {
  test.use({ javaScriptEnabled: false })

  test('goes from a slip to the body that oversees, and its answer back to whoever has its code', async ({
    page,
    browser,
  }) => {
    const { case: code } = await plantCase(page.request)
    await signIn(page, 'caseworker@harbour.example')
    await page.goto(`/cases/${code}/complaint-slips`)
    await page.getByLabel('English').check()
    await page.getByRole('button', { name: 'Make a slip' }).click()
    await expect(page.getByRole('heading', { name: 'Tell us how it was' })).toBeVisible()
    const slip = /slips\/(CMP-[0-9A-Z]{9})/.exec(page.url())?.[1] ?? ''

    const person = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await person.goto('/complaints/new')
    await person.getByRole('button', { name: 'Send complaint' }).click()
    await expect(person.getByText('Choose what it is about').first()).toBeVisible()
    await person.getByLabel('Code on your slip').fill(slip)
    await person.getByLabel('I waited too long').check()
    await person.getByLabel('What happened?').fill('Ask 0770 090 0187 about it')
    await person.getByLabel('I look it up here').check()
    await person.getByRole('button', { name: 'Send complaint' }).click()
    await expect(person.getByText('Nobody has read it yet.')).toBeVisible()
    const receipt = /complaints\/(CPL-[0-9A-Z]{9})/.exec(person.url())?.[1] ?? ''

    // The accessibility rules are looked at by a script.
    const auditor = await (await browser.newContext({ javaScriptEnabled: true })).newPage()
    await signIn(auditor, 'auditor@rapporteur.example')
    await auditor.goto(`/oversight/complaints/${receipt}`)
    await expect(auditor.getByText('Ask […] about it')).toBeVisible()
    expect(await axeFaults(auditor)).toEqual([])
    await auditor.getByLabel('We found that you are right.', { exact: true }).check()
    await auditor.getByLabel('We asked the agency to put it right.').check()
    await auditor.getByRole('button', { name: 'Send answer' }).click()
    await expect(auditor.getByText('The answer can be read now')).toBeVisible()

    await person.goto('/complaints')
    await person.getByLabel('Code of your complaint').fill(receipt)
    await person.getByRole('button', { name: 'Show answer' }).click()
    await expect(person.getByText('We found that you are right.')).toBeVisible()

    for (const address of ['/complaints/new', '/complaints', `/complaints/${receipt}`, '/oversight/complaints']) {
      await auditor.goto(address)
      await auditor.setViewportSize({ width: 320, height: 800 })
      expect(await sidewaysBy(auditor), address).toBeLessThanOrEqual(0)
      // The way out lies under nothing: no bar of a form covers it on a phone.
      await auditor.getByRole('button', { name: 'Leave', exact: true }).click({ trial: true })
      expect(await axeFaults(auditor), address).toEqual([])
    }
  })
})
