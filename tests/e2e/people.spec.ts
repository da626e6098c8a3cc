import { expect, test, type Page } from '@playwright/test'

import { expectAccessible } from '../support/accessible'
import { signIn } from '../support/sign-in'

const CODE = /AMP-[0-9A-Z]{9}/

/** Searches by the page's own form and lands on the sealed address of the answer. */
async function find(page: Page, query: string): Promise<void> {
  await page.goto('/persons/find')
  await page.getByLabel('Name, phone, document, e-mail or code').fill(query)
  await page.getByRole('button', { name: 'Find', exact: true }).click()
  await page.waitForURL(/\/persons\/find\/[\w-]{24}$/)
}

/** Registers someone after a search for the name; returns the code. */
async function register(page: Page, name: string): Promise<string> {
  await find(page, name)
  await page.getByRole('link', { name: 'Register a new person' }).click()
  await page.waitForURL(/\/persons\/new\?search=/)
  await expect(page.getByLabel('Name', { exact: true }).first()).toHaveValue(name)
  const send = page.getByRole('button', { name: 'Register person' })
  await send.click()
  const alike = page.getByRole('heading', { name: 'The person may be registered already' })
  const done = page.getByText('Person registered')
  await expect(alike.or(done)).toBeVisible()
  if (await alike.isVisible()) await send.click()
  await page.waitForURL(/\/persons\/AMP-[0-9A-Z]{9}$/)
  return codeOf(page)
}

function codeOf(page: Page): string {
  const code = CODE.exec(page.url())?.[0]
  if (code === undefined) throw new Error('This is no page of a person')
  return code
}

async function expectFound(page: Page, query: string, code: string): Promise<void> {
  await find(page, query)
  await expect(page.locator(`a[href="/persons/${code}"]`)).toBeVisible()
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test.beforeEach(async ({ page }) => {
      await signIn(page, 'caseworker@harbour.example')
    })

    const tag = javaScriptEnabled ? ['@full'] : []
    test(
      'a person with a Chinese name is registered in two pages and found by other spellings',
      { tag },
      async ({ page }) => {
        const code = await register(page, '欧阳慧静')
        await expect(page).toHaveTitle(`Person ${code}, Amparo`)
        expect(page.url()).not.toMatch(/%/)
        await expectFound(page, 'Ouyang Hui Jing', code)
        await expectFound(page, 'huijing ouyang', code)
      },
    )

    test('a person with an Arabic name is registered and found by Latin spellings', { tag }, async ({ page }) => {
      const code = await register(page, 'خديجة المنصوري')
      await expectFound(page, 'Khadija Almansouri', code)
      await expectFound(page, 'Khadijah al-Mansuri', code)
    })

    test('L07: identity comes with the press and not before, and the look is on record for the team', async ({
      page,
    }) => {
      const code = await register(page, 'Wendeline Achterberg')
      await page.goto(`/persons/${code}`)
      expect(await page.content()).not.toContain('Achterberg')
      await page.getByRole('button', { name: 'Show identity' }).click()
      await expect(page.getByText('Wendeline Achterberg')).toBeVisible()
      expect(await page.title()).not.toContain('Achterberg')
      await page.getByRole('button', { name: 'Hide' }).click()
      await expect(page.getByText('Wendeline Achterberg')).toBeHidden()
      await page.goto(`/persons/${code}/looks`)
      await expect(page.getByRole('row').filter({ hasText: 'looked at the identity' })).toHaveCount(1)
    })

    test('identity, safe contact and profile are changed each on its page', async ({ page }) => {
      const code = await register(page, 'Radmila Vukotić')
      await page.goto(`/persons/${code}/edit/identity`)
      expect(await page.content()).not.toContain('Vukoti')
      await page.getByRole('button', { name: 'Show and change' }).click()
      await expect(page.getByLabel('Name', { exact: true }).first()).toHaveValue('Radmila Vukotić')
      await page.getByLabel('Phone number').first().fill('no digits')
      await page.getByRole('button', { name: 'Save identity' }).click()
      await expect(page.getByRole('alert').getByText('Enter a phone number with digits')).toBeVisible()
      await page.getByLabel('Phone number').first().fill('+43 660 1112223')
      await page.getByRole('button', { name: 'Save identity' }).click()
      await expect(page.getByText('Identity saved')).toBeVisible()
      await expectFound(page, '0043 660 1112223', code)

      await page.goto(`/persons/${code}/edit/safe-contact`)
      const texts = page.getByRole('group', { name: 'Text messages' })
      await texts.getByRole('combobox').selectOption('Safe')
      await texts.getByLabel('From').fill('10:00')
      await texts.getByLabel('Until').fill('14:00')
      await page.getByRole('group', { name: 'Calls' }).getByRole('combobox').selectOption('Not safe')
      await page.getByRole('button', { name: 'Save safe contact' }).click()
      await expect(page.getByText('Text messages, 10:00 to 14:00 only. Never: Calls.')).toBeVisible()

      await page.goto(`/persons/${code}/edit/profile`)
      const gender = page.getByRole('group', { name: 'Gender' }).first()
      await gender.getByLabel('The answer').first().check()
      await gender.getByLabel('Woman or girl', { exact: true }).check()
      await page.getByRole('group', { name: 'Pregnancy' }).first().getByLabel('Person declined').check()
      await page.getByRole('button', { name: 'Save profile' }).click()
      await expect(page.getByText('Profile saved')).toBeVisible()
      await expect(page.getByText('Woman or girl').first()).toBeVisible()
      await expect(page.getByText('Person declined')).toBeVisible()
    })
  })
}

