import { spawn } from 'node:child_process'
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { SUPERUSER } from '@/lib/platform/db/embedded/server'
import { bareEnvironment } from '@/lib/platform/env'
import type { ServerIdentity } from '@/lib/platform/db/embedded/identity'

export const DATABASE = 'amparo'
export const OWNER = 'amparo_owner'

type InitOptions = {
  readonly initdb: string
  readonly identity: ServerIdentity | undefined
  /** The folder that holds the data folder; it belongs to `identity`. */
  readonly home: string
  readonly password: string
  readonly durable: boolean
}

/** Makes the data folder of a new cluster and returns its path. One that was cut short is begun again. */
export async function initCluster({ initdb, identity, home, password, durable }: InitOptions): Promise<string> {
  const data = join(home, 'data')
  const fresh = join(home, 'data.new')
  const passwordFile = join(home, 'password')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(home, { recursive: true, mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (identity !== undefined) for (const path of [home, passwordFile]) await chown(path, identity.uid, identity.gid)
  try {
    const args = ['-D', fresh, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8']
    // The built-in locale sorts the same on every computer, whatever C library it has.
    args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums')
    await runInitdb(initdb, durable ? args : [...args, '--no-sync', '--no-instructions'], home, identity)
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(fresh, data)
  return data
}

/** Makes the owner, a plain role as on a managed server, and its database; changes nothing when both are there. */
export async function provisionOwner(
  superuserUrl: string,
  password: string,
  { mayCreateDatabases }: { readonly mayCreateDatabases: boolean },
): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    const { rows } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [OWNER])
    const verb = rows.length === 0 ? 'CREATE' : 'ALTER'
    const more = mayCreateDatabases ? 'CREATEDB' : 'NOCREATEDB'
    await client.query(
      `${verb} ROLE ${OWNER} LOGIN NOSUPERUSER CREATEROLE NOBYPASSRLS NOREPLICATION ${more} PASSWORD ${pg.escapeLiteral(password)}`,
    )
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
    if (found.rows.length === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`)
  } finally {
    await client.end()
  }
}

async function runInitdb(
  initdb: string,
  args: readonly string[],
  cwd: string,
  identity: ServerIdentity | undefined,
): Promise<void> {
  const child = spawn(initdb, args, { cwd, env: bareEnvironment(), stdio: ['ignore', 'ignore', 'pipe'], ...identity })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`The embedded PostgreSQL can't make its data folder in ${cwd}: ${said.trim()}`)
}
