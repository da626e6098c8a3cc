import 'server-only'
import { setImmediate as nextTurn } from 'node:timers/promises'

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

/** The database did not take the lines of a COPY; the transaction is lost. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused'
}

/**
 * Copies lines of COPY's text format into a table, `target` with its columns. COPY into a table with row security is
 * refused: there it has to be a temporary one. Throws `CopyRefused`.
 */
export async function copyInto(tx: BulkTransaction, target: string, lines: readonly string[]): Promise<void> {
  const into = await tx.unsafe(`COPY ${target} FROM STDIN`).writable()
  try {
    into.on('error', () => undefined)
    await new Promise<void>((resolve, reject) => {
      into.write(lines.join(''), (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
    into.end()
    await nextTurn()
    // Once everything is sent the driver says nothing of a COPY that fails; the next statement does.
    await tx`SELECT 1`
  } catch (error) {
    throw new CopyRefused('The database did not take the rows', { cause: error })
  }
}