test('the search field in the header goes straight to a code, however it is typed', async ({ page }) => {
  await signIn(page, 'caseworker@harbour.example')
  const code = await register(page, 'Ottoline Marchbanks')
  await page.goto('/persons/find')
  const field = page.getByRole('searchbox')
  await field.fill(` ${code.toLowerCase().replace('-', ' ')} `)
  await field.press('Enter')
  await page.waitForURL(`**/persons/${code}`)
  await page.goto('/search/SVC-000000000')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page isn’t here, or isn’t yours to see.')
})

test('nobody is registered without a search', async ({ page }) => {
  await signIn(page, 'caseworker@harbour.example')
  await page.goto('/persons/new')
  await expect(page).toHaveURL(/\/persons\/find$/)
  await page.goto('/persons/new?search=AAAAAAAAAAAAAAAAAAAAAAAA')
  await expect(page).toHaveURL(/\/persons\/find$/)
})

test('whoever may be the same person is shown once before saving, and is no bar', async ({ page }) => {
  await signIn(page, 'caseworker@harbour.example')
  const first = await register(page, 'Philomena Quartermaine')
  await find(page, 'Philomena Quartermaine')
  await page.getByRole('link', { name: 'Register a new person' }).click()
  await page.getByRole('button', { name: 'Register person' }).click()
  // On a phone the hint stands far above the button: what says that there is one takes the focus, and leads to it.
  const summary = page.getByRole('alert').filter({ hasText: 'Please look again' })
  await expect(summary).toBeFocused()
  await summary.getByRole('link', { name: 'The person may be registered already' }).click()
  await expect(page.locator('main :focus').locator(`a[href="/persons/${first}"]`)).toBeVisible()
  await page.getByRole('button', { name: 'Register person' }).click()
  await page.waitForURL(/\/persons\/AMP-/)
  expect(codeOf(page)).not.toBe(first)
})

test('a fault in a folded part opens it, without a script as well', async ({ browser, baseURL }) => {
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ baseURL: baseURL ?? '', javaScriptEnabled })
    const page = await context.newPage()
    await signIn(page, 'caseworker@harbour.example')
    await find(page, `Oriel Vantongeren ${String(Date.now())}`)
    await page.getByRole('link', { name: 'Register a new person' }).click()
    await page.getByText('Other names, e-mail, addresses, documents').click()
    await page.getByLabel('E-mail address').fill('no address')
    await page.getByRole('button', { name: 'Register person' }).click()
    await expect(page.locator('details').getByText('Enter an e-mail address with an @')).toBeVisible()
    await expect(page.locator('summary').filter({ hasText: 'Other names' })).toContainText('filled in')
    await expect(page.locator('summary').filter({ hasText: 'Profile' })).toContainText('not asked')
    await context.close()
  }
})

