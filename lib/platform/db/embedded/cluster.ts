import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { ensureSecrets } from '@/lib/platform/data-dir'
import { findBinaries, openSystemFolder, SYSTEM_FOLDER } from '@/lib/platform/db/embedded/binaries'
import { canReach, serverIdentity } from '@/lib/platform/db/embedded/identity'
import { DATABASE, initCluster, OWNER, provisionOwner } from '@/lib/platform/db/embedded/provision'
import { findServer, startServer, stopServer, SUPERUSER } from '@/lib/platform/db/embedded/server'
import { isRunning, markProcess, withProcessLock } from '@/lib/platform/process-lock'
import type { ServerIdentity } from '@/lib/platform/db/embedded/identity'
import type { RunningServer } from '@/lib/platform/db/embedded/server'
import type { ProcessMark } from '@/lib/platform/process-lock'

export type EmbeddedDatabase = {
  readonly ownerUrl: string
  readonly passwords: { readonly app: string; readonly worker: string; readonly backup: string }
}

type Options = {
  /** The process that uses the database; it is stopped when the last of them has released it or has ended. */
  readonly holder: number
  readonly onProgress?: (what: string) => void
}

/**
 * Gives the embedded database of a data directory to a process: the one that runs already, or else started, and made
 * on the first start. Several processes may hold it at once (the application, a command).
 */
export async function acquireEmbedded(directory: string, { holder, onProgress }: Options): Promise<EmbeddedDatabase> {
  return withProcessLock(join(directory, 'postgres.lock'), async () => {
    const { superuser, owner, app, worker, backup } = await passwordsOf(directory)
    const server = await ensureServer(directory, superuser, onProgress)
    await hold(directory, holder)
    const base = `127.0.0.1:${String(server.port)}`
    const ownerUrl = `postgresql://${OWNER}:${owner}@${base}/${DATABASE}`
    if (!(await answers(ownerUrl))) {
      const superuserUrl = `postgresql://${SUPERUSER}:${superuser}@${base}/postgres`
      await provisionOwner(superuserUrl, owner, { mayCreateDatabases: false })
    }
    return { ownerUrl, passwords: { app, worker, backup } }
  })
}

/** Ends a process's hold on the embedded database, and stops it when no living process holds it any more. */
export async function releaseEmbedded(directory: string, holder: number): Promise<void> {
  await withProcessLock(join(directory, 'postgres.lock'), async () => {
    await rm(join(directory, 'holders', String(holder)), { force: true })
    if ((await livingHolders(directory)).length > 0) return
    const server = await findServer(join(await homeOf(directory, serverIdentity()), 'data'))
    if (server !== undefined) await stopServer(server.pid)
  })
}

async function passwordsOf(directory: string) {
  return ensureSecrets(join(directory, 'passwords.json'), ['superuser', 'owner', 'app', 'worker', 'backup'])
}

async function ensureServer(
  directory: string,
  password: string,
  onProgress: Options['onProgress'],
): Promise<RunningServer> {
  const identity = serverIdentity()
  const home = await homeOf(directory, identity)
  const data = join(home, 'data')
  const running = await findServer(data)
  if (running !== undefined) return running
  const { initdb, postgres } = await findBinaries(identity)
  if (!(await isThere(data))) {
    onProgress?.('Making the database')
    await initCluster({ initdb, identity, home, password, durable: true })
  }
  onProgress?.('Starting the database')
  const log = join(directory, 'postgres.log')
  await turnOver(log)
  return startServer({ data, log, postgres, identity, durability: 'durable' })
}

/**
 * The folder of PostgreSQL's data: in the data directory, unless PostgreSQL's user can't reach that. Then it is a
 * system folder, which a file in the data directory names, so that the data directory may be moved.
 */
async function homeOf(directory: string, identity: ServerIdentity | undefined): Promise<string> {
  const inside = join(directory, 'postgres')
  const pointer = join(directory, 'postgres.location')
  const named = (await readFile(pointer, 'utf8').catch(() => '')).trim()
  if (named !== '') return named
  if (identity === undefined || canReach(directory, identity)) return inside
  const outside = join(SYSTEM_FOLDER, `data-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`)
  await openSystemFolder()
  await mkdir(outside, { recursive: true, mode: 0o700 })
  await chown(outside, identity.uid, identity.gid)
  await writeFile(pointer, `${outside}\n`)
  return outside
}

async function hold(directory: string, holder: number): Promise<void> {
  await mkdir(join(directory, 'holders'), { recursive: true, mode: 0o700 })
  await writeFile(join(directory, 'holders', String(holder)), JSON.stringify(markProcess(holder)))
}

async function livingHolders(directory: string): Promise<string[]> {
  const folder = join(directory, 'holders')
  const living: string[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const mark = JSON.parse(await readFile(join(folder, name), 'utf8')) as ProcessMark
    if (isRunning(mark)) living.push(name)
    else await rm(join(folder, name), { force: true })
  }
  return living
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

async function turnOver(log: string): Promise<void> {
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  )
  if (size > 10 * 2 ** 20) await rename(log, `${log}.1`)
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
