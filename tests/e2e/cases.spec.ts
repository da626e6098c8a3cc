import { expect, test, type Browser, type Page } from '@playwright/test'

import { comparable } from '../support/same-page'
import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

const OWNER = 'caseworker@harbour.example'
const COLLEAGUE = 'caseworker2@harbour.example'

let token: string

test.beforeAll(async () => {
  token = await tokenOf(OWNER)
})

/** A person whom the owner of the token registered. */
async function registered(page: Page): Promise<string> {
  const made = await page.request.post('/api/v1/persons', { data: {}, headers: { Authorization: `Bearer ${token}` } })
  expect(made.status()).toBe(201)
  return ((await made.json()) as { code: string }).code
}

/** A case opened by the page that asks once; ends on the case and returns its code. */
async function openCase(page: Page, risk?: 'High' | 'Medium' | 'Low'): Promise<string> {
  const person = await registered(page)
  await page.goto(`/cases/new?person=${person}`)
  if (risk !== undefined) await page.getByRole('radio', { name: risk, exact: true }).check()
  await page.getByRole('button', { name: 'Open case' }).click()
  await page.waitForURL(/\/cases\/CAS-[0-9A-Z]{9}$/)
  await expect(page.getByText('Case opened').first()).toBeVisible()
  return /CAS-[0-9A-Z]{9}/.exec(page.url())?.[0] ?? ''
}

async function as(browser: Browser, email: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await signIn(page, email)
  return page
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test.beforeEach(async ({ page }) => {
      await signIn(page, OWNER)
    })

    test('a case is opened, changed, closed and reopened on pages of their own', async ({ page }) => {
      const code = await openCase(page, 'High')
      await expect(page.getByText('High risk').first()).toBeVisible()
      await expect(page.getByRole('link', { name: 'Risk review', exact: true })).toBeVisible()

      await page.goto(`/cases/${code}/edit`)
      await page.getByRole('radio', { name: 'Support plan' }).check()
      await page.getByRole('radio', { name: 'Low', exact: true }).check()
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await expect(page.getByText('Case changed').first()).toBeVisible()
      await expect(page.getByText('Low risk').first()).toBeVisible()

      await page.goto(`/cases/${code}/experience`)
      // Stories stay folded until they are opened.
      await expect(page.getByRole('checkbox', { name: 'Debt bondage' })).toBeHidden()
      await page.getByText('By which means').first().click()
      await page.getByRole('checkbox', { name: 'Debt bondage' }).check()
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.waitForURL(`**/cases/${code}`)
      await expect(page.getByText('1 answer recorded')).toBeVisible()
      await expect(page.getByText('Debt bondage')).toBeHidden()

      await page.goto(`/cases/${code}/closure`)
      await page.getByRole('button', { name: 'Close case' }).click()
      await expect(page.getByRole('alert').getByText('Choose why the case closes')).toBeVisible()
      await page.getByRole('radio', { name: 'Goals reached' }).check()
      await page.getByRole('button', { name: 'Close case' }).click()
      await expect(page.getByText('Case closed', { exact: true }).first()).toBeVisible()
      await expect(page.getByText(/Closed on .*You can read it/)).toBeVisible()
      await expect(page.getByRole('link', { name: 'Log a service', exact: true })).toHaveCount(1)

      // A note from paper is typed in without taking the case up again.
      await page.goto(`/cases/${code}/services/new`)
      await expect(page.getByText(/The case was closed on/)).toBeVisible()
      await page.getByRole('radio', { name: 'Legal', exact: true }).check()
      await page.getByRole('radio', { name: 'Civil documents', exact: true }).locator('visible=true').check()
      await page.getByRole('button', { name: 'Save service' }).click()
      await expect(page.getByText('Service logged').first()).toBeVisible()
      await expect(page.getByText(/Closed on .*You can read it/)).toBeVisible()

      await page.goto(`/cases/${code}/reopening`)
      await page.getByRole('radio', { name: 'A new need' }).check()
      await page.getByRole('button', { name: 'Reopen case' }).click()
      await expect(page.getByText('Case reopened').first()).toBeVisible()
    })

    test('a task is made, put off and done', async ({ page }) => {
      const code = await openCase(page)
      await page.goto(`/cases/${code}/tasks/new`)
      await page.getByRole('radio', { name: 'Paperwork' }).check()
      await page.getByRole('radio', { name: 'Today', exact: true }).check()
      await page.getByRole('button', { name: 'Make task' }).click()
      await expect(page.getByText('Task made')).toBeVisible()
      await page.getByRole('link', { name: 'Paperwork', exact: true }).click()
      await page.waitForURL(/\/tasks\/TSK-[0-9A-Z]{9}$/)
      const address = page.url()
      await page.getByRole('radio', { name: 'In three days' }).check()
      await page.getByRole('button', { name: 'Put off' }).click()
      await expect(page.getByText('Task put off')).toBeVisible()
      await page.goto(address)
      await page.getByRole('button', { name: 'Mark as done' }).click()
      await expect(page.getByText('Task done')).toBeVisible()
    })
  })
}

