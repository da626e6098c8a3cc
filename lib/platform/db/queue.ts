import 'server-only'
import pg from 'pg'
import PgBoss from 'pg-boss'

import { settings } from '@/lib/platform/env'

const SCHEMA = 'pgboss'
const DAY = 24 * 60 * 60

type Queue = { readonly boss: PgBoss; readonly pool: pg.Pool }

// Kept on globalThis, as the worker's other connection is.
const shared = globalThis as typeof globalThis & {
  amparoQueue?: { readonly url: string; readonly queue: Promise<Queue> }
}

/**
 * pg-boss as the worker's role. Its schema came with the migrations and it makes nothing by itself; when a job runs is
 * for our own loop, which waits for what it was doing and tells an error from an empty queue.
 */
export async function jobQueue(): Promise<PgBoss> {
  const { workerUrl } = settings
  if (shared.amparoQueue?.url !== workerUrl) shared.amparoQueue = { url: workerUrl, queue: open(workerUrl) }
  try {
    return (await shared.amparoQueue.queue).boss
  } catch (error) {
    delete shared.amparoQueue
    throw error
  }
}

/** The next job of a queue, or null. Unlike pg-boss's own `fetch`, throws when the database could not be asked. */
export async function takeJob(queue: string): Promise<{ readonly id: string; readonly data: unknown } | null> {
  const boss = await jobQueue()
  let failure: unknown
  const watched: PgBoss.Db = {
    executeSql: async (text, values) => {
      try {
        return await execute(text, values)
      } catch (error) {
        failure = error
        throw error
      }
    },
  }
  const [job] = await boss.fetch<unknown>(queue, { batchSize: 1, db: watched })
  if (failure !== undefined) throw failure as Error
  return job === undefined ? null : { id: job.id, data: job.data }
}

/** Closes the connections: for the end of the process and for tests. */
export async function closeQueue(): Promise<void> {
  const opened = shared.amparoQueue
  delete shared.amparoQueue
  await opened?.queue.then(({ pool }) => pool.end()).catch(() => undefined)
}

async function open(connectionString: string): Promise<Queue> {
  const pool = new pg.Pool({
    connectionString,
    max: 2,
    connectionTimeoutMillis: 4_000,
    idleTimeoutMillis: 60_000,
    application_name: 'amparo-queue',
  })
  // A server that goes away fails the next statement; unheard, it would end the process.
  pool.on('error', () => undefined)
  const boss = new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values) },
    schema: SCHEMA,
    migrate: false,
    supervise: false,
    schedule: false,
    archiveCompletedAfterSeconds: DAY / 2,
    archiveFailedAfterSeconds: 90 * DAY,
    deleteAfterDays: 7,
  })
  boss.on('error', () => undefined)
  try {
    await boss.start()
  } catch (error) {
    await pool.end()
    throw error
  }
  return { boss, pool }
}

async function execute(text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
  const opened = await shared.amparoQueue?.queue
  if (opened === undefined) throw new Error('The queue is closed')
  return opened.pool.query(text, values)
}
