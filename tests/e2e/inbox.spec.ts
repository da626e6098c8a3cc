import { expect, test, type APIRequestContext, type Page } from '@playwright/test'

import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

const LEAD = 'caseworker@legalaid.example'
const COLLEAGUE = 'caseworker2@legalaid.example'

// One after the other: they count the messages of the same member.
test.describe.configure({ mode: 'default' })

/** A new case of the lead's; returns its code. */
async function newCase(request: APIRequestContext): Promise<string> {
  const headers = { authorization: `Bearer ${await tokenOf(LEAD)}` }
  const person = (await (await request.post('/api/v1/persons', { headers, data: {} })).json()) as { code: string }
  const made = await request.post('/api/v1/cases', { headers, data: { person: person.code } })
  return ((await made.json()) as { code: string }).code
}

/** The lead puts the colleague on the case's team. */
async function addToTeam(page: Page, code: string, name: string): Promise<void> {
  await page.goto(`/cases/${code}/team`)
  await page.getByRole('combobox').last().selectOption({ label: name })
  await page.getByRole('button', { name: 'Add to team' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: name })).toBeVisible()
}

const inboxLink = (page: Page) => page.getByRole('banner').getByRole('link', { name: /^Inbox/ })

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('whoever is added to a team is told by the code of the case, opens it, and has read it', async ({
      page,
      browser,
      request,
      baseURL,
    }) => {
      const colleague = await (await browser.newContext({ baseURL: baseURL ?? '', javaScriptEnabled })).newPage()
      await signIn(colleague, COLLEAGUE)
      await colleague.goto('/profile')
      const name = await colleague.locator('main dd').first().innerText()
      await colleague.goto('/inbox')
      const readAll = colleague.getByRole('button', { name: 'Mark all as read' })
      if (await readAll.isVisible()) {
        await readAll.click()
        await expect(colleague.getByText('All marked as read')).toBeVisible()
      }
      await expect(inboxLink(colleague)).toHaveAccessibleName('Inbox')

      await signIn(page, LEAD)
      const [first, second] = [await newCase(request), await newCase(request)]
      await addToTeam(page, first, name)
      await addToTeam(page, second, name)

      await colleague.goto('/inbox')
      await expect(inboxLink(colleague)).toContainText('2 unread')
      expect(await colleague.title()).toBe('Inbox, Amparo')
      await colleague
        .getByRole('form', { name: `You were added to a team, ${first}` })
        .getByRole('button')
        .click()
      await expect(colleague).toHaveURL(`/cases/${first}`)
      await expect(inboxLink(colleague)).toContainText('1 unread')
      await colleague.goto('/inbox')
      await expect(colleague.getByRole('form', { name: new RegExp(first) })).toHaveCount(0)
      await colleague.getByRole('button', { name: 'Mark all as read' }).click()
      await expect(colleague.getByText('All marked as read')).toBeVisible()
      await expect(inboxLink(colleague)).toHaveAccessibleName('Inbox')
    })
  })
}

test('a member chooses what comes by mail, but not for what tells of their account', async ({ page }) => {
  await signIn(page, COLLEAGUE)
  await page.goto('/profile')
  await page.getByRole('link', { name: 'Choose what comes by mail' }).click()
  const team = page.getByRole('group', { name: 'You were added to a team' })
  const account = page.getByRole('group', { name: 'Your role was changed by an administrator' })
  await expect(team.getByLabel('By mail in working hours')).toBeChecked()
  await expect(account.getByLabel('Inbox only')).toHaveCount(0)
  await team.getByLabel('Inbox only').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved')).toBeVisible()
  await page.reload()
  await expect(team.getByLabel('Inbox only')).toBeChecked()
  await team.getByLabel('By mail in working hours').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved')).toBeVisible()
})

test('the system administrator sees the queues, and the last turn of each periodic job', async ({ page }) => {
  await signIn(page, 'system@amparo.example')
  await page.goto('/')
  await page.getByRole('link', { name: 'Background jobs' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Background jobs')
  await expect(page.getByRole('row', { name: /notice-mail/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /fold-rollups/ })).toContainText(/Went well|At work/)
})
