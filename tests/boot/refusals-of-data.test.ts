import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { generateKeyPairSync } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { launch, unusedPort } from '@/tests/support/application'
import { amparo, startCommand } from '@/tests/support/boot'
import { ownCluster, type OwnCluster } from '@/tests/support/own-cluster'

let cluster: OwnCluster
let folder: string

beforeAll(async () => {
  cluster = await ownCluster()
  folder = await mkdtemp(join(tmpdir(), 'amparo-boot-'))
  // Migrates, makes the master key, and seals for the first time.
  await amparo(folder, ['audit', 'seal'], { DATABASE_URL: cluster.ownerUrl })
})
afterAll(async () => {
  await cluster.remove()
  await rm(folder, { recursive: true, force: true })
})

/** What the start says before it ends with exit code 1, in one sentence. */
async function refusal(more: Record<string, string> = {}): Promise<string> {
  const environment = { DATABASE_URL: cluster.ownerUrl, ...more }
  const application = launch({ dataDirectory: folder, port: await unusedPort(), environment })
  const code = await new Promise((resolve) => application.process.once('close', resolve))
  const said = application
    .output()
    .trim()
    .split('\n')
    .filter((line) => !line.endsWith(' …'))
  expect(code, application.output()).toBe(1)
  expect(said, 'one sentence, no stack').toHaveLength(1)
  return said[0] ?? ''
}

/** Runs the background jobs apart, which wants the same key, and ends them as soon as they run. */
async function worker(environment: Record<string, string>) {
  const child = startCommand(folder, ['worker'], environment)
  const isRunning = new Promise<boolean>((resolve) => {
    child.stderr.on('data', (text: string) => {
      if (text.includes('Running the background jobs')) resolve(child.kill('SIGTERM'))
    })
    child.once('close', () => {
      resolve(false)
    })
  })
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code: await code, isRunning: await isRunning }
}

async function asSuperuser(statement: string): Promise<void> {
  const url = new URL(cluster.superuserUrl)
  url.pathname = new URL(cluster.ownerUrl).pathname
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query(statement)
  await client.end()
}

describe('R10: the key that seals the log', () => {
  const key = (): string => join(folder, 'seal-key')
  const apart = (): string => join(folder, 'seal-key-apart')

  afterEach(async () => {
    await rename(apart(), key())
  })

  it('that is missing while the log is sealed is asked for, unless another instance seals', async () => {
    await rename(key(), apart())
    expect(await refusal()).toMatch(
      /^The log is sealed, but the key that seals it, .+seal-key, is missing; put the copy from your backup/,
    )
    const environment = { DATABASE_URL: cluster.ownerUrl, AMPARO_SEAL_KEY_FILE: 'elsewhere' }
    expect(await worker(environment)).toEqual({ code: 0, isRunning: true })
    expect((await worker({ DATABASE_URL: cluster.ownerUrl })).code).toBe(1)
  })

  it('that is another one is refused', async () => {
    await rename(key(), apart())
    const { privateKey } = generateKeyPairSync('ed25519')
    await writeFile(key(), privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
    expect(await refusal()).toMatch(/^The key in .+seal-key is not the one that seals this log; put the copy/)
  })
})

describe('R10: a database role that carries a setting of its own', () => {
  it('with which acknowledged records could be lost is refused', async () => {
    await asSuperuser('ALTER ROLE amparo_app SET synchronous_commit = off')
    expect(await refusal()).toMatch(
      /^Sessions of the database role amparo_app begin with synchronous_commit = off and could lose records .+: ALTER ROLE amparo_app RESET/,
    )
    await asSuperuser('ALTER ROLE amparo_app RESET synchronous_commit')
  })

  it('with which the guards of records would not run is refused, also for the jobs', async () => {
    await asSuperuser('ALTER ROLE amparo_worker SET session_replication_role = replica')
    expect(await refusal()).toMatch(/amparo_worker begin with session_replication_role = replica and would skip/)
    await asSuperuser('ALTER ROLE amparo_worker RESET session_replication_role')
  })
})

describe('R10: a database role for the application', () => {
  it.each([
    ['bypasses row security', 'BYPASSRLS', 'NOBYPASSRLS'],
    ['is a superuser', 'SUPERUSER', 'NOSUPERUSER'],
    ['may make roles or databases', 'CREATEROLE', 'NOCREATEROLE'],
  ])('that %s is refused', async (why, on, off) => {
    await asSuperuser(`ALTER ROLE amparo_app ${on}`)
    expect(await refusal()).toMatch(`The application's database role ${why}; take that away`)
    await asSuperuser(`ALTER ROLE amparo_app ${off}`)
  })

  it('that may act as the role of the definer functions is refused', async () => {
    await asSuperuser('GRANT amparo_definer TO amparo_app')
    expect(await refusal()).toMatch("The application's database role may act as the owner or as the definer")
    await asSuperuser('REVOKE amparo_definer FROM amparo_app')
  })
})

describe('R10: a server', () => {
  it('that need not wait for its disk in this database is refused', async () => {
    await asSuperuser('ALTER DATABASE amparo SET synchronous_commit = off')
    expect(await refusal()).toMatch(/^PostgreSQL runs with synchronous_commit off and could lose records/)
    await asSuperuser('ALTER DATABASE amparo RESET synchronous_commit')
  })

  it('whose clock is not that of this computer is refused', async () => {
    // This computer's clock, as the start sees it, goes ten seconds ahead.
    const ahead = 'data:text/javascript,const now = Date.now; Date.now = () => now() + 10_000'.replaceAll(' ', '%20')
    expect(await refusal({ NODE_OPTIONS: `--import=${ahead}` })).toMatch(
      /^The clocks of this computer and of the database differ by 10 seconds; set both by NTP\.$/,
    )
  })
})

describe('R10: the mark of demonstration data', () => {
  it('on a database without them is refused', async () => {
    await asSuperuser('UPDATE installation SET demonstration = true')
    expect(await refusal()).toMatch(/^The database is marked as a demonstration, but its log knows of no/)
    await asSuperuser('UPDATE installation SET demonstration = false')
  })

  it('that is gone from a database with them is refused', async () => {
    await asSuperuser(
      `SELECT app.write_event('{"type":"installation.demonstration-loaded"}'::jsonb, ROW(NULL, NULL, NULL, NULL, '{}', 'operator', 0, 0)::app.actor_context)`,
    )
    expect(await refusal()).toMatch(/^The database holds demonstration data, .+ without the mark that says so/)
  })
})
