import { expect, test } from '@playwright/test'

import { axeFaults } from '../support/accessible'
import { signIn } from '../support/sign-in'

test('an auditor asks a frozen period, and finds who waits longer, with what the answer rests on (P04)', async ({
  page,
}) => {
  await signIn(page, 'auditor@rapporteur.example')
  await page.goto('/oversight/disparities')
  await page.getByRole('link', { name: 'Ask a frozen period' }).click()
  await expect(page.getByRole('heading', { name: 'Ask a frozen period' })).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
  await page.getByRole('combobox', { name: 'Agency' }).selectOption('harbour')
  await page.getByRole('button', { name: 'Run' }).click()

  await expect(page.getByRole('heading', { name: 'First service in time, by Language' })).toBeVisible()
  await expect(page.getByText(/Romanian: less well off than/)).toBeVisible()
  await expect(page.getByText('Run again just now: the same figures')).toBeVisible()
  await expect(page.getByRole('img', { name: /^Each group beside/ }).first()).toBeVisible()
  expect(await axeFaults(page)).toEqual([])

  await page.goto('/oversight/disparities')
  await expect(page.getByRole('link', { name: 'First service in time, by Language' }).first()).toBeVisible()
  expect(await axeFaults(page)).toEqual([])
})