test('trap T11: a restricted case answers a colleague as a code that nobody has', async ({ page, browser }) => {
  await signIn(page, OWNER)
  const code = await openCase(page)
  const colleague = await as(browser, COLLEAGUE)
  await colleague.goto(`/cases/${code}`)
  await expect(colleague.getByText('You aren’t on this case’s team')).toBeVisible()
  await expect(colleague.getByRole('button', { name: 'Show identity' })).toHaveCount(0)

  await page.goto(`/cases/${code}/restriction`)
  await page.getByRole('button', { name: 'Restrict case' }).click()
  await expect(page.getByText('Case restricted').first()).toBeVisible()

  // Everything that was sent, but for what is new in each answer and for the code that was asked for.
  const bytes = async (asked: string, path: string) => {
    const response = await colleague.request.get(`/cases/${asked}${path}`)
    expect(response.status()).toBe(404)
    return comparable((await response.text()).replaceAll(asked, 'CODE'))
  }
  for (const path of ['', '/team', '/access', '/timeline', '/edit', '/restriction']) {
    expect(await bytes(code, path)).toBe(await bytes('CAS-000000000', path))
  }
  await page.goto(`/cases/${code}`)
  await expect(page.getByText('Restricted: for everyone off the team')).toBeVisible()
  await page.goto(`/cases/${code}/restriction`)
  await page.getByRole('button', { name: 'Lift restriction' }).click()
  await expect(page.getByText('Restriction lifted').first()).toBeVisible()
})

test('trap T16: whoever is taken off the team keeps the outline and nothing else', async ({ page, browser }) => {
  await signIn(page, OWNER)
  const code = await openCase(page)
  const colleague = await as(browser, COLLEAGUE)
  await page.goto(`/cases/${code}/team`)
  await colleague.goto('/')
  const name = await colleague.locator('header summary').first().innerText()
  await page.getByLabel('Colleague', { exact: true }).selectOption(name.trim())
  await page.getByRole('button', { name: 'Add to team' }).click()
  await expect(page.getByText('Colleague added to the team')).toBeVisible()

  await colleague.goto(`/cases/${code}`)
  await expect(colleague.getByRole('button', { name: 'Show identity' })).toBeVisible()

  await page.getByRole('link', { name: `Take ${name.trim()} off the team` }).click()
  await page.getByRole('button', { name: `Take ${name.trim()} off the team` }).click()
  await expect(page.getByText('Member taken off the team')).toBeVisible()

  // What still stands on the colleague's screen answers no press any more.
  await colleague.getByRole('button', { name: 'Show identity' }).click()
  await expect(colleague.locator('main').getByRole('alert')).toBeVisible()
  await colleague.goto(`/cases/${code}`)
  await expect(colleague.getByText('You aren’t on this case’s team')).toBeVisible()
})

test('R03: of two who edit one case at once the second compares, and loses nothing', async ({ page, browser }) => {
  await signIn(page, OWNER)
  const code = await openCase(page)
  const other = await as(browser, OWNER)
  await page.goto(`/cases/${code}/edit`)
  await other.goto(`/cases/${code}/edit`)
  await other.getByRole('radio', { name: 'Assessment' }).check()
  await other.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(other.getByText('Case changed').first()).toBeVisible()

  await page.getByRole('radio', { name: 'Support plan' }).check()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('heading', { name: /saved this first/ })).toBeVisible()
  await expect(page.getByText('Assessment')).toBeVisible()
  await page.getByRole('radio', { name: /Yours.*Support plan/s }).check()
  await page.getByRole('button', { name: 'Save my choice' }).click()
  await expect(page.getByText('Case changed').first()).toBeVisible()
  await expect(page.getByText('Support plan').first()).toBeVisible()
})

test('names in a list come with one press, which is on record', async ({ page }) => {
  await signIn(page, OWNER)
  await page.goto('/cases')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect(page.getByText('Names shown. This was recorded as a look.')).toBeVisible()
  expect(page.url()).toMatch(/\/cases$/)
})

test('the list is filtered by coded values in its address, and goes by Earlier and Later', async ({ page }) => {
  // An agency for which no other journey opens cases: its pages stay as they are while this one turns them.
  await signIn(page, 'caseworker@clinic.example')
  await page.goto('/cases?tab=agency&status=any')
  await page.getByLabel('Risk').selectOption('High')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page).toHaveURL(/risk=high/)
  const first = await page.getByRole('rowheader').first().innerText()
  await page.getByRole('link', { name: 'Next page' }).click()
  await expect(page).toHaveURL(/cursor=[\w-]+$/)
  await expect(page.getByRole('rowheader').first()).not.toHaveText(first)
  await page.getByRole('link', { name: 'Previous page' }).click()
  await expect(page.getByRole('rowheader').first()).toHaveText(first)
  await page.getByRole('link', { name: 'Remove filter Risk: High' }).click()
  await expect(page).not.toHaveURL(/risk=/)
})

test('a supervisor begins with what the team carries and what is late in it', async ({ page }) => {
  await signIn(page, 'supervisor@harbour.example')
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'What each member carries' })).toBeVisible()
  await expect(page.getByRole('rowheader').first()).toBeVisible()
})
