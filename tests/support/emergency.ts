import { expect, type APIRequestContext, type Page } from '@playwright/test'

import { makerFor } from './maker'

const OWNER = 'caseworker@harbour.example'

/** The name of the person whom `plantCase` registers. */
export const NAME = 'Amina Nightingale'

type Planted = { readonly person: string; readonly case: string }

/** A person with a name and a case, of the demonstration's first caseworker. */
export async function plantCase(request: APIRequestContext): Promise<Planted> {
  const made = await makerFor(request, OWNER)
  const person = await made('persons', { identity: { names: [{ value: NAME }] } })
  return { person, case: await made('cases', { person }) }
}

/** Goes the way of the emergency pages with a code. */
export async function openInEmergency(page: Page, code: string): Promise<void> {
  await page.goto('/emergency-access')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are about to open a case you aren’t on')
  await page.getByRole('link', { name: 'Go on' }).click()
  await page.getByLabel('Code of the case or the person').fill(code)
  await page.getByLabel('The person is in danger now').check()
  await page.getByLabel('What happened?').fill('They rang the night line and are afraid')
  await page.getByRole('button', { name: 'Open for 4 hours' }).click()
}

/** The code of the access, from the bar's own form. */
export function accessOn(page: Page): Promise<string> {
  return page.getByRole('region', { name: 'Emergency access' }).locator('input[name="access"]').inputValue()
}
