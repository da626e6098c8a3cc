import pg from 'pg'

const AT_ONCE = 500

/** Reads much over one connection as of one moment, a few hundred rows at a time, and writes nothing. */
export class SteadyReader {
  readonly #client: pg.Client
  #cursors = 0

  private constructor(client: pg.Client) {
    this.#client = client
  }

  static async open(url: string): Promise<SteadyReader> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
    client.on('error', () => undefined)
    await client.connect()
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    await client.query('SET LOCAL statement_timeout = 0')
    return new SteadyReader(client)
  }

  /** The rows of a query, as they come. */
  async *rows<Row extends pg.QueryResultRow>(query: string, values: readonly string[] = []): AsyncGenerator<Row> {
    this.#cursors += 1
    const cursor = `steady_${String(this.#cursors)}`
    await this.#client.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${query}`, [...values])
    for (;;) {
      const { rows } = await this.#client.query<Row>(`FETCH ${String(AT_ONCE)} FROM ${cursor}`)
      yield* rows
      if (rows.length < AT_ONCE) break
    }
    await this.#client.query(`CLOSE ${cursor}`)
  }

  /** Ends the moment, and runs one last statement after it. */
  async finish(statement: string, values: readonly (string | number)[]): Promise<void> {
    await this.#client.query('COMMIT')
    await this.#client.query(statement, [...values])
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined)
  }
}
