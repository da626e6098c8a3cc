import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Instance } from './instance'

/**
 * How many statements the server's database is sent for one request, by the database's own log: all but the brackets
 * of transactions.
 */
export async function countStatements(instance: Instance, request: () => Promise<void>): Promise<number> {
  const { superuser } = instance
  const [names] = await superuser<{ app: string }[]>`SELECT app.db_role('app') AS app`
  const app = names?.app ?? ''
  // A role's own setting holds for new connections, and wins over those that the server was started with.
  await superuser.unsafe(`ALTER ROLE ${app} SET log_statement = 'all'`)
  try {
    await newConnections(instance, app, request)
    const log = join(instance.dataDirectory, 'postgres.log')
    const { size } = await stat(log)
    await request()
    await sleep(200)
    const lines = (await readFrom(log, size))
      .split('\n')
      .filter((line) => /LOG: {2}(?:statement|execute [^:]+): /.test(line))
    return lines.filter((line) => !/: (?:BEGIN|COMMIT)/.test(line)).length
  } finally {
    await superuser.unsafe(`ALTER ROLE ${app} RESET log_statement`)
    await newConnections(instance, app, request)
  }
}

async function newConnections({ superuser }: Instance, app: string, request: () => Promise<void>): Promise<void> {
  await superuser`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${app}`
  for (let tries = 0; tries < 20; tries += 1) {
    const answered = await request().then(
      () => true,
      () => false,
    )
    if (answered) return
    await sleep(250)
  }
  throw new Error('The server does not answer after its connections were renewed')
}

async function readFrom(path: string, position: number): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.max(0, size - position))
    await file.read(buffer, 0, buffer.length, position)
    return buffer.toString('utf8')
  } finally {
    await file.close()
  }
}
