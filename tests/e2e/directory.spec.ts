import { expect, test, type Page } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { invited, speak } from '../support/newcomer'
import { signIn } from '../support/sign-in'

async function listsAService(page: Page, name: string): Promise<void> {
  await page.goto('/directory/own/new')
  await page.getByLabel('Social', { exact: true }).check()
  await page.getByLabel('Transport', { exact: true }).check()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('At most').fill('6')
  await page.getByLabel('Free now').fill('4')
  await page.getByRole('group', { name: 'Receivers' }).getByLabel('Ana Marsh').check()
}

test.describe('the service directory', () => {
  test('is searched by what is needed, the best fit first with the reason, and nothing typed in the address', async ({
    page,
  }) => {
    await signIn(page, 'caseworker@harbour.example')
    await page.goto('/directory')
    expect(await axeFaults(page)).toEqual([])
    await page.locator('select[name=kind]').selectOption({ label: 'Medical: Sexual and reproductive health' })
    await page.locator('select[name=area]').selectOption({ label: 'North district' })
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect(page).toHaveURL(/kind=medical.sexual_reproductive&area=north/)
    await page.getByRole('table').getByRole('link', { name: 'Sexual and reproductive health' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sexual and reproductive health')
    await expect(page.getByText('4 appointments free of 6')).toBeVisible()
    await expect(page.getByText('A referral goes to the agency and this service.')).toBeVisible()
    await expect(page.getByText('Marta Quinn')).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Update room' })).toHaveCount(0)
    expect(await axeFaults(page)).toEqual([])
  })

  test('says what has no agreement, no room or nobody who answers', async ({ page }) => {
    await signIn(page, 'caseworker@harbour.example')
    await page.goto('/directory/police')
    await expect(page.getByText('Nobody answers here now')).toBeVisible()
    await page.goto('/directory?kind=social.emergency_shelter&all=yes')
    await expect(page.getByText('No bed free of 8')).toBeVisible()
    await page.goto('/directory?kind=reintegration.small_business')
    await expect(page.getByText('Paused for now')).toBeVisible()
  })

  test('finds help for a need by what is known of the person, on the server', async ({ page }) => {
    await signIn(page, 'caseworker@harbour.example')
    await page.goto('/needs')
    await page.getByRole('table').getByRole('link').first().click()
    await page.getByRole('link', { name: 'Find who can help' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Who can help' })).toBeVisible()
    await expect(page).toHaveURL(/\/directory\?need=NED-[0-9A-Z]{9}$/)
    await expect(page.getByText(/Looked at the person’s age, gender and languages/)).toBeVisible()
    expect(await axeFaults(page)).toEqual([])
  })

  test('is kept by the agency: listed, changed, given receivers, ended after a question', async ({ page }) => {
    test.setTimeout(180_000)
    await signIn(page, 'supervisor@harbour.example')
    await page.goto('/directory/own/new')
    await page.getByRole('button', { name: 'List service' }).click()
    await expect(page.getByRole('link', { name: 'Enter a name' })).toBeVisible()
    expect(await axeFaults(page)).toEqual([])
    await listsAService(page, 'Rides to appointments')
    await page.getByRole('button', { name: 'List service' }).click()
    await expect(page.getByText('Service listed')).toBeVisible()
    await expect(page.getByText('4 places free of 6')).toBeVisible()
    await page.getByRole('link', { name: 'Change' }).click()
    await page.getByLabel('From age').fill('16')
    await page.getByLabel('Open day and night, every day').check()
    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Save entry' }).click()
    await expect(page.getByText('Entry saved')).toBeVisible()
    await expect(page.getByText('Age from 16')).toBeVisible()
    await expect(page.getByText('Day and night, every day')).toBeVisible()
    await page.getByRole('main').getByText('More', { exact: true }).click()
    await page.getByRole('link', { name: 'Who answers' }).click()
    await page.getByRole('group', { name: 'Stand-ins' }).getByLabel('Ruth Calder').check()
    await page.getByRole('button', { name: 'Save who answers' }).click()
    await expect(page.getByText('1 receiver, 1 stand-in')).toBeVisible()
    await page.getByRole('main').getByText('More', { exact: true }).click()
    await page.getByRole('link', { name: 'End this entry' }).click()
    await expect(page.getByRole('button', { name: 'End entry' })).toBeVisible()
    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'End entry' }).click()
    await expect(page.getByText('Entry ended')).toBeVisible()
  })

  test('shows both values when two change an entry at once (R03)', async ({ browser }) => {
    test.setTimeout(120_000)
    const [one, two] = [await browser.newPage(), await browser.newPage()]
    await signIn(one, 'supervisor@harbour.example')
    await signIn(two, 'admin@harbour.example')
    await one.goto('/directory/own')
    await one.getByRole('link', { name: 'Harbour rooms' }).click()
    await one.getByRole('link', { name: 'Change' }).click()
    await expect(one.getByRole('heading', { level: 1, name: 'Change the entry' })).toBeVisible()
    await two.goto(one.url())
    await two.getByLabel('From age').fill('17')
    await two.getByRole('button', { name: 'Save entry' }).click()
    await expect(two.getByText('Entry saved')).toBeVisible()
    await one.getByLabel('From age').fill('21')
    await one.getByRole('button', { name: 'Save entry' }).click()
    await expect(one.getByText(/Peter Lowe/)).toBeVisible()
    await expect(one.getByText('21', { exact: true }).first()).toBeVisible()
    await expect(one.getByText('17', { exact: true }).first()).toBeVisible()
    await one.close()
    await two.close()
  })
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('a receiver updates room in one press; a colleague who answers for nothing can’t', async ({ page }) => {
    await signIn(page, 'caseworker@harbour.example')
    await page.goto('/directory/own')
    await page.getByRole('link', { name: 'Night house for women' }).click()
    await expect(page.getByText(/3 beds free of 14/)).toBeVisible()
    await page.getByRole('button', { name: 'One fewer' }).click()
    await expect(page.getByText('Room updated')).toBeVisible()
    await expect(page.getByText(/2 beds free of 14/)).toBeVisible()
    await page.getByRole('button', { name: 'One more' }).click()
    await expect(page.getByText(/3 beds free of 14/)).toBeVisible()
    const address = page.url()
    await page.context().clearCookies()
    await signIn(page, 'caseworker2@harbour.example')
    await page.goto(address)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Night house for women')
    await expect(page.getByRole('button', { name: 'One fewer' })).toHaveCount(0)
  })
})

test('the directory holds in Chinese: no fault that axe finds, and it fits 320 px', async ({ browser }) => {
  test.setTimeout(180_000)
  const { page } = await invited(browser, 'admin@harbour.example', ['Supervisor'])
  await speak(page, '简体中文')
  for (const address of ['/directory', '/directory/harbour', '/directory/own', '/directory/own/new']) {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(address)
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans')
    expect(await axeFaults(page), address).toEqual([])
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await sidewaysBy(page), address).toBeLessThanOrEqual(0)
  }
  await page.goto('/directory/harbour')
  await expect(page.getByText('没有空余床位 共8')).toBeVisible()
  await page.context().close()
})
