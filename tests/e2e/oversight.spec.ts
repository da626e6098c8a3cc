import { expect, test } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { signIn } from '../support/sign-in'

test('an auditor finds a step in the network’s log, its proof, and how the rules stand', async ({ page }) => {
  await signIn(page, 'auditor@rapporteur.example')
  await page.goto('/oversight/log')
  await expect(page.getByRole('heading', { name: 'Log of the network' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'Everything' }).click()
  await page.goto('/oversight/log?view=rights')
  await expect(page.getByText('Changes of members, roles, cover')).toBeVisible()
  await page.goto('/oversight/log')
  await page
    .getByRole('link', { name: /^Open event EVT/ })
    .last()
    .click()
  await expect(page.getByRole('heading', { name: 'Proof that it is in the sealed log' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.goto('/oversight/rules')
  await expect(page.getByRole('heading', { name: 'Rules', level: 1 })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'Identity read off the team' }).click()
  await expect(page.getByRole('heading', { name: 'Cases that break it' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  for (const address of ['/oversight/log', '/oversight/rules', '/oversight/rules/look_off_team']) {
    await page.goto(address)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.setViewportSize({ width: 320, height: 800 })
    expect(await sidewaysBy(page), address).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1280, height: 800 })
  }
})
