import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Fails with the rule and the elements of each fault that axe finds on the page. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await axeFaults(page)).toEqual([])
}

/** The rule and the elements of each fault that axe finds on the page. */
export async function axeFaults(page: Page): Promise<string[]> {
  const faults = await faultsOfNow(page)
  if (!faults.some((fault) => fault.startsWith('document-title:'))) return faults
  // One page was taking another's place: for a moment there is no title, and that is a fault of neither.
  return faultsOfNow(page)
}

async function faultsOfNow(page: Page): Promise<string[]> {
  await expect(page).toHaveTitle(/./)
  // Our pages hold no frames, so one run in the page finds what a second page put together for each would find.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode()
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** By how many pixels the page is wider than the screen; one would have to scroll sideways to read it. */
export function sidewaysBy(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
