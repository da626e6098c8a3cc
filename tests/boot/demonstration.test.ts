import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { findServer } from '@/lib/platform/db/embedded/server'
import { startApplication, unusedPort, type Application } from '@/tests/support/application'
import { amparo } from '@/tests/support/boot'

const ROUNDS = process.env['AMPARO_FULL'] === '1' ? 12 : 2
const WRITERS = 4

let folder: string
let port: number
let application: Application | undefined
let token: string

const start = async (): Promise<Application> => {
  const environment = { AMPARO_DEMO: '1' }
  return (application = await startApplication({ dataDirectory: folder, port, environment }))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amparo-crash-'))
  port = await unusedPort()
  await start()
  const args = ['token', 'create', '--user', 'caseworker@harbour.example', '--name', 'Crash test']
  token = (await amparo(folder, args)).trim().split('\n').at(-1) ?? ''
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

async function send(path: string, body: object, key?: string): Promise<{ status: number; code: string }> {
  const answer = await fetch(`${application?.origin ?? ''}/api/v1/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
  })
  const said = (await answer.json()) as { code?: string }
  return { status: answer.status, code: said.code ?? '' }
}

const SERVICE = { category: 'social', type: 'transport' }

/** Writes until the application is gone; gives what it said was done, and what was on its way. */
async function write(
  on: string,
  name: string,
  onDone: () => void,
): Promise<{ done: Map<string, string>; open: string[] }> {
  const done = new Map<string, string>()
  for (let n = 0; ; n += 1) {
    const key = `${name}-${String(n)}`
    try {
      const { status, code } = await send(`cases/${on}/services`, SERVICE, key)
      if (status !== 201) return { done, open: [key] }
      done.set(key, code)
      onDone()
    } catch {
      return { done, open: [key] }
    }
  }
}

async function servicesOf(on: string): Promise<string[]> {
  const codes: string[] = []
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const answer = await fetch(`${application?.origin ?? ''}/api/v1/cases/${on}/services?limit=200${query}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const page = (await answer.json()) as { items: { code: string }[]; nextCursor: string | null }
    codes.push(...page.items.map(({ code }) => code))
    cursor = page.nextCursor
  } while (cursor !== null)
  return codes
}

it('trap T12: the account that the start names opens with the password that it prints', async () => {
  const [, email = '', password = ''] =
    /Sign in as (\S+@\S+) with the password (.+?)(?: \(|\n|$)/.exec(application?.output() ?? '') ?? []
  expect(email).toBe('caseworker@harbour.example')
  expect(await signInWith(email, password)).toBe('/')
  expect(await signInWith(email, `${password} `)).toBe('')
})

it('invariant 8, R01, R02: what was acknowledged is there exactly once after the application, or it and its database, was killed while writing', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const person = (await send('persons', {})).code
    const on = (await send('cases', { person })).code
    let acknowledged = 0
    const writers = Array.from({ length: WRITERS }, (_, n) =>
      write(on, `r${String(round)}-w${String(n)}`, () => (acknowledged += 1)),
    )
    while (acknowledged < 15 + 3 * round) await sleep(3 + round)
    const server = await findServer(join(folder, 'postgres', 'data'))
    await application?.end('SIGKILL')
    if (round % 2 === 1 && server !== undefined) process.kill(server.pid, 'SIGKILL')
    const written = await Promise.all(writers)
    await start()

    const done = written.flatMap((one) => [...one.done])
    const open = written.flatMap((one) => one.open)
    expect(done.length).toBeGreaterThan(WRITERS)
    const stored = await servicesOf(on)
    for (const [key, code] of done)
      expect(
        stored.filter((one) => one === code),
        key,
      ).toHaveLength(1)

    // Everything is sent once more, as a sender does who can't know: the same answers, and nothing twice.
    for (const [key, code] of done)
      expect(await send(`cases/${on}/services`, SERVICE, key)).toEqual({ status: 201, code })
    for (const key of open) expect((await send(`cases/${on}/services`, SERVICE, key)).status).toBe(201)
    expect(await servicesOf(on)).toHaveLength(done.length + open.length)
  }
}, 900_000)
