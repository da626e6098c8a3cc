import { expect, test, type APIRequestContext, type Browser, type Page } from '@playwright/test'

import type { Role } from '../../lib/access/actor'
import { PERMISSIONS, type Permission } from '../../lib/access/permissions'
import { SURFACE } from '../../scripts/docs/surface'
import { axeFaults, sidewaysBy } from '../support/accessible'
import { openInEmergency, plantCase } from '../support/emergency'
import { makerFor } from '../support/maker'
import { invited, madeSystemAdministrator, speak } from '../support/newcomer'
import { signIn } from '../support/sign-in'
import { pageAddresses } from '../support/page-addresses'
import { tokenOf } from '../support/token'

const ADMIN = 'admin@harbour.example'
const WIDTHS = [320, 768, 1280] as const
const WORKER = ['caseworker', 'supervisor', 'agency_admin'] as const satisfies readonly Role[]

// The whole is long; no single press is.
test.use({ actionTimeout: 30_000, navigationTimeout: 60_000 })

type Viewer = 'visitor' | 'worker' | 'desk' | 'audit' | 'system'

for (const language of ['English', '简体中文'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`every page holds in ${language} and ${theme}, at 320, 768 and 1280 px: axe finds no fault and nothing runs over`, async ({
      browser,
      request,
    }) => {
      test.setTimeout(30 * 60_000)
      const worker = await invited(browser, ADMIN, ['Caseworker', 'Supervisor', 'Agency administrator'])
      const records = await plant(request, worker.email)
      await arrangeDuty(browser, worker.page, records['code'] ?? '')
      const system = await madeSystemAdministrator(browser)
      const visitor = await (await browser.newContext({ locale: language === 'English' ? 'en-GB' : 'zh-CN' })).newPage()
      const desk = await (await browser.newContext()).newPage()
      await signIn(desk, 'coordinator@victimsupport.example')
      const audit = await (await browser.newContext()).newPage()
      await signIn(audit, 'auditor@rapporteur.example')
      for (const page of [worker.page, desk, audit, system.page]) await speak(page, language)
      const pages: Readonly<Record<Viewer, Page>> = { visitor, worker: worker.page, desk, audit, system: system.page }
      for (const page of Object.values(pages)) await page.emulateMedia({ colorScheme: theme })

      const faults: string[] = []
      const links = new Set<string>()
      const keepLinks = async (viewer: Viewer) => {
        const found = await pages[viewer]
          .locator('a[href^="/"]')
          .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
        for (const link of found) links.add(link)
      }
      const gather = async (viewer: Viewer, address: string) => {
        await pages[viewer].goto(address)
        await keepLinks(viewer)
      }
      const look = async (viewer: Viewer, address: string, status: number) => {
        faults.push(...(await faultsOf(pages[viewer], address, status)))
        await keepLinks(viewer)
      }
      // Pages without a record first: they lead to those of records that nothing here has made by itself.
      const addresses = pageAddresses().filter((one) => !one.startsWith('/kit') && !UNUSUAL.includes(one))
      for (const address of [...addresses].sort(
        (one, other) => parts(one) - parts(other) || one.length - other.length,
      )) {
        const filled = fill(address, records)
        const leads = () => [...links].find((link) => patternOf(filled).test(link) && !addresses.includes(link))
        // Of several records not each allows everything, so what lies under one is looked for at others as well.
        const above = filled.slice(0, filled.lastIndexOf('/'))
        const siblings = [...links].filter((link) => patternOf(above).test(link) && !addresses.includes(link))
        for (const sibling of filled.includes('[') && above.includes('[') ? siblings.slice(0, 6) : [])
          if (leads() === undefined) await gather(viewerOf(address), sibling)
        const there = filled.includes('[') ? leads() : filled
        if (there === undefined) faults.push(`${address}: no page leads here`)
        else await look(viewerOf(address), there, 200)
      }
      await look('visitor', '/nowhere', 404)
      await look('worker', '/cases/CAS-000000000', 404)
      expect(faults).toEqual([])
      for (const page of Object.values(pages)) await page.context().close()
    })
  }
}

/** Pages that show a state of their own journey, which has its own test. */
const UNUSUAL = [
  '/persons/find/[handle]',
  '/cases/[code]/own-file',
  '/persons/[personCode]/statement/print',
  '/profile/agency-sign-in',
  '/admin/agencies/[agencyKey]/sign-in/remove',
  '/cases/[code]/sharing/without-consent/new',
  '/oversight/disparities/[disparity]',
  '/oversight/complaints/[complaint]/print',
  '/oversight/report/[report]',
  '/complaints/[receipt]',
  '/cases/[code]/complaint-slips/[slip]',
  ...[
    ...['accept', 'ask', 'complete', 'decide', 'decline', 'own-file', 'package', 'services/new'],
    ...['lead', 'lead/needs/new', 'lead/needs/[need]'],
  ].map((one) => `/referrals/[referral]/${one}`),
]

function viewerOf(address: string): Viewer {
  const who = SURFACE[`page ${address}`]
  if (who === 'anyone') return 'visitor'
  if (who === undefined || !(who in PERMISSIONS)) return 'worker'
  const roles: readonly Role[] = PERMISSIONS[who as Permission]
  if (WORKER.some((role) => roles.includes(role))) return 'worker'
  if (roles.includes('coordinator')) return 'desk'
  return roles.includes('auditor') ? 'audit' : 'system'
}

