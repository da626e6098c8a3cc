import { expect, test, type Page } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { invited, speak } from '../support/newcomer'
import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

type Made = { readonly person: string; readonly code: string; readonly consent: string }

/** A case of a person with a name, who agreed that one agency may learn of legal help and how to reach them. */
async function agreed(page: Page, email: string): Promise<Made> {
  const headers = { Authorization: `Bearer ${await tokenOf(email)}` }
  const made = async (path: string, data: object) =>
    ((await (await page.request.post(`/api/v1/${path}`, { data, headers })).json()) as { code: string }).code
  const person = await made('persons', { identity: { names: [{ value: 'Quillon Featherstone' }] } })
  const code = await made('cases', { person })
  await made(`cases/${code}/services`, { category: 'legal', type: 'information_advice' })
  const consent = await made(`cases/${code}/consents`, {
    purpose: 'sharing',
    agency: 'legalaid',
    categories: ['legal'],
    identity: 'contact',
  })
  return { person, code, consent }
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    // axe is a script itself.
    const holds = async (page: Page) => {
      if (javaScriptEnabled) expect(await axeFaults(page)).toEqual([])
    }

    test('a team asks what may go, and makes the person’s statement in another language', async ({ page }) => {
      await signIn(page, 'caseworker@harbour.example')
      const { person, code, consent } = await agreed(page, 'caseworker@harbour.example')
      await page.goto(`/cases/${code}/consents`)
      await page.getByRole('link', { name: 'May they see it now?' }).click()
      await page.locator('select[name="agency"]').selectOption({ label: 'Legal Aid Network' })
      await page.locator('select[name="purpose"]').selectOption({ label: 'Sharing for a service' })
      await page.getByRole('button', { name: 'Apply' }).click()
      await expect(page.getByRole('heading', { name: 'Partly: some of it may go to Legal Aid Network' })).toBeVisible()
      await expect(page.getByRole('row', { name: /Legal needs/ })).toContainText('The person agreed')
      await expect(page.getByRole('row', { name: /^Full name/ })).toContainText('agreed to less of who they are')
      await expect(page.getByText('Agreement in force:')).toBeVisible()
      await holds(page)
      await page
        .getByRole('link', { name: new RegExp(consent.slice(0, 7)) })
        .first()
        .click()
      await expect(page).toHaveURL(`/cases/${code}/consents/${consent}`)

      await page.goto(`/cases/${code}/disclosures`)
      await expect(page.getByText('Nothing has left')).toBeVisible()
      await holds(page)

      await page.goto(`/persons/${person}/statement`)
      await holds(page)
      await expect(page.getByText('Featherstone')).toHaveCount(0)
      await page.getByRole('radio', { name: '简体中文' }).check()
      await page.getByRole('button', { name: 'Make the statement' }).click()
      await expect(page.getByRole('heading', { name: '我们保存的有关您的内容' })).toBeVisible()
      await expect(page.locator('article')).toHaveAttribute('lang', 'zh-Hans')
      await expect(page.getByText('Quillon Featherstone')).toBeVisible()
      await expect(page.getByText('信息和咨询').first()).toBeVisible()
      expect(await page.title()).not.toContain('Quillon')
      await holds(page)
      await page.goto(`/cases/${code}/disclosures`)
      await expect(page.getByText('As the person’s statement')).toBeVisible()
      // Without the line of a statement that was just made there is nothing to print.
      await page.goto(`/persons/${person}/statement/print?language=en`)
      await expect(page).toHaveURL(`/persons/${person}/statement`)
    })
  })
}

test('what goes without consent asks twice, lands on both desks without identity, and is ended', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const { page, email, name } = await invited(browser, 'admin@harbour.example', ['Caseworker'])
  const { code, consent } = await agreed(page, email)
  await page.goto(`/cases/${code}/sharing`)
  await expect(page.getByRole('link', { name: 'Share without consent' })).toHaveCount(0)

  const admin = await (await browser.newContext()).newPage()
  await signIn(admin, 'admin@harbour.example')
  await admin.goto('/admin/members')
  await admin.getByRole('link', { name, exact: true }).click()
  await admin.getByRole('button', { name: 'Let them' }).click()
  await expect(admin.getByText('They may share without consent from now on')).toBeVisible()

  await page.reload()
  await page.getByRole('link', { name: 'Share without consent' }).click()
  await expect(page.getByRole('heading', { name: 'Share without the person’s consent?' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'Go on without consent' }).click()
  await expect(page.getByRole('button', { name: 'Share without consent' })).toBeVisible()
  await page.getByRole('button', { name: 'Share without consent' }).click()
  await expect(page.getByRole('alert').getByText('Choose what allows it')).toBeVisible()
  await page.getByLabel('Which agency?').selectOption({ label: 'City Clinic' })
  await page.locator('input[name="purpose"][value="sharing"]').check()
  await page.locator('input[name="basis"][value="vital_interest"]').check()
  await page.locator('input[name="fields"][value="need.medical"]').check()
  await page.getByLabel('For how many days?').fill('2')
  await page.getByLabel('Why?').fill('Nobody can reach them before the night and they need care at once')
  await page.getByRole('button', { name: 'Share without consent' }).click()
  await expect(page.getByText('On record. Coordinator and auditor have been told')).toBeVisible()
  const exception =
    /EXC-[0-9A-Z]{9}/.exec((await page.getByRole('main').innerHTML()).replaceAll(/<[^>]+>| /g, ''))?.[0] ?? ''
  expect(await axeFaults(page)).toEqual([])

  for (const other of ['coordinator@victimsupport.example', 'auditor@rapporteur.example']) {
    const desk = await (await browser.newContext()).newPage()
    await signIn(desk, other)
    await desk.goto(`/desk/exceptions/${exception}`)
    await expect(desk.getByText('City Clinic')).toBeVisible()
    const bytes = await desk.content()
    for (const secret of [code, consent, name, 'before the night']) expect(bytes).not.toContain(secret)
    expect(await axeFaults(desk)).toEqual([])
    await desk.getByRole('radio', { name: 'Justified', exact: true }).check()
    await desk.getByRole('button', { name: 'Save what I found' }).click()
    await expect(desk.getByText('Saved').first()).toBeVisible()
    await desk.context().close()
  }
  await page.getByRole('button', { name: 'End it now' }).click()
  await expect(page.getByText('Ended. Nothing more goes out under it')).toBeVisible()

  await admin.goto('/admin/bases')
  await admin.getByRole('link', { name: 'Set a basis' }).click()
  await expect(admin.getByRole('button', { name: 'Set it' })).toBeVisible()
  await admin.getByRole('button', { name: 'Set it' }).click()
  await expect(admin.getByRole('alert').getByText('Enter which law says so')).toBeVisible()

  await speak(page, '简体中文')
  for (const address of [`/cases/${code}/sharing?agency=legalaid&purpose=sharing`, `/cases/${code}/disclosures`]) {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(address)
    expect(await axeFaults(page), address).toEqual([])
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await sidewaysBy(page), address).toBeLessThanOrEqual(0)
  }
  await page.context().close()
  await admin.context().close()
})
