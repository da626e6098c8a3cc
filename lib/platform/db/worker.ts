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
  if (shared.amparoWorker?.url !== workerUrl)
    shared.amparoWorker = { url: workerUrl, sql: connect({ idleSeconds: 60, statementSeconds: 60 }) }
  return shared.amparoWorker.sql
}

/** Idle seconds of 0: the connection stays. */
function connect({ idleSeconds, statementSeconds }: { idleSeconds: number; statementSeconds: number }): WorkerSql {
  return postgres(settings.workerUrl, {
    max: 1,
    connect_timeout: 4,
    idle_timeout: idleSeconds,
    onnotice: () => undefined,
    connection: { application_name: 'amparo-worker', statement_timeout: statementSeconds * 1000 },
  })
}

/**
 * Runs work that takes long as the worker, on a connection that nothing else uses and that ends with it: meanwhile the
 * other jobs have theirs.
 */
export async function withOwnWorker<T>(
  { statementMinutes }: { readonly statementMinutes: number },
  work: (sql: WorkerSql) => Promise<T>,
): Promise<T> {
  const sql = connect({ idleSeconds: 0, statementSeconds: statementMinutes * 60 })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Closes the connection, after the statement that runs: for the end of the process and for tests. */
export async function closeWorker(): Promise<void> {
  const open = shared.amparoWorker
  delete shared.amparoWorker
  await open?.sql.end({ timeout: 5 })
}
