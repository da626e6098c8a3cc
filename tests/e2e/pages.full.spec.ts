import { expect, test, type APIRequestContext, type Page } from '@playwright/test'

import { axeFaults, sidewaysBy } from '../support/accessible'
import { invited, madeSystemAdministrator, speak } from '../support/newcomer'
import { pageAddresses } from '../support/page-addresses'
import { tokenOf } from '../support/token'

const WIDTHS = [320, 768, 1280] as const
/** Pages that only a system administrator finds; to others they are missing. */
const OF_THE_OPERATOR = /^\/admin\/(agencies|networks|status|jobs|backups|keys)/
const PUBLIC = ['/sign-in', '/invite', '/setup', '/leave/confirm']

for (const language of ['English', '简体中文'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`every page holds in ${language} and ${theme}, at 320, 768 and 1280 px: axe finds no fault and nothing runs over`, async ({
      browser,
      request,
    }) => {
      test.setTimeout(30 * 60_000)
      const faults: string[] = []
      const worker = await invited(browser, 'admin@harbour.example', [
        'Caseworker',
        'Supervisor',
        'Agency administrator',
      ])
      const records = await plant(request, worker.email)
      const system = await madeSystemAdministrator(browser)
      const visitor = await (await browser.newContext({ locale: language === 'English' ? 'en-GB' : 'zh-CN' })).newPage()
      for (const { page } of [worker, system]) await speak(page, language)

      for (const address of pageAddresses().filter((one) => !one.startsWith('/kit'))) {
        const who = PUBLIC.includes(address) ? visitor : OF_THE_OPERATOR.test(address) ? system.page : worker.page
        await who.emulateMedia({ colorScheme: theme })
        faults.push(...(await faultsOf(who, filled(address, records))))
      }
      faults.push(...(await faultsOf(visitor, '/nowhere')), ...(await faultsOf(worker.page, '/cases/CAS-000000000')))
      expect(faults).toEqual([])
      for (const page of [worker.page, system.page, visitor]) await page.context().close()
    })
  }
}

async function faultsOf(page: Page, address: string): Promise<string[]> {
  const faults: string[] = []
  await page.goto(address)
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
  const made = async (path: string, data: object) => {
    const answer = await request.post(`/api/v1/${path}`, { headers, data })
    expect(answer.status(), `${path} ${await answer.text()}`).toBe(201)
    return ((await answer.json()) as { code: string }).code
  }
  const person = await made('persons', {
    identity: { names: [{ value: 'Bartholomew Constantinopolitanus-Featherstonehaugh' }], phones: ['+447700900187'] },
    safeContact: { channels: { text: true }, codeWord: 'harbour' },
  })
  const file = await made('cases', { person, risk: 'high' })
  return {
    personCode: person,
    code: file,
    need: await made(`cases/${file}/needs`, { category: 'legal', urgency: 'urgent' }),
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

function filled(address: string, records: Records): string {
  return address.replace(/\[(?:\.\.\.)?(\w+)\]/g, (part, name: string) => records[name] ?? part)
}
