import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareEnvironment } from '@/lib/platform/env'
import { isRunning, markProcess } from '@/lib/platform/process-lock'
import type { ServerIdentity } from '@/lib/platform/db/embedded/identity'

export const SUPERUSER = 'postgres'

export type ServerFiles = { readonly data: string; readonly log: string }
export type Durability = 'durable' | 'throwaway'
export type RunningServer = { readonly pid: number; readonly port: number }

type StartOptions = ServerFiles & {
  readonly postgres: string
  readonly identity: ServerIdentity | undefined
  readonly durability: Durability
}

const START_TIMEOUT_MS = 60_000

/** Starts PostgreSQL on a free port of 127.0.0.1, in a session of its own so that Ctrl-C doesn't reach it. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const end = Date.now() + START_TIMEOUT_MS
  let failure = ''
  while (Date.now() < end) {
    const port = await freePort()
    const mark = logSize(options.log)
    const pid = await launch(options, port)
    if (pid !== undefined) return { pid, port }
    failure = readFileSync(options.log, 'utf8').slice(mark)
    // After a kill the old backends need a moment to notice; a port may be taken between the look and the start.
    if (!/shared memory block|Address already in use|could not bind|lock file/.test(failure)) break
    await sleep(300)
  }
  throw new Error(`The embedded PostgreSQL does not start; its last words in ${options.log}: ${lastLine(failure)}`)
}

/** The server that runs on this data folder, if one does. A pid file that a killed server left is removed. */
export async function findServer(data: string): Promise<RunningServer | undefined> {
  const file = join(data, 'postmaster.pid')
  for (let tries = 0; tries < 300; tries += 1) {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').map((line) => line.trim())
    const pid = Number(lines[0])
    if (!(pid > 0)) return undefined
    if (!isServerOf(data, pid)) {
      await rm(file, { force: true })
      return undefined
    }
    if (lines[7] === 'ready') return { pid, port: Number(lines[3]) }
    await sleep(100)
  }
  throw new Error(`A PostgreSQL server holds ${data} but does not get ready; stop it and start again.`)
}

/** Stops the server as soon as its transactions are rolled back, and waits for its end. */
export async function stopServer(pid: number): Promise<void> {
  const server = markProcess(pid)
  for (const [signal, waitMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    if (!isRunning(server)) return
    process.kill(pid, signal)
    const end = Date.now() + waitMs
    while (isRunning(server) && Date.now() < end) await sleep(20)
  }
}

async function launch(
  { postgres, identity, data, log, durability }: StartOptions,
  port: number,
): Promise<number | undefined> {
  const output = openSync(log, 'a', 0o600)
  const settings = Object.entries({ ...serverSettings(durability), port: String(port) })
  const args = ['-D', data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const child = spawn(postgres, args, {
    stdio: ['ignore', output, output],
    cwd: data,
    detached: true,
    env: bareEnvironment(),
    ...identity,
  })
  closeSync(output)
  child.unref()
  const state = { ended: false }
  for (const event of ['exit', 'error']) child.once(event, () => (state.ended = true))
  const file = join(data, 'postmaster.pid')
  const end = Date.now() + START_TIMEOUT_MS
  while (!state.ended && Date.now() < end) {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return child.pid
    await sleep(20)
  }
  return undefined
}

/** Command line settings win over the files in the data folder, so an upgrade of Amparo brings its own. */
function serverSettings(durability: Durability): Record<string, string> {
  const megabytes = Math.floor(totalmem() / 2 ** 20)
  const shared = Math.min(512, Math.max(64, Math.floor(megabytes / 16)))
  const durable = durability === 'durable' ? 'on' : 'off'
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: durability === 'durable' ? '60' : '200',
    fsync: durable,
    full_page_writes: durable,
    synchronous_commit: durable,
    shared_buffers: `${String(shared)}MB`,
    effective_cache_size: `${String(Math.max(256, Math.floor(megabytes / 2)))}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    wal_compression: 'on',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    password_encryption: 'scram-sha-256',
    // A log line may carry no value from a record: neither the statement nor the DETAIL of an error is written.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_checkpoints: 'off',
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('no port'))
      })
    })
  })
}

function isServerOf(data: string, pid: number): boolean {
  if (!isRunning(markProcess(pid))) return false
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')
      .split('\0')
      .includes(data)
  } catch {
    // No /proc on this system: the number alone has to do.
    return process.platform !== 'linux'
  }
}

function logSize(log: string): number {
  try {
    return readFileSync(log, 'utf8').length
  } catch {
    return 0
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? 'none'
}
