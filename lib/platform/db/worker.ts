import 'server-only'
import postgres from 'postgres'

import { settings } from '@/lib/platform/env'

export type WorkerSql = postgres.Sql
/** What a statement of a job runs on: the worker's connection, or a transaction on it. */
export type WorkerTx = postgres.ISql

// Kept on globalThis, as the application's client is: one small pool for the process.
const shared = globalThis as typeof globalThis & {
  amparoWorker?: { readonly url: string; readonly sql: postgres.Sql }
}

/** The connection of the jobs, as the worker's role: it may call the functions of its jobs and read nothing else. */
export function workerSql(): WorkerSql {
  const { workerUrl } = settings
  if (shared.amparoWorker?.url !== workerUrl) {
    const sql = postgres(workerUrl, {
      max: 1,
      connect_timeout: 4,
      idle_timeout: 60,
      onnotice: () => undefined,
      connection: { application_name: 'amparo-worker', statement_timeout: 60_000 },
    })
    shared.amparoWorker = { url: workerUrl, sql }
  }
  return shared.amparoWorker.sql
}

/** Closes the connection, after the statement that runs: for the end of the process and for tests. */
export async function closeWorker(): Promise<void> {
  const open = shared.amparoWorker
  delete shared.amparoWorker
  await open?.sql.end({ timeout: 5 })
}
