import 'server-only'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import postgres from 'postgres'

import { settings } from '@/lib/platform/env'

/** A transaction that takes rows by the thousand. */
export type BulkTransaction = postgres.TransactionSql

/**
 * A few connections as the application's role, for work that writes many rows: one looks ahead while others write.
 * They can COPY, which Prisma can't. Like the pool they see nothing before an actor is named, so only `lib/access`
 * opens them.
 */
export class BulkConnection {
  readonly #sql: postgres.Sql

  constructor() {
    this.#sql = postgres(settings.appUrl, {
      max: 3,
      connect_timeout: 10,
      onnotice: () => undefined,
      connection: { application_name: 'amparo-bulk', statement_timeout: 120_000 },
    })
  }

  /** Runs `work` in a transaction of its own and commits it. */
  async begin<T>(work: (tx: BulkTransaction) => Promise<T>): Promise<T> {
    return (await this.#sql.begin(work)) as T
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 })
  }
}

/** Copies lines of COPY's text format into a temporary table: COPY into a table with row security is refused. */
export async function copyInto(tx: BulkTransaction, temporary: string, lines: readonly string[]): Promise<void> {
  const into = await tx.unsafe(`COPY pg_temp.${temporary} FROM STDIN`).writable()
  await pipeline(Readable.from(lines), into)
}