test('hovering over people and scrolling past them is no look (hard-parts 18)', async ({ page }) => {
  await signIn(page, 'caseworker@harbour.example')
  const code = await register(page, 'Peregrine Thistlewood')
  await find(page, 'Peregrine Thistlewood')
  for (const link of await page.locator('main a[href^="/persons/AMP"]').all()) await link.hover()
  await page.mouse.wheel(0, 2000)
  await page.waitForTimeout(1500)
  await page.goto(`/persons/${code}/looks`)
  const opened = page.getByRole('row').filter({ hasText: 'opened the person' })
  // One from landing on the page after registering, none from hovering.
  await expect(opened).toHaveCount(1)
})

test('L07: who looked is printed for the person in either language, whatever the member’s own is', async ({ page }) => {
  await signIn(page, 'caseworker@harbour.example')
  const code = await register(page, 'Rosalind Merriweather')
  await page.goto(`/persons/${code}/looks`)
  await page.getByRole('link', { name: 'Print for the person' }).click()
  const sheet = page.getByRole('article')
  await expect(sheet.getByRole('heading', { level: 1 })).toHaveText('Who looked at the record')
  await expect(sheet.getByRole('row').filter({ hasText: 'the record' }).filter({ hasText: 'Harbour' })).toHaveCount(1)
  await expect(sheet).not.toContainText('Rosalind')
  await page.getByRole('link', { name: '简体中文' }).click()
  await expect(page.locator('article[lang=zh-Hans]').getByRole('heading', { level: 1 })).toHaveText('谁查看过记录')
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Cases' }).first()).toBeVisible()
  await expectAccessible(page)
  await page.goto(`/persons/${code}/looks`)
  await expect(page.getByRole('row').filter({ hasText: 'printed this list' })).toHaveCount(2)
})

test('a colleague off the team sees the outline and who to ask; other agencies see nothing', async ({
  page,
  browser,
}) => {
  await signIn(page, 'caseworker@harbour.example')
  const code = await register(page, 'Cordelia Ashgrove')
  const visit = async (email: string) => {
    const context = await browser.newContext()
    const other = await context.newPage()
    await signIn(other, email)
    const answer = await other.goto(`/persons/${code}`)
    return { other, status: answer?.status() }
  }
  const colleague = await visit('caseworker2@harbour.example')
  expect(colleague.status).toBe(200)
  await expect(colleague.other.getByText('Held by the case team.')).toBeVisible()
  await expect(colleague.other.getByRole('button', { name: 'Show identity' })).toBeHidden()
  expect((await colleague.other.goto(`/persons/${code}/edit/identity`))?.status()).toBe(404)
  for (const email of ['caseworker@legalaid.example', 'auditor@rapporteur.example']) {
    expect((await visit(email)).status, email).toBe(404)
  }
})

test('the pages of people pass axe and fit 320 px', { tag: '@full' }, async ({ page }) => {
  await signIn(page, 'caseworker@harbour.example')
  const code = await register(page, 'Lavinia Threlkeld')
  const visited = [
    `/persons/${code}`,
    `/persons/${code}/looks`,
    `/persons/${code}/looks/print`,
    '/persons/find',
    ...['identity', 'profile', 'safe-contact'].map((part) => `/persons/${code}/edit/${part}`),
  ]
  for (const path of visited) {
    await page.goto(path)
    await expectAccessible(page)
    await page.setViewportSize({ width: 320, height: 700 })
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow, path).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1280, height: 800 })
  }
  await find(page, 'Lavinia Threlkeld')
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Register a new person' }).click()
  await page.waitForURL(/\/persons\/new/)
  for (const fold of await page.locator('main details').all())
    await fold.evaluate((node) => node.setAttribute('open', ''))
  await expectAccessible(page)
})
