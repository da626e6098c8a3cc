import { expect, type APIRequestContext, type Browser, type Page } from '@playwright/test'

import { axeFaults, sidewaysBy } from './accessible'
import { makerFor } from './maker'
import { invited, type Newcomer } from './newcomer'
import { signIn } from './sign-in'

const ADMIN = 'admin@harbour.example'

/** The name of each person here; it must not stand where only codes may. */
export const NAME = 'Wilhelmina Oddington'

/** A unit of the demonstration with a supervisor, a caseworker and a case, and a colleague of no unit: no other test meets them. */
export async function officeOfTheirOwn(browser: Browser, request: APIRequestContext) {
  const unit = `Unit ${String(Date.now())}${String(Math.floor(Math.random() * 1000))}`
  const people: Newcomer[] = []
  for (const role of ['Supervisor', 'Caseworker', 'Caseworker']) people.push(await invited(browser, ADMIN, [role]))
  const [supervisor, worker, colleague] = people as [Newcomer, Newcomer, Newcomer]
  const admin = await (await browser.newContext()).newPage()
  await signIn(admin, ADMIN)
  await admin.goto('/admin/units')
  await admin.getByRole('link', { name: 'Add a unit' }).click()
  await admin.getByLabel('Name of the unit').fill(unit)
  await admin.getByRole('button', { name: 'Add unit' }).click()
  await expect(admin.getByText('Unit added')).toBeVisible()
  for (const { name } of [supervisor, worker]) await admin.getByLabel(name).check()
  await admin.getByRole('button', { name: 'Move here' }).click()
  await expect(admin.getByText('Members moved')).toBeVisible()
  // Whoever moves is signed out, and comes back to what they see now.
  for (const one of [supervisor, worker]) await one.signInAgain()

  const made = await makerFor(request, worker.email)
  const openCase = async () => {
    const person = await made('persons', { identity: { names: [{ value: NAME }] } })
    return made('cases', { person })
  }
  return { unit, admin, supervisor, worker, colleague, openCase, case: await openCase() }
}

/** The page has no fault that axe finds, and fits a phone and a desk. */
export async function expectToFit(page: Page): Promise<void> {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await sidewaysBy(page), page.url()).toBeLessThanOrEqual(0)
    expect(await axeFaults(page), page.url()).toEqual([])
  }
}

export async function closeAll(...pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.context().close()
}
