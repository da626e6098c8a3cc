import { expect, test, type Page } from '@playwright/test'

import { expectAccessible } from '../support/accessible'
import { plantCase } from '../support/emergency'
import { signIn } from '../support/sign-in'

/** The categories by their digit, with a type of each and the paragraphs that a record of it shows. */
const KINDS = [
  ['Legal', 'Civil documents', ['6(b)', '9']],
  ['Psychological', 'Crisis support', ['6(b)', '9']],
  ['Medical', 'General or chronic care', ['6(b)', '9']],
  ['Social', 'Transport', ['6(b)', '9']],
  ['Residency', 'Temporary permit', ['6(a)', '9']],
  ['Reintegration', 'Employment', ['6(d)', '9', '2(b)']],
] as const

/** The address of a case that the member works on. */
async function ownCase(page: Page): Promise<string> {
  await page.goto('/services/new')
  const first = page.locator('main li a[href$="/services/new"]').first()
  const href = await first.getAttribute('href')
  if (href === null) throw new Error('The caseworker of the demonstration is on no case')
  return href.slice(0, -'/services/new'.length)
}

async function logged(page: Page): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: 'Service logged' })).toBeVisible()
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test.beforeEach(async ({ page }) => {
      await signIn(page, 'caseworker@harbour.example')
    })

    test(
      'a service in each category is saved in three presses once the form is open',
      { tag: ['@op6a', '@op6b', '@op6d', '@op9'] },
      async ({ page }) => {
        const here = await ownCase(page)
        for (const [category, type, paragraphs] of KINDS) {
          await page.goto(`${here}/services/new`)
          let presses = 0
          const press = async (name: string) => {
            presses += 1
            await page.getByRole('radio', { name, exact: true }).locator('visible=true').check()
          }
          await press(category)
          await press(type)
          presses += 1
          await page.getByRole('button', { name: 'Save service' }).click()
          await page.waitForURL(`**${here}`)
          await logged(page)
          expect(presses).toBe(3)
          const flash = page.getByRole('status').filter({ hasText: 'Service logged' })
          await expect(flash).toContainText(`${type}, today`)
          for (const paragraph of paragraphs)
            await expect(flash.getByRole('link', { name: `Paragraph ${paragraph} of` })).toBeVisible()
        }
      },
    )

    test('a wrong answer keeps everything, and the right one saves it', async ({ page }) => {
      const here = await ownCase(page)
      await page.goto(`${here}/services/new`)
      await page.getByRole('radio', { name: 'Medical', exact: true }).check()
      await page.getByRole('button', { name: 'Save service' }).click()
      await expect(page.getByRole('alert').filter({ hasText: 'There is a problem' })).toBeVisible()
      await expect(page.getByRole('radio', { name: 'Medical', exact: true })).toBeChecked()
      await page.getByRole('radio', { name: 'Emergency care', exact: true }).check()
      await page.getByRole('button', { name: 'Save service' }).click()
      await logged(page)
    })

    test('an empty form asks for the category alone, for the types show only then', async ({ page }) => {
      await page.goto(`${await ownCase(page)}/services/new`)
      await page.getByRole('button', { name: 'Save service' }).click()
      const alert = page.getByRole('alert').filter({ hasText: 'There is a problem' })
      await expect(alert.getByRole('link')).toHaveText(['Choose a kind of assistance'])
    })

    test('R02: going back after saving and saving again is the same record, and with another answer a second one', async ({
      page,
      request,
    }) => {
      const here = `/cases/${(await plantCase(request)).case}`
      // Kinds that no other test logs, since others log for whatever case is the member's latest.
      const [first, second] = ['Statelessness procedure', 'Status for family members'] as const
      const records = async () => {
        const other = await page.context().newPage()
        await other.goto(`${here}/services?category=residency`)
        const rows = await other
          .locator('table [data-row]')
          .filter({ hasText: new RegExp(`${first}|${second}`) })
          .count()
        await other.close()
        return rows
      }
      const save = async (type: string) => {
        await page.getByRole('radio', { name: 'Residency', exact: true }).check()
        await page.getByRole('radio', { name: type, exact: true }).locator('visible=true').check()
        await page.getByRole('button', { name: 'Save service' }).click()
        await page.waitForURL(`**${here}`)
        await logged(page)
      }
      await page.goto(`${here}/services/new`)
      await save(first)
      await page.goBack()
      await save(first)
      expect(await records()).toBe(1)
      await page.goBack()
      await save(second)
      expect(await records()).toBe(2)
    })

    test('a note that seems to hold a number is asked about and can stay', async ({ page }) => {
      const here = await ownCase(page)
      await page.goto(`${here}/services/new`)
      await page.getByRole('radio', { name: 'Social', exact: true }).check()
      await page.getByRole('radio', { name: 'Transport', exact: true }).locator('visible=true').check()
      await page.getByText('Confidential note').click()
      await page.getByLabel('Note', { exact: false }).fill('Called +49 151 2345678 for the taxi')
      await page.getByRole('button', { name: 'Save service' }).click()
      await expect(page.getByRole('link', { name: 'This seems to hold a phone number' })).toBeVisible()
      await page.getByRole('button', { name: 'Save it as it is' }).click()
      await logged(page)
    })

    test(
      'a service is amended with a reason, its paragraphs follow, and it is voided and stays readable',
      { tag: ['@op6a', '@op9'] },
      async ({ page }) => {
        const here = await ownCase(page)
        await page.goto(`${here}/services/new`)
        await page.getByRole('radio', { name: 'Legal', exact: true }).check()
        await page.getByRole('radio', { name: 'Civil documents', exact: true }).check()
        await page.getByRole('button', { name: 'Save service' }).click()
        await page.getByRole('status').getByRole('link', { name: 'Amend' }).click()
        await page.waitForURL(/\/amend$/)
        await page.getByRole('radio', { name: 'Residency', exact: true }).check()
        await page.getByRole('radio', { name: 'Temporary permit', exact: true }).check()
        await page.getByLabel('Reason').fill('It was the permit')
        await page.getByRole('button', { name: 'Save amendment' }).click()
        await page.waitForURL(/\/services\/SVC-[0-9A-Z]{9}$/)
        await expect(
          page.locator('main').getByRole('link', { name: 'Paragraph 6(a) of resolution 58/137' }).first(),
        ).toBeVisible()
        await page.getByText('Version 1').click()
        await expect(page.getByText('It was the permit')).toBeVisible()
        const record = page.url()

        await page.goto(`${record}/void`)
        await page.getByLabel('Reason').fill('Wrong case')
        await page.getByRole('button', { name: 'Void service' }).click()
        await page.waitForURL(record)
        await expect(page.getByText('This service was voided.')).toBeVisible()
        await expect(page.getByRole('link', { name: 'Amend' })).toHaveCount(0)
      },
    )

    test(
      'a need is added, a service is logged for it in two presses, and a contact in two',
      { tag: '@op9' },
      async ({ page }) => {
        const here = await ownCase(page)
        await page.goto(`${here}/needs/new`)
        await page.getByRole('radio', { name: 'Medical', exact: true }).check()
        await page.getByRole('radio', { name: 'Emergency care', exact: true }).check()
        await page.getByRole('button', { name: 'Save need' }).click()
        const flash = page.getByRole('status').filter({ hasText: 'Need added' })
        await expect(flash).toContainText('First contact by')
        await flash.getByRole('link', { name: 'Log a service' }).click()
        await page.waitForURL(/need=NED-/)
        await page.getByRole('button', { name: 'Save service' }).click()
        await logged(page)
        await page.goto(`${here}/contacts/new`)
        await page.getByRole('radio', { name: 'Call', exact: true }).check()
        await page.getByRole('button', { name: 'Save contact' }).click()
        await expect(page.getByRole('status').filter({ hasText: 'Contact logged: Call, today' })).toBeVisible()
      },
    )

    test('one entry for two people makes two records', async ({ page }) => {
      await page.goto('/services/several')
      const people = page.locator('input[name=codes]')
      await people.nth(0).check()
      await people.nth(1).check()
      await page.getByRole('radio', { name: 'Social', exact: true }).check()
      await page.getByRole('radio', { name: 'Food, clothing, basic needs', exact: true }).check()
      await page.getByRole('button', { name: 'Save for all' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'Service logged for 2 people' })).toBeVisible()
    })

    test('the list filters by address, and its pages go both ways', async ({ page }) => {
      await page.goto('/services?category=medical')
      await expect(page.locator('table [data-row]').first()).toBeVisible()
      await page.getByRole('link', { name: 'Next page' }).click()
      await page.waitForURL(/cursor=/)
      await page.getByRole('link', { name: 'Previous page' }).click()
      await expect(page.locator('table [data-row]').first()).toBeVisible()
      await page.goto('/services?category=none-such')
      await page.waitForURL(/\/services$/)
    })
  })
}

