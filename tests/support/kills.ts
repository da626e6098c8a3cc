import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import pg from 'pg'

import type { Chance } from '@/prisma/seed/random'

import { launch, startApplication, unusedPort, type Application } from './application'
import { amparo } from './boot'
import { ownCluster, type OwnCluster } from './own-cluster'

/** The application on a database of its own, with demonstration data, and a token of a caseworker. */
export type Installation = {
  readonly cluster: OwnCluster
  readonly origin: string
  readonly token: string
  readonly application: () => Application
  readonly start: () => Promise<void>
  readonly command: (...args: readonly string[]) => Promise<string>
  readonly send: (path: string, body: object, key?: string) => Promise<Answer>
  readonly remove: () => Promise<void>
}

/** Status 0: no answer came. */
export type Answer = { readonly status: number; readonly code: string }

export async function installation(): Promise<Installation> {
  const cluster = await ownCluster()
  const folder = await mkdtemp(join(tmpdir(), 'amparo-kills-'))
  const port = await unusedPort()
  const environment = { DATABASE_URL: cluster.ownerUrl, AMPARO_DEMO: '1' }
  let running = await startApplication({ dataDirectory: folder, port, environment })
  const command = (...args: readonly string[]) => amparo(folder, args, { DATABASE_URL: cluster.ownerUrl })
  const made = await command('token', 'create', '--user', 'caseworker@harbour.example', '--name', 'Kills')
  const token = made.trim().split('\n').at(-1) ?? ''
  return {
    cluster,
    origin: running.origin,
    token,
    application: () => running,
    start: async () => {
      running = launch({ dataDirectory: folder, port, environment })
      await healthy(running)
    },
    command,
    send: async (path, body, key) => {
      try {
        const answer = await fetch(`${running.origin}/api/v1/${path}`, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            ...(key === undefined ? {} : { 'idempotency-key': key }),
          },
        })
        const said = (await answer.json()) as { readonly code?: string }
        return { status: answer.status, code: said.code ?? '' }
      } catch {
        return { status: 0, code: '' }
      }
    },
    remove: async () => {
      await running.end('SIGTERM')
      await cluster.remove()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until the application is well, however long its database takes. */
export async function healthy(application: Application): Promise<void> {
  while (application.process.exitCode === null) {
    const health = await fetch(`${application.origin}/api/health`).catch(() => undefined)
    if (health?.status === 200) return
    await sleep(50)
  }
  throw new Error(`The application ended:\n${application.output()}`)
}

export type Kill = 'application' | 'database' | 'both'

export type Plan = {
  readonly kills: readonly Kill[]
  /** How many acknowledged writes there are at least, over all kills. */
  readonly writes: number
  readonly writers: number
  /** The moments are random. */
  readonly chance: Chance
  /** What is done with the database before the application is started on it again. */
  readonly beforeStart?: () => Promise<void>
}

export type Written = {
  /** The code that each key was acknowledged with. */
  readonly acknowledged: ReadonlyMap<string, { readonly path: string; readonly code: string }>
  readonly cases: readonly string[]
  /** How often a write had to be sent again with its key. */
  readonly resent: number
  /** Answers that were neither the record nor "try again". */
  readonly unexpected: readonly number[]
}

const BODIES = {
  services: { category: 'social', type: 'transport' },
  contacts: { kind: 'call', outcome: 'reached' },
} as const

/**
 * Writes through the API with several writers while the application, its database or both are killed at random moments
 * and started again. A writer sends a write with the same key until it is acknowledged, as a client does that can't know.
 */
export async function writeThroughKills(on: Installation, plan: Plan): Promise<Written> {
  const acknowledged = new Map<string, { readonly path: string; readonly code: string }>()
  const state = { resent: 0, isDone: false, unexpected: [] as number[] }
  const cases = await Promise.all(
    Array.from({ length: plan.writers }, async () => made(on, 'cases', { person: await made(on, 'persons', {}) })),
  )

  async function write(file: string, writer: number): Promise<void> {
    for (let n = 0; !state.isDone; n += 1) {
      const kind = n % 2 === 0 ? 'services' : 'contacts'
      const [path, key] = [`cases/${file}/${kind}`, `k${String(writer)}-${String(n)}-${file}`]
      for (;;) {
        const { status, code } = await on.send(path, BODIES[kind], key)
        if (status === 201) {
          acknowledged.set(key, { path, code })
          break
        }
        if (status !== 0 && status !== 503) state.unexpected.push(status)
        state.resent += 1
        await sleep(50)
      }
    }
  }

  const writing = Promise.all(cases.map(write))
  const share = Math.ceil(plan.writes / (plan.kills.length + 1))
  for (const kill of plan.kills) {
    const from = acknowledged.size
    await until(() => acknowledged.size >= from + share)
    await sleep(plan.chance.next() * 300)
    await killAndStart(on, kill, plan.beforeStart)
  }
  await until(() => acknowledged.size >= plan.writes)
  state.isDone = true
  await writing
  return { acknowledged, cases, resent: state.resent, unexpected: state.unexpected }
}

/** Makes a record, and asks again while connections of before a kill are noticed to be gone. */
async function made(on: Installation, path: string, body: object): Promise<string> {
  for (;;) {
    const { status, code } = await on.send(path, body)
    if (status === 201) return code
    if (status !== 0 && status !== 503) throw new Error(`${path} answered ${String(status)}`)
    await sleep(50)
  }
}

async function killAndStart(on: Installation, kill: Kill, beforeStart: Plan['beforeStart']): Promise<void> {
  const ended = kill === 'database' ? undefined : on.application().end('SIGKILL')
  if (kill !== 'application') await on.cluster.kill()
  await ended
  if (kill !== 'application') await on.cluster.start()
  await beforeStart?.()
  if (kill !== 'database') await on.start()
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(10)
}

/** The codes of everything that the database has of these cases, each as often as it is there. */
export async function storedOn(on: Installation, cases: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: on.cluster.ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ code: string }>(
      `SELECT s.code FROM service s JOIN case_file c ON c.id = s.case_id WHERE c.code = ANY ($1)
       UNION ALL SELECT k.code FROM contact_entry k JOIN case_file c ON c.id = k.case_id WHERE c.code = ANY ($1)`,
      [cases],
    )
    return rows.map(({ code }) => code)
  } finally {
    await client.end()
  }
}

/** What was acknowledged and is not there, what is there and was not, and how many are there twice. */
export function compare(written: Written, stored: readonly string[]) {
  const codes = [...written.acknowledged.values()].map(({ code }) => code)
  const there = new Set(stored)
  const known = new Set(codes)
  return {
    lost: codes.filter((code) => !there.has(code)).length,
    doubled: stored.length - there.size + (codes.length - known.size),
    surplus: [...there].filter((code) => !known.has(code)).length,
  }
}

/** Runs one statement as the superuser of the installation's own cluster. */
export async function asSuperuser(on: Installation, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: on.cluster.superuserUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}
