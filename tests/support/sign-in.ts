import { expect, type Page } from '@playwright/test'

/** Signs in as one of the demonstration's members, through the page that people use. */
export async function signIn(page: Page, email: string): Promise<void> {
  const password = process.env['AMPARO_DEMO_PASSWORD']
  if (password === undefined) throw new Error('AMPARO_DEMO_PASSWORD is not set')
  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).not.toHaveURL(/\/sign-in/)
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()
}
