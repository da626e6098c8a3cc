import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test, type Page } from '@playwright/test'

import { amparo } from '../support/boot'
import { expectAccessible, sidewaysBy } from '../support/accessible'
import { madeSystemAdministrator, speak } from '../support/newcomer'
import { signIn } from '../support/sign-in'

/** Looks at a page on a phone and on a desk, in the dark as well. */
async function holds(page: Page, address: string): Promise<void> {
  for (const [width, colorScheme] of [
    [320, 'dark'],
    [1280, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    await page.goto(address)
    expect(await sidewaysBy(page), `${address} at ${String(width)}`).toBeLessThanOrEqual(0)
    await expectAccessible(page)
  }
}

test.describe('the system administrator', () => {
  test(
    'R05: sees why no backup is made, makes one from the page, and how it went',
    { tag: '@full' },
    async ({ page }) => {
      await signIn(page, 'system@amparo.example')
      await page.goto('/admin/backups')
      const missing = page.getByText('No backup is made: there is no backup key')
      await expect(missing).toBeVisible()
      await holds(page, '/admin/backups')
      const key = join(await mkdtemp(join(tmpdir(), 'amparo-e2e-key-')), 'backup-key')
      await amparo(process.env['AMPARO_TEST_DATA_DIR'] ?? '', ['backup-key', key])
      await page.goto('/admin/backups')
      await expect(missing).toHaveCount(0)
      await page.getByRole('button', { name: 'Back up now' }).click()
      await expect(page.getByText('A backup is under way')).toBeVisible()
      await expect(async () => {
        await page.goto('/admin/backups')
        await expect(page.getByText('Done', { exact: true })).toBeVisible({ timeout: 500 })
      }).toPass({ timeout: 45_000 })
      await expect(page.getByText(/records, read back and compared/)).toBeVisible()
      await expect(page.getByText('No backup was restored on trial yet')).toBeVisible()
      await holds(page, '/admin/backups')
    },
  )

  test(
    'R10, C03: reads how each part stands, and has an agency’s key changed while people work',
    { tag: '@full' },
    async ({ browser }) => {
      const { page } = await madeSystemAdministrator(browser)
      await holds(page, '/admin/status')
      await expect(page.getByText(/^PostgreSQL \d/)).toBeVisible()
      await holds(page, '/admin/keys')
      await page.getByLabel('Agency', { exact: true }).selectOption('rapporteur')
      await page.getByRole('button', { name: 'Change key' }).click()
      await expect(page.getByText('The change has begun.')).toBeVisible()
      await expect(page.getByRole('cell', { name: '1 to 2' })).toBeVisible()
      await speak(page, '简体中文')
      await page.setViewportSize({ width: 320, height: 800 })
      for (const address of ['/admin/status', '/admin/keys', '/admin/backups']) {
        await page.goto(address)
        expect(await sidewaysBy(page), address).toBeLessThanOrEqual(0)
      }
      await page.context().close()
    },
  )
})

test(
  'A11: an agency’s administrator takes its data out, once, as a file that only the passphrase opens',
  { tag: '@full' },
  async ({ page }) => {
    // Everything of the agency is opened and written into the file.
    test.slow()
    await signIn(page, 'admin@harbour.example')
    await holds(page, '/admin/export')
    const passphrase = 'seven lanterns along the quay'
    await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await page.getByLabel('The same passphrase again').fill('another one of enough length')
    await page.getByRole('button', { name: 'Make the file' }).click()
    await expect(page.getByText('Enter the same passphrase twice').first()).toBeVisible()
    await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await page.getByLabel('The same passphrase again').fill(passphrase)
    await page.getByRole('button', { name: 'Make the file' }).click()
    const link = page.locator('a[href="/admin/export/file"]')
    await expect(link).toBeVisible()
    await expectAccessible(page)
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    const text = await readFile(await download.path())
    expect(text.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
    await page.goto('/admin/export')
    await expect(link).toHaveCount(0)
  },
)
