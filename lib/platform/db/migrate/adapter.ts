import { randomBytes } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import type { SqlQuery, SqlResultSet } from '@prisma/driver-adapter-utils'

type PrismaPgAdapter = Awaited<ReturnType<PrismaPg['connect']>>

/** Is given each script that the schema engine executes and returns what is sent instead. */
export type ScriptHook = (script: string) => string

/**
 * Prisma's adapter for its schema engine, with three faults of the stock one mended: a script goes to the server whole,
 * the catalogue's "char" columns are read, and a shadow database is dropped only after its connections close.
 */
export class MigrationAdapter extends PrismaPg {
  readonly #url: string
  readonly #onScript: ScriptHook
  /** What PostgreSQL said to the last script it refused; the engine itself passes on only that there was an error. */
  failure: Error | undefined
  readonly #opened: PrismaPgAdapter[] = []

  constructor(url: string, onScript: ScriptHook = (script) => script) {
    super(url)
    this.#url = url
    this.#onScript = onScript
  }

  override async connect(): Promise<PrismaPgAdapter> {
    const adapter = await openAdapter(this.#url, async (script) => this.#execute(this.#url, this.#onScript(script)))
    this.#opened.push(adapter)
    return adapter
  }

  /** Closes the connections that the engine leaves open when it is freed. */
  async close(): Promise<void> {
    for (const adapter of this.#opened.splice(0)) await adapter.dispose()
  }

  override async connectToShadowDb(): Promise<PrismaPgAdapter> {
    // Short, because the migrations derive role names from the database's name and a name ends at 63 bytes.
    const name = `shadow_${randomBytes(4).toString('hex')}`
    await executeWhole(this.#url, `CREATE DATABASE "${name}"`)
    const url = withDatabase(this.#url, name)
    await executeWhole(url, MIGRATIONS_TABLE)
    const shadow = await openAdapter(url, async (script) => this.#execute(url, script))
    const close = shadow.dispose.bind(shadow)
    return Object.assign(shadow, {
      dispose: async (): Promise<void> => {
        await close()
        await executeWhole(this.#url, `DROP DATABASE "${name}"`)
      },
    })
  }

  async #execute(url: string, script: string): Promise<void> {
    try {
      await executeWhole(url, script)
    } catch (error) {
      this.failure = error instanceof pg.DatabaseError ? located(error, script) : (error as Error)
      throw error
    }
  }
}

function located(error: pg.DatabaseError, script: string): Error {
  const before = script.slice(0, Number(error.position ?? '0'))
  const place = error.position === undefined ? (error.where ?? '') : `at line ${String(before.split('\n').length)}`
  return new Error([error.message, error.detail, error.hint, place].filter(Boolean).join('; '), { cause: error })
}

// A real database has it before its first migration, and functions of ours count its rows; a shadow database lacks it.
const MIGRATIONS_TABLE = `CREATE TABLE _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz,
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`

/** The same server and credentials, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(database)}`
  return changed.href
}

/** Sends a script as one simple query, which PostgreSQL runs as one transaction, on a connection of its own. */
async function executeWhole(url: string, script: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(script)
  } finally {
    await client.end()
  }
}

async function openAdapter(url: string, executeScript: (script: string) => Promise<void>): Promise<PrismaPgAdapter> {
  // One connection that never idles out: the engine's advisory lock belongs to the session that took it.
  const pool = new CataloguePool({ connectionString: url, max: 1, idleTimeoutMillis: 0 })
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect()
  const queryRaw = adapter.queryRaw.bind(adapter)
  return Object.assign(adapter, {
    queryRaw: async (query: SqlQuery): Promise<SqlResultSet> => withCharacters(await queryRaw(query)),
    executeScript,
  })
}

const CHAR = 18
// The adapter knows no type "char", which PostgreSQL's catalogue uses; it travels as one that the catalogue never has.
const STAND_IN = 2951 // uuid[]

class CataloguePool extends pg.Pool {
  override query: pg.Pool['query'] = (async (query: pg.QueryConfig) => {
    const result = await super.query(query)
    for (const field of result.fields) if (field.dataTypeID === CHAR) field.dataTypeID = STAND_IN
    return result
  }) as pg.Pool['query']
}

function withCharacters(result: SqlResultSet): SqlResultSet {
  const { UuidArray, Character } = ColumnTypeEnum
  return { ...result, columnTypes: result.columnTypes.map((type) => (type === UuidArray ? Character : type)) }
}
