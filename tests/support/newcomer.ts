import { expect, type Browser, type Page } from '@playwright/test'

import { amparo } from './boot'
import { signIn } from './sign-in'

/** The password of every newcomer. */
export const NEWCOMER_PASSWORD = 'seven kind otters in the reeds'

/** A member of their own, so that what they set, such as their language, disturbs nobody else's test. */
export type Newcomer = {
  readonly page: Page
  readonly email: string
  readonly name: string
  /** For whoever was signed out, as by moving to another unit. */
  readonly signInAgain: () => Promise<void>
}

/** Invites a colleague to the agency of the administrator `admin`, with these roles, and signs them in. */
export async function invited(browser: Browser, admin: string, roles: readonly string[]): Promise<Newcomer> {
  const { link, email, name } = await invitation(browser, admin, roles)
  return accepted(browser, link, email, name)
}

/** The same without joining: the link that the colleague is sent. */
export async function invitation(
  browser: Browser,
  admin: string,
  roles: readonly string[],
): Promise<{ readonly link: string; readonly email: string; readonly name: string }> {
  const { email, name } = someone(admin.slice(admin.indexOf('@')))
  const page = await withoutScripts(browser)
  await signIn(page, admin)
  await page.goto('/admin/members/invite')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Name').fill(name)
  for (const role of roles) await page.getByLabel(role).check()
  await page.getByRole('button', { name: 'Make an invitation' }).click()
  const told = await page.getByText('Invitation made').innerText()
  await page.context().close()
  return { link: /https?:\S+/.exec(told)?.[0] ?? '', email, name }
}

/** Makes a system administrator from the command line and signs them in. */
export async function madeSystemAdministrator(browser: Browser): Promise<Newcomer> {
  const { email, name } = someone('@amparo.example')
  const link = await amparo(process.env['AMPARO_TEST_DATA_DIR'] ?? '', [
    'admin',
    'create',
    '--email',
    email,
    '--name',
    name,
  ])
  return accepted(browser, /https?:\S+/.exec(link)?.[0] ?? '', email, name)
}

/** Has a member speak a language from now on. */
export async function speak(page: Page, language: 'English' | '简体中文'): Promise<void> {
  await page.goto('/profile')
  await page.locator(`label:has-text("${language}")`).click()
  await page.locator('form:has([name="locale"]) button[type="submit"]').first().click()
  await expect(page.locator('html')).toHaveAttribute('lang', language === 'English' ? 'en' : 'zh-Hans')
}

async function accepted(browser: Browser, link: string, email: string, name: string): Promise<Newcomer> {
  const door = await withoutScripts(browser)
  // The command line may know the application by another port than the test does.
  const { pathname, search } = new URL(link)
  await door.goto(pathname + search)
  await door.getByLabel('Password', { exact: true }).fill(NEWCOMER_PASSWORD)
  await door.getByLabel('The same password once more').fill(NEWCOMER_PASSWORD)
  await door.getByRole('button', { name: 'Set password' }).click()
  await expect(door).toHaveURL('/sign-in')
  await enter(door, email)
  const page = await (await browser.newContext({ storageState: await door.context().storageState() })).newPage()
  await door.context().close()
  return { page, email, name, signInAgain: () => enter(page, email) }
}

/** For the way that every newcomer goes, in a third of the time: other tests look at these pages with their scripts. */
async function withoutScripts(browser: Browser): Promise<Page> {
  return (await browser.newContext({ javaScriptEnabled: false })).newPage()
}

async function enter(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(NEWCOMER_PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()
}

function someone(host: string) {
  const stamp = `${String(Date.now())}${String(Math.floor(Math.random() * 1000))}`
  return { email: `n${stamp}${host}`, name: `Newcomer ${stamp}` }
}
