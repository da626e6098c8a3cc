import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { Chance } from '@/prisma/seed/random'
import { compare, healthy, installation, storedOn, writeThroughKills, type Installation } from '@/tests/support/kills'
import { overloaded } from '@/tests/support/overload'

let on: Installation

beforeAll(async () => {
  on = await installation()
}, 300_000)
afterAll(async () => {
  await on.remove()
}, 60_000)

const status = async (path: string) => (await fetch(`${on.origin}${path}`)).status

describe('the demonstration', () => {
  /** Signs in with a form as it stands in the page, without a script; the address that it leads to. */
  async function signInWith(email: string, password: string): Promise<string> {
    const html = await (await fetch(`${on.origin}/sign-in`)).text()
    const form = [...html.matchAll(/<form[\s\S]*?<\/form>/g)].map(([one]) => one).find((one) => one.includes('"email"'))
    const data = new FormData()
    for (const [field] of (form ?? '').matchAll(/<input[^>]*>/g)) {
      const name = / name="([^"]*)"/.exec(field)?.[1]
      const value = (/ value="([^"]*)"/.exec(field)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
      if (name !== undefined) data.append(name, value)
    }
    data.set('email', email)
    data.set('password', password)
    const answer = await fetch(`${on.origin}/sign-in`, {
      method: 'POST',
      body: data,
      headers: { origin: on.origin },
      redirect: 'manual',
    })
    return answer.headers.get('location') ?? ''
  }

  it('trap T12: the account that the start names opens with the password that it prints', async () => {
    const [, email = '', password = ''] =
      /Sign in as (\S+@\S+) with the password (.+?)(?: \(|\n|$)/.exec(on.application().output()) ?? []
    expect(email).toBe('caseworker@harbour.example')
    expect(await signInWith(email, password)).toBe('/')
    expect(await signInWith(email, `${password} `)).toBe('')
  })

  it('an operator’s commands list and move referrals and consents as a member, who may no more than on pages', async () => {
    const box = [
      'referral',
      'list',
      '--user',
      'caseworker@harbour.example',
      '--box',
      'out',
      '--state',
      'sent',
      '--json',
    ]
    const listed = JSON.parse(await on.command(...box)) as {
      items: readonly { code: string; case: string; toAgency: string }[]
    }
    const sent = listed.items.find(({ toAgency }) => toAgency === 'legalaid')
    expect(sent).toBeDefined()
    const { code = '', case: file = '' } = sent ?? {}
    const acknowledge = ['referral', 'move', code, 'acknowledge', '--user']
    await expect(on.command(...acknowledge, 'caseworker2@legalaid.example')).rejects.toThrow(
      'This member may not do that',
    )
    expect(await on.command(...acknowledge, 'caseworker@legalaid.example')).toMatch(
      new RegExp(`^${code}  acknowledged  `),
    )
    await expect(on.command(...acknowledge, 'caseworker@legalaid.example')).rejects.toThrow('wrong_state')
    const consents = await on.command('consent', 'list', file, '--user', 'caseworker@harbour.example')
    expect(consents).toMatch(/^CON-[0-9A-Z]{9} {2}in_force {2}sharing {2}given {2}legalaid/m)
  }, 120_000)
})

describe('the application, when something ends beneath it', () => {
  it('invariant 8, R01, R02: keeps every acknowledged write, once, through kills of itself, of its database and of both', async () => {
    const chance = new Chance(58_137)
    const kills = ['database', 'application', 'both'] as const
    const written = await writeThroughKills(on, { kills, writes: 200, writers: 4, chance })
    expect(written.unexpected).toEqual([])
    expect(written.resent).toBeGreaterThan(0)
    expect(compare(written, await storedOn(on, written.cases))).toEqual({ lost: 0, doubled: 0, surplus: 0 })
    // Sent once more, as somebody does whose answer was lost: the same record, and nothing new.
    const [key = '', made = { path: '', code: '' }] = [...written.acknowledged][7] ?? []
    const body = made.path.endsWith('services')
      ? { category: 'social', type: 'transport' }
      : { kind: 'call', outcome: 'reached' }
    expect(await on.send(made.path, body, key)).toEqual({ status: 201, code: made.code })
    expect(await storedOn(on, written.cases)).toHaveLength(written.acknowledged.size)
  }, 240_000)

  it('R06: says 503 and when to come again while its database is away, stays alive, and recovers by itself', async () => {
    await on.cluster.stop()
    const health = await fetch(`${on.origin}/api/health`)
    const asked = await fetch(`${on.origin}/api/v1/mandate`, { headers: { authorization: `Bearer ${on.token}` } })
    const live = await status('/api/health?probe=live')
    await on.cluster.start()
    expect(health.status).toBe(503)
    expect(health.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(asked.status).toBe(503)
    expect(asked.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(live).toBe(200)
    await healthy(on.application())
    expect((await on.send('persons', {})).status).toBe(201)
  }, 60_000)

  it('R07: answers what it takes in under five times its load, tells the rest to wait, and stands afterwards', async () => {
    const headers = { authorization: `Bearer ${on.token}` }
    const url = `${on.origin}/api/v1/services?limit=50`
    const { statuses, errors } = await overloaded({ url, headers, answers: 200 })
    expect(errors).toBe(0)
    expect([...statuses.keys()].sort()).toEqual([200, 503])
    // Those inside are answered while the others knock: more than fit inside at once.
    expect(statuses.get(200)).toBeGreaterThanOrEqual(200)
    expect(on.application().process.exitCode).toBeNull()
    expect(await status('/api/health')).toBe(200)
    expect((await fetch(url, { headers })).status).toBe(200)
  }, 60_000)

  it('R08: fails no request that it has taken in when it is told to end', async () => {
    const outcomes: { readonly before: boolean; readonly what: string }[] = []
    const state = { isTold: false, isDown: false }
    const clients = Array.from({ length: 20 }, async () => {
      while (!state.isDown) {
        const before = !state.isTold
        const what = await outcomeOf(`${on.origin}/api/v1/services?limit=5`)
        if (what === 'ECONNREFUSED') state.isDown = true
        outcomes.push({ before, what })
      }
    })
    while (outcomes.length < 60) await new Promise((resolve) => setTimeout(resolve, 20))
    const ended = on.application().end('SIGTERM')
    state.isTold = true
    expect(await ended).toBe(0)
    await Promise.all(clients)
    const said = (before: boolean) => [
      ...new Set(outcomes.filter((one) => one.before === before).map(({ what }) => what)),
    ]
    expect(said(true)).toEqual(['200'])
    // Whoever comes when the door is shut already was never taken in.
    for (const what of said(false)) expect(['200', 'ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET']).toContain(what)
    await on.start()
  }, 60_000)
})

/** The status of an answer, or the code of what went wrong on the way. */
async function outcomeOf(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${on.token}` } })
    await answer.text()
    return String(answer.status)
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: string } }
    return cause?.code ?? String(error)
  }
}