test.describe('by keyboard', () => {
  test.beforeEach(async ({ page }) => {
    await signIn(page, 'caseworker@harbour.example')
  })

  test('a service is logged from the case in six presses', async ({ page }) => {
    const here = await ownCase(page)
    await page.goto(here)
    // The shell listens once its script is there.
    await page.waitForLoadState('networkidle')
    for (const key of ['n', 's']) await page.keyboard.press(key)
    await page.waitForURL(`**${here}/services/new`)
    await expect(page.getByRole('radio', { name: 'Legal', exact: true })).toBeFocused()
    for (const key of ['4', 'Tab', '2', 'Control+Enter']) await page.keyboard.press(key)
    await page.waitForURL(`**${here}`)
    await expect(
      page.getByRole('status').filter({ hasText: 'Service logged: Transitional housing, today' }),
    ).toBeVisible()
  })

  test('pressing save twice makes one record', async ({ page }) => {
    const here = await ownCase(page)
    await page.goto(`${here}/services/new`)
    await page.getByRole('radio', { name: 'Social', exact: true }).check()
    await page.getByRole('radio', { name: 'Interpreting', exact: true }).check()
    const count = async () => {
      const other = await page.context().newPage()
      await other.goto(`${here}/services?type=interpretation&category=social`)
      const rows = await other.locator('table [data-row]').count()
      await other.close()
      return rows
    }
    const before = await count()
    await page.getByRole('button', { name: 'Save service' }).dblclick()
    await logged(page)
    expect(await count()).toBe(before + 1)
  })

  for (const address of ['/services', '/services/new', '/services/several', '/needs']) {
    test(`${address} is accessible and fits a narrow screen`, { tag: '@full' }, async ({ page }) => {
      await page.goto(address)
      await expectAccessible(page)
      await page.setViewportSize({ width: 320, height: 700 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    })
  }

  test(
    'the form, the record and what changes it are accessible and fit a narrow screen',
    { tag: '@full' },
    async ({ page }) => {
      const here = await ownCase(page)
      await page.goto(`${here}/services`)
      const record = await page.locator('table [data-row] a[href*="/services/SVC-"]').first().getAttribute('href')
      for (const address of [
        `${here}/services/new`,
        `${here}/needs/new`,
        `${here}/contacts/new`,
        record ?? here,
        `${here}/needs`,
        `${here}/contacts`,
      ]) {
        await page.setViewportSize({ width: 1280, height: 900 })
        await page.goto(address)
        await expectAccessible(page)
        await page.setViewportSize({ width: 320, height: 700 })
        expect(await page.evaluate(() => document.documentElement.scrollWidth), address).toBeLessThanOrEqual(320)
      }
    },
  )
})
