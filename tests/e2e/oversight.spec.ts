import { expect, test } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { signIn } from '../support/sign-in'

test('an auditor finds a step in the network’s log, its proof, and how the rules stand', async ({ page }) => {
  await signIn(page, 'auditor@rapporteur.example')
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Look here first' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
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
  for (const address of ['/oversight', '/oversight/log', '/oversight/rules', '/oversight/rules/look_off_team']) {
    await page.goto(address)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.setViewportSize({ width: 320, height: 800 })
    expect(await sidewaysBy(page), address).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1280, height: 800 })
  }
})

test('an auditor draws a sample of case files, reads one masked, and keeps what was found', async ({ page }) => {
  await signIn(page, 'auditor@rapporteur.example')
  await page.goto('/oversight/samples')
  await expect(page.getByText('8 of 20 read')).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'Draw a sample' }).click()
  await expect(page.getByRole('heading', { name: 'Draw a sample' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.getByLabel('How many files').fill('3')
  await page.getByRole('button', { name: 'Draw' }).click()
  await expect(page.getByText('Drawing again from the kept list with this seed gives the same files.')).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.getByRole('link', { name: 'Read the next file' }).click()
  await expect(page.getByRole('heading', { name: 'What you found' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 800 })
  expect(await sidewaysBy(page)).toBeLessThanOrEqual(0)
  for (const one of await page.getByRole('radio', { name: 'In order' }).all()) await one.check()
  await page.getByRole('button', { name: 'Keep' }).click()
  await expect(page.getByText('Kept. 1 of 3 files read')).toBeVisible()
})
