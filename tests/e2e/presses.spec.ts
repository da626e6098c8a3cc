import { expect, test, type Locator, type Page } from '@playwright/test'

import { signIn } from '../support/sign-in'
import { tokenOf } from '../support/token'

const MEMBER = 'caseworker@harbour.example'

let token: string
test.beforeAll(async () => {
  test.setTimeout(120_000)
  token = await tokenOf(MEMBER)
})

/** Counts what a hand does: presses of a key, a mouse button or a finger. */
class Hand {
  presses = 0
  constructor(readonly page: Page) {}

  async press(target: Locator): Promise<void> {
    this.presses += 1
    await target.click()
  }

  async tap(target: Locator): Promise<void> {
    this.presses += 1
    await target.tap()
  }

  async keys(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.presses += 1
      await this.page.keyboard.press(key)
    }
  }
}

/** The tile of a radio: where a hand presses. */
function choice(page: Page, name: string): Locator {
  return page
    .locator('label')
    .filter({ hasText: new RegExp(`^${name}$`) })
    .locator('visible=true')
}

async function expectSaved(page: Page, what: string): Promise<void> {
  const flash = page.getByRole('status').filter({ hasText: `Service logged: ${what}, today` })
  await expect(flash).toBeVisible()
  await expect(page.locator(':focus')).toContainText(`Service logged: ${what}, today`)
  await expect(page).toHaveURL(/\/cases\/CAS-[0-9A-Z]{9}$/)
}

async function make(page: Page, address: string, data: object): Promise<string> {
  const headers = { Authorization: `Bearer ${token}` }
  const answer = await page.request.post(`/api/v1/${address}`, { data, headers })
  expect(answer.status(), await answer.text()).toBe(201)
  return ((await answer.json()) as { code: string }).code
}

/** A case of its own with a need for one kind of help that is waited for. */
async function waitingCase(page: Page): Promise<string> {
  const on = await make(page, 'cases', { person: await make(page, 'persons', {}) })
  await make(page, `cases/${on}/needs`, { category: 'social', type: 'emergency_shelter', urgency: 'emergency' })
  return on
}

test.describe('a service is logged, without a word typed', () => {
  test.beforeEach(async ({ page }) => {
    await signIn(page, MEMBER)
  })

  for (const start of ['/', '/cases']) {
    test(`by mouse from ${start} in four presses`, { tag: '@op6b' }, async ({ page }) => {
      const hand = new Hand(page)
      await page.goto(start)
      await hand.press(page.locator('main a[href$="/services/new"][aria-label]').locator('visible=true').first())
      await hand.press(choice(page, 'Legal'))
      await hand.press(choice(page, 'Civil documents'))
      await hand.press(page.getByRole('button', { name: 'Save service' }))
      await expectSaved(page, 'Civil documents')
      expect(hand.presses).toBe(4)
    })
  }

  test('for a need in two presses: category, type and need are set', async ({ page }) => {
    const on = await waitingCase(page)
    const hand = new Hand(page)
    await page.goto(`/cases/${on}/needs`)
    await hand.press(page.getByRole('link', { name: /^Log a service for/ }).first())
    await hand.press(page.getByRole('button', { name: 'Save service' }))
    await expectSaved(page, 'Emergency shelter')
    expect(hand.presses).toBe(2)
    await page.goto(`/cases/${on}/needs`)
    await expect(page.locator('main table [data-row]').getByText('Being met').locator('visible=true')).toBeVisible()
  })

  test('for a task in two presses', async ({ page }) => {
    const on = await waitingCase(page)
    const hand = new Hand(page)
    await page.goto(`/cases/${on}`)
    await hand.press(page.locator('main a[href*="/services/new?need="]').locator('visible=true').first())
    await hand.press(page.getByRole('button', { name: 'Save service' }))
    await expectSaved(page, 'Emergency shelter')
    expect(hand.presses).toBe(2)
  })

  test('by keyboard from anywhere in thirteen presses', async ({ page }) => {
    await page.goto('/services/new')
    const code = await page.locator('main li a[href$="/services/new"]').first().innerText()
    const signs = code.replace(/^AMP-/, '').slice(0, 3).toLowerCase()
    const hand = new Hand(page)
    await page.goto('/mandate')
    // The shell listens once its script is there.
    await page.waitForLoadState('networkidle')
    await hand.keys('Control+k')
    await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
    for (const sign of `log ${signs}`) await hand.keys(sign)
    await hand.keys('Enter')
    await page.waitForURL(/\/services\/new$/)
    await expect(page.getByRole('radio', { name: 'Legal', exact: true })).toBeFocused()
    await hand.keys('4', 'Tab', '2', 'Control+Enter')
    await expectSaved(page, 'Transitional housing')
    expect(hand.presses).toBe(13)
  })
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('a service is logged in five taps', async ({ page }) => {
    await signIn(page, MEMBER)
    const hand = new Hand(page)
    await page.goto('/mandate')
    await hand.tap(page.getByRole('navigation').getByRole('link', { name: 'Log' }).locator('visible=true'))
    await hand.tap(page.locator('main li a[href$="/services/new"]').first())
    await hand.tap(choice(page, 'Medical'))
    await hand.tap(choice(page, 'Emergency care'))
    await hand.tap(page.getByRole('button', { name: 'Save service' }))
    await expectSaved(page, 'Emergency care')
    expect(hand.presses).toBe(5)
  })
})

test('a person is registered on two pages, with no field that has to be filled', async ({ page }) => {
  await signIn(page, MEMBER)
  await page.goto('/persons/find')
  const pages = new Set(['/persons/find'])
  // What was found stands on the page of the search, under a handle.
  page.on('framenavigated', (frame) => pages.add(new URL(frame.url()).pathname.replace(/(?<=\/find)\/.*/, '')))
  await page.locator('main input[name=query]').fill('077 0090 0461')
  await page.keyboard.press('Enter')
  await page.locator('main a[href*="/persons/new"]').first().click()
  await page.waitForURL(/\/persons\/new/)
  await expect(page.locator('main :is(input, select, textarea):is([required], [aria-required=true])')).toHaveCount(0)
  expect([...pages]).toEqual(['/persons/find', '/persons/new'])
})
