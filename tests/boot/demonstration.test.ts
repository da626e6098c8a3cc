import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { startApplication, unusedPort, type Application } from '@/tests/support/application'
import { amparo } from '@/tests/support/boot'

let folder: string
let port: number
let application: Application | undefined

const start = async (): Promise<Application> => {
  const environment = { AMPARO_DEMO: '1' }
  return (application = await startApplication({ dataDirectory: folder, port, environment }))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amparo-crash-'))
  port = await unusedPort()
  await start()
}, 180_000)

afterAll(async () => {
  await application?.end('SIGTERM')
  await rm(folder, { recursive: true, force: true })
})

/** Signs in with a form as it stands in the page, without a script; the address that it leads to. */
async function signInWith(email: string, password: string): Promise<string> {
  const { origin = '' } = application ?? {}
  const html = await (await fetch(`${origin}/sign-in`)).text()
  const form = [...html.matchAll(/<form[\s\S]*?<\/form>/g)].map(([one]) => one).find((one) => one.includes('"email"'))
  const data = new FormData()
  for (const [field] of (form ?? '').matchAll(/<input[^>]*>/g)) {
    const name = / name="([^"]*)"/.exec(field)?.[1]
    const value = (/ value="([^"]*)"/.exec(field)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
    if (name !== undefined) data.append(name, value)
  }
  data.set('email', email)
  data.set('password', password)
  const answer = await fetch(`${origin}/sign-in`, {
    method: 'POST',
    body: data,
    headers: { origin },
    redirect: 'manual',
  })
  return answer.headers.get('location') ?? ''
}

it('trap T12: the account that the start names opens with the password that it prints', async () => {
  const [, email = '', password = ''] =
    /Sign in as (\S+@\S+) with the password (.+?)(?: \(|\n|$)/.exec(application?.output() ?? '') ?? []
  expect(email).toBe('caseworker@harbour.example')
  expect(await signInWith(email, password)).toBe('/')
  expect(await signInWith(email, `${password} `)).toBe('')
})

it('an operator’s commands list and move referrals and consents as a member, who may no more than on pages', async () => {
  const run = (...args: readonly string[]) => amparo(folder, args)
  const listed = JSON.parse(
    await run('referral', 'list', '--user', 'caseworker@harbour.example', '--box', 'out', '--state', 'sent', '--json'),
  ) as { items: readonly { code: string; case: string; toAgency: string }[] }
  const sent = listed.items.find(({ toAgency }) => toAgency === 'legalaid')
  expect(sent).toBeDefined()
  const { code = '', case: on = '' } = sent ?? {}
  const acknowledge = ['referral', 'move', code, 'acknowledge', '--user']
  await expect(run(...acknowledge, 'caseworker2@legalaid.example')).rejects.toThrow('This member may not do that')
  expect(await run(...acknowledge, 'caseworker@legalaid.example')).toMatch(new RegExp(`^${code}  acknowledged  `))
  await expect(run(...acknowledge, 'caseworker@legalaid.example')).rejects.toThrow('wrong_state')
  const consents = await run('consent', 'list', on, '--user', 'caseworker@harbour.example')
  expect(consents).toMatch(/^CON-[0-9A-Z]{9} {2}in_force {2}sharing {2}given {2}legalaid/m)
}, 120_000)