async function faultsOf(page: Page, address: string, status: number): Promise<string[]> {
  const faults: string[] = []
  const answer = await page.goto(address)
  if (answer?.status() !== status) faults.push(`${address}: ${String(answer?.status())}`)
  // What is folded away is read as well.
  await page.locator('main details').evaluateAll((folds) => {
    for (const fold of folds) fold.setAttribute('open', '')
  })
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    const over = await sidewaysBy(page)
    if (over > 0) faults.push(`${address} at ${String(width)}: ${String(over)} px too wide`)
    for (const fault of await axeFaults(page)) faults.push(`${address} at ${String(width)}: ${fault}`)
  }
  return faults
}

type Records = Readonly<Record<string, string>>

/** A record of each kind, by the part of an address that stands for it. */
async function plant(request: APIRequestContext, email: string): Promise<Records> {
  const headers = { authorization: `Bearer ${await tokenOf(email)}` }
  const made = await makerFor(request, email)
  const person = await made('persons', {
    identity: { names: [{ value: 'Bartholomew Constantinopolitanus-Featherstonehaugh' }], phones: ['+447700900187'] },
    safeContact: { channels: { text: true }, codeWord: 'harbour' },
  })
  const file = await made('cases', { person, risk: 'high' })
  const need = await made(`cases/${file}/needs`, { category: 'legal', type: 'information_advice', urgency: 'urgent' })
  const consent = await made(`cases/${file}/consents`, {
    ...{ purpose: 'sharing', agency: 'legalaid', categories: ['legal'] },
    ...{ identity: 'full', endsOn: '2099-12-31' },
  })
  const offered = (await (await request.get('/api/v1/directory?agency=harbour&limit=1', { headers })).json()) as {
    items: readonly { readonly code: string }[]
  }
  return {
    personCode: person,
    code: file,
    need,
    consent,
    referral: await made('referrals', { case: file, needs: [need], toAgency: 'legalaid', send: true }),
    paper: await made('paper-referrals/received', {
      ...{ case: file, agencyName: 'Riverside Mission', receivedOn: '2026-01-05' },
      ...{ urgency: 'routine', categories: ['legal'], consentSays: 'spoken' },
    }),
    lane: 'unseen',
    agency: 'harbour',
    listed: offered.items[0]?.code ?? '',
    service: await made(`cases/${file}/services`, {
      category: 'legal',
      type: 'information_advice',
      note: 'Came early',
    }),
    contact: await made(`cases/${file}/contacts`, { kind: 'call', outcome: 'reached', text: 'Went well' }),
    agencyKey: 'harbour',
    networkKey: 'demonstration',
    paragraph: '6/b',
  }
}

/** A cover and an absence of a colleague whom no other test meets, a second one on the case's team, and an emergency access that has ended. */
async function arrangeDuty(browser: Browser, page: Page, file: string): Promise<void> {
  const colleague = await invited(browser, ADMIN, ['Caseworker'])
  const other = await invited(browser, ADMIN, ['Caseworker'])
  await page.goto('/team/cover/new')
  await page.getByLabel('Unit').selectOption({ index: 1 })
  await page.getByLabel('Colleague', { exact: true }).selectOption({ label: colleague.name })
  await page.getByRole('button', { name: 'Set cover' }).click()
  await expect(page.getByText('Cover set')).toBeVisible()
  await page.goto('/team/absence/new')
  await page.getByLabel('Colleague', { exact: true }).selectOption({ label: colleague.name })
  await page.getByLabel('Who stands in', { exact: true }).selectOption({ label: other.name })
  await page.locator('[name="untilOn:choice"]').nth(1).check()
  await page.getByLabel('Until what time').fill('17.30')
  await page.getByRole('button', { name: 'Save absence' }).click()
  await expect(page.getByText('Absence saved')).toBeVisible()
  await page.goto(`/cases/${file}/team`)
  await page.getByLabel('Colleague', { exact: true }).selectOption({ label: other.name })
  await page.getByRole('button', { name: 'Add to team' }).click()
  await expect(page.getByRole('link', { name: `Take ${other.name} off the team` })).toBeVisible()
  const stranger = await plantCase(page.request)
  await openInEmergency(other.page, stranger.case)
  const bar = other.page.getByRole('region', { name: 'Emergency access' })
  await bar.getByRole('button', { name: 'End now' }).click()
  await other.page.waitForURL('/emergency-access/*')
  for (const one of [colleague, other]) await one.page.context().close()
}

function fill(address: string, records: Records): string {
  if (address === '/tasks/[code]') return address
  if (address === '/search/[code]') return `/search/${records['need'] ?? ''}`
  return address.replace(/\[(?:\.\.\.)?(\w+)\]/g, (part, name: string) => records[name] ?? part)
}

function patternOf(address: string): RegExp {
  return new RegExp(`^${address.replace(/\[(?:\.\.\.)?\w+\]/g, '[^/?#]+')}$`)
}

function parts(address: string): number {
  return address.split('[').length - 1
}
