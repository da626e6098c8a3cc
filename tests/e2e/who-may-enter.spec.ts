import { expect, test } from '@playwright/test'

import type { Role } from '../../lib/access/actor'
import { PERMISSIONS } from '../../lib/access/permissions'
import { SURFACE } from '../../scripts/docs/surface'
import { signIn } from '../support/sign-in'

const ACCOUNTS: Readonly<Record<Role, string>> = {
  caseworker: 'caseworker@harbour.example',
  supervisor: 'supervisor@harbour.example',
  coordinator: 'coordinator@victimsupport.example',
  auditor: 'auditor@rapporteur.example',
  agency_admin: 'admin@harbour.example',
  system_admin: 'system@amparo.example',
}

/** Pages that open without a record, and who they are for. */
const PAGES = Object.entries(SURFACE)
  .filter(([entry, who]) => entry.startsWith('page ') && !entry.includes('[') && who in PERMISSIONS)
  .map(([entry, who]) => ({
    address: entry.slice('page '.length),
    roles: PERMISSIONS[who as keyof typeof PERMISSIONS],
  }))

test.describe('pages, as the access matrix says (T04, T16)', () => {
  for (const [role, email] of Object.entries(ACCOUNTS) as [Role, string][]) {
    test(`open to the ${role} where the matrix has a dot, and are not there where it has none`, async ({ page }) => {
      await signIn(page, email)
      for (const { address, roles } of PAGES) {
        const allowed: readonly Role[] = roles
        const answer = await page.request.get(address)
        expect(answer.status(), `${address} as ${role}`).toBe(allowed.includes(role) ? 200 : 404)
      }
    })
  }

  test('send whoever is not signed in to sign in, all of them', async ({ request }) => {
    for (const { address } of PAGES) {
      const answer = await request.get(address, { maxRedirects: 0 })
      expect(answer.status(), address).toBe(307)
      expect(answer.headers()['location'], address).toContain('/sign-in')
    }
  })
})
