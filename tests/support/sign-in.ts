import { expect, type Cookie, type Page } from '@playwright/test'

/** What a browser of this worker holds since it signed in as a member. */
const sessions = new Map<string, { readonly cookies: readonly Cookie[]; readonly since: number }>()

/** Five minutes after signing in a member has to confirm who they are; whatever a test does is to be within these. */
const YOUNG_MS = 120_000

/**
 * Signs in as one of the demonstration's members. The first time through the page that people use, then with the session
 * that this made, while it is young: tests about sessions use `signInAnew`. Whoever looks at the home page goes there.
 */
export async function signIn(page: Page, email: string): Promise<void> {
  const known = sessions.get(email)
  const isYoung = known !== undefined && Date.now() - known.since < YOUNG_MS
  if (isYoung && (await comesIn(page, known.cookies))) return
  await signInAnew(page, email)
  sessions.set(email, { cookies: await page.context().cookies(), since: Date.now() })
}

/** Signs in as one of the demonstration's members, with a session of its own, through the page that people use. */
export async function signInAnew(page: Page, email: string): Promise<void> {
  const password = process.env['AMPARO_DEMO_PASSWORD']
  if (password === undefined) throw new Error('AMPARO_DEMO_PASSWORD is not set')
  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).not.toHaveURL(/\/sign-in/)
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()
}

async function comesIn(page: Page, cookies: readonly Cookie[]): Promise<boolean> {
  await page.context().clearCookies()
  await page.context().addCookies([...cookies])
  if ((await page.request.get('/api/session')).ok()) return true
  await page.context().clearCookies()
  return false
}
