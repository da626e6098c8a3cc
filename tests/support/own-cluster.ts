import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { chmod, chown, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import pg from 'pg'

import { findBinaries } from '@/lib/platform/db/embedded/binaries'
import { serverIdentity } from '@/lib/platform/db/embedded/identity'
import { DATABASE, initCluster, OWNER, provisionOwner } from '@/lib/platform/db/embedded/provision'
import { SUPERUSER } from '@/lib/platform/db/embedded/server'
import { bareEnvironment } from '@/lib/platform/env'
import { isRunning, markProcess } from '@/lib/platform/process-lock'

import { unusedPort } from './application'

/** A PostgreSQL of a test's own on one port, as durable as a real one, that can be killed and comes back. */
export type OwnCluster = {
  readonly ownerUrl: string
  readonly superuserUrl: string
  readonly start: () => Promise<void>
  /** Ends it as an operator would. */
  readonly stop: () => Promise<void>
  /** Kills every process of it at once: nothing is flushed, nobody is told. */
  readonly kill: () => Promise<void>
  readonly remove: () => Promise<void>
}

/** The log is written out by those who commit; whoever doesn't wait for that loses what stands in memory for up to ten seconds. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  wal_writer_delay: '10s',
  max_connections: '60',
  timezone: 'UTC',
}

export async function ownCluster(): Promise<OwnCluster> {
  const identity = serverIdentity()
  const folder = await mkdtemp(join(tmpdir(), 'amparo-cluster-'))
  await chmod(folder, 0o711)
  if (identity !== undefined) await chown(folder, identity.uid, identity.gid)
  const { initdb, postgres } = await findBinaries(identity)
  const password = 'of-a-test-only'
  const data = await initCluster({ initdb, identity, home: join(folder, 'home'), password, durable: false })
  const port = await unusedPort()
  const superuserUrl = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${String(port)}/postgres`
  let pid = 0

  async function start(): Promise<void> {
    const output = openSync(join(folder, 'postgres.log'), 'a', 0o600)
    const args = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ])
    const child = spawn(postgres, ['-D', data, ...args], {
      stdio: ['ignore', output, output],
      cwd: data,
      detached: true,
      env: bareEnvironment(),
      ...identity,
    })
    closeSync(output)
    child.unref()
    pid = child.pid ?? 0
    for (let tries = 0; tries < 600; tries += 1) {
      if (await answers(superuserUrl)) return
      if (child.exitCode !== null) throw new Error(await readFile(join(folder, 'postgres.log'), 'utf8'))
      await sleep(50)
    }
    throw new Error('The cluster of a test did not start')
  }

  async function end(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    const family = signal === 'SIGKILL' ? [pid, ...(await childrenOf(pid))] : [pid]
    const marks = [pid, ...(await childrenOf(pid))].map((one) => markProcess(one))
    for (const one of family) {
      try {
        process.kill(one, signal)
      } catch {
        // It has ended in this moment.
      }
    }
    while (marks.some(isRunning)) await sleep(10)
    if (signal === 'SIGKILL') await rm(join(data, 'postmaster.pid'), { force: true })
  }

  await start()
  await provisionOwner(superuserUrl, password, { mayCreateDatabases: false })
  return {
    ownerUrl: `postgresql://${OWNER}:${password}@127.0.0.1:${String(port)}/${DATABASE}`,
    superuserUrl,
    start,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    remove: async () => {
      if (isRunning(markProcess(pid))) await end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').catch(() => '')
  return text.split(' ').map(Number).filter(Boolean)
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
