import type postgres from 'postgres'

import { copyInto } from '@/lib/platform/db/bulk'
import { copyLine, type Cell } from '@/lib/platform/db/copy-text'

export type { Cell }
export type Row = Readonly<Record<string, Cell>>

/**
 * Writes rows by the thousand. COPY into a table with row security is refused, so rows go into a temporary table of
 * the same shape and from there by one INSERT.
 */
export class BulkWriter {
  readonly #lines = new Map<string, { readonly columns: readonly string[]; readonly lines: string[] }>()
  readonly #made = new Set<string>()

  constructor(
    private readonly sql: postgres.TransactionSql,
    /** The tables in the order in which their keys need one another. */
    private readonly order: readonly string[],
    /** Whether this connection is a superuser's, whom row security doesn't bind. */
    private readonly unbound = false,
  ) {}

  /** Takes a row for later; all rows of a table have the same columns. */
  add(table: string, row: Row): void {
    let waiting = this.#lines.get(table)
    if (waiting === undefined) {
      waiting = { columns: Object.keys(row), lines: [] }
      this.#lines.set(table, waiting)
    }
    waiting.lines.push(copyLine(waiting.columns.map((column) => row[column] ?? null)))
  }

  /** Writes everything that waits. */
  async flush(): Promise<void> {
    for (const table of this.order) {
      const waiting = this.#lines.get(table)
      if (waiting === undefined || waiting.lines.length === 0) continue
      await this.#write(table, waiting.columns, waiting.lines.splice(0))
    }
  }

  async #write(table: string, columns: readonly string[], lines: readonly string[]): Promise<void> {
    const list = columns.map((column) => `"${column}"`).join(', ')
    if (this.unbound) {
      await copyInto(this.sql, `public.${table} (${list})`, lines)
      return
    }
    const temporary = `load_${table}`
    if (!this.#made.has(table)) {
      await this.sql.unsafe(
        `CREATE TEMPORARY TABLE ${temporary} ON COMMIT DROP AS SELECT ${list} FROM public.${table} LIMIT 0`,
      )
      this.#made.add(table)
    }
    await copyInto(this.sql, `${temporary} (${list})`, lines)
    await this.sql.unsafe(`INSERT INTO public.${table} (${list}) SELECT ${list} FROM ${temporary}`)
    await this.sql.unsafe(`TRUNCATE ${temporary}`)
  }
}
