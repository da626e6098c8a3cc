import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBinaries } from '@/lib/platform/db/embedded/binaries'
import { serverIdentity } from '@/lib/platform/db/embedded/identity'
import { DATABASE, initCluster, OWNER, provisionOwner } from '@/lib/platform/db/embedded/provision'
import { findServer, startServer, stopServer, SUPERUSER } from '@/lib/platform/db/embedded/server'
import { isRunning, markProcess } from '@/lib/platform/process-lock'
import type { ProcessMark } from '@/lib/platform/process-lock'

export type ThrowawayCluster = {
  /** The superuser's URL, of the maintenance database. */
  readonly superuserUrl: string
  /** The owner's URL, of the empty database `amparo`; the owner may create databases here. */
  readonly ownerUrl: string
  readonly pid: number
  readonly folder: string
  readonly stop: () => Promise<void>
}

const PREFIX = 'amparo-db-'
const HOLDER = 'holder.json'

/** A cluster for tests and comparisons: in the system's temporary folder, quick, and gone when stopped. */
export async function startThrowawayCluster(): Promise<ThrowawayCluster> {
  const identity = serverIdentity()
  await removeLeftBehind()
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  await chmod(folder, 0o711)
  await writeFile(join(folder, HOLDER), JSON.stringify(markProcess(process.pid)))
  if (identity !== undefined) await chown(folder, identity.uid, identity.gid)
  const { initdb, postgres } = await findBinaries(identity)
  const password = randomBytes(18).toString('base64url')
  const data = await initCluster({ initdb, identity, home: join(folder, 'postgres'), password, durable: false })
  const log = join(folder, 'postgres.log')
  const { pid, port } = await startServer({ data, log, postgres, identity, durability: 'throwaway' })
  const superuserUrl = `postgresql://${SUPERUSER}:${password}@127.0.0.1:${String(port)}/postgres`
  await provisionOwner(superuserUrl, password, { mayCreateDatabases: true })
  return {
    superuserUrl,
    ownerUrl: `postgresql://${OWNER}:${password}@127.0.0.1:${String(port)}/${DATABASE}`,
    pid,
    folder,
    stop: async () => remove(folder),
  }
}

/** Clusters of processes that were killed. */
async function removeLeftBehind(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX))
  for (const folder of names.map((name) => join(tmpdir(), name))) {
    const holder = await readFile(join(folder, HOLDER), 'utf8').catch(() => '')
    if (holder !== '' && !isRunning(JSON.parse(holder) as ProcessMark)) await remove(folder)
  }
}

async function remove(folder: string): Promise<void> {
  const server = await findServer(join(folder, 'postgres', 'data'))
  if (server !== undefined) await stopServer(server.pid)
  await rm(folder, { recursive: true, force: true })
}
