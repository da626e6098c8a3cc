import pg from 'pg'
import { MigrationAdapter } from '@/lib/platform/db/migrate/adapter'
import { openSchemaEngine } from '@/lib/platform/db/migrate/engine'
import { readMigrations, readSchema } from '@/lib/platform/db/migrate/files'
import type { Migration } from '@/lib/platform/db/migrate/files'
import type { SchemaEngine, SchemaFile } from '@/lib/platform/db/migrate/engine'

const NO_FILTERS = { externalTables: [], externalEnums: [] }
// "amparomg" in ASCII: any number that no other program on the server is likely to use.
const MIGRATION_LOCK = '7020390957974515047'

export type MigrationProgress = (name: string, index: number, total: number) => void

export type MigrationState = {
  /** Migrations of the project that the database does not have yet. */
  readonly pending: readonly string[]
  /** Migrations that the database has and this version of the application does not know. */
  readonly unknown: readonly string[]
  /** Applied migrations whose file changed afterwards. */
  readonly edited: readonly string[]
}

/**
 * Brings the database of `ownerUrl` up to date and returns the names of the migrations it applied.
 *
 * Each migration commits or fails as a whole, together with its line in `_prisma_migrations`, so one that was cut short
 * is simply run again. Waits for another process that is migrating the same database. `known` stands in for the
 * project's own migrations in tests.
 */
export async function applyMigrations(
  ownerUrl: string,
  onProgress?: MigrationProgress,
  known?: readonly Migration[],
): Promise<readonly string[]> {
  const migrations = known ?? (await readMigrations())
  return withMigrationLock(ownerUrl, async () => {
    const { pending } = await inspect(ownerUrl, migrations, { forgiveFailed: true })
    let running: string | undefined
    const hook = (script: string): string => {
      const migration = migrations.find(({ sql, name }) => sql === script && pending.includes(name))
      running = migration?.name
      if (migration === undefined) return script
      onProgress?.(migration.name, pending.indexOf(migration.name) + 1, pending.length)
      return finishedWith(migration)
    }
    const apply = async (engine: SchemaEngine): Promise<readonly string[]> => {
      const applied = await engine.applyMigrations({ migrationsList: listOf(migrations), filters: NO_FILTERS })
      return applied.appliedMigrationNames
    }
    return withEngine(new MigrationAdapter(ownerUrl, hook), [], apply, () => running)
  })
}

/** Tells how the database of `ownerUrl` stands against the project's migrations, without changing it. */
export async function migrationState(ownerUrl: string): Promise<MigrationState> {
  return inspect(ownerUrl, await readMigrations(), { forgiveFailed: false })
}

/**
 * The SQL that leads from what the migrations make to what `prisma/schema` says; an empty text when they agree.
 * Needs a server where the role of `serverUrl` may create a (shadow) database and roles.
 */
export async function diffSchema(serverUrl: string): Promise<string> {
  const [migrations, schema] = await Promise.all([readMigrations(), readSchema()])
  return diff(serverUrl, schema, { tag: 'migrations', ...listOf(migrations) })
}

/** The SQL that makes everything in `prisma/schema` in an empty database. */
export async function schemaFromEmpty(serverUrl: string): Promise<string> {
  return diff(serverUrl, await readSchema(), { tag: 'empty' })
}

type DiffSource = { readonly tag: 'empty' } | ({ readonly tag: 'migrations' } & ReturnType<typeof listOf>)

async function diff(serverUrl: string, schema: readonly SchemaFile[], from: DiffSource): Promise<string> {
  return withEngine(new MigrationAdapter(serverUrl), schema, async (engine) => {
    const to = { tag: 'schemaDatamodel' as const, files: [...schema] }
    const result = await engine.diff({ from, to, script: true, exitCode: true, filters: NO_FILTERS })
    return result.exitCode === 2 ? (result.stdout ?? '') : ''
  })
}

async function inspect(
  ownerUrl: string,
  migrations: readonly Migration[],
  { forgiveFailed }: { readonly forgiveFailed: boolean },
): Promise<MigrationState> {
  return withEngine(new MigrationAdapter(ownerUrl), [], async (engine) => {
    const state = await engine.diagnoseMigrationHistory({
      migrationsList: listOf(migrations),
      optInToShadowDatabase: false,
      filters: NO_FILTERS,
    })
    if (forgiveFailed)
      for (const migrationName of state.failedMigrationNames) await engine.markMigrationRolledBack({ migrationName })
    const { history } = state
    return {
      pending: history !== null && 'unappliedMigrationNames' in history ? history.unappliedMigrationNames : [],
      unknown: history !== null && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : [],
      edited: state.editedMigrationNames,
    }
  })
}

async function withEngine<T>(
  adapter: MigrationAdapter,
  schema: readonly SchemaFile[],
  work: (engine: SchemaEngine) => Promise<T>,
  running: () => string | undefined = () => undefined,
): Promise<T> {
  const engine = await openSchemaEngine(adapter, schema)
  try {
    return await work(engine)
  } catch (error) {
    if (adapter.failure === undefined) throw error
    // On a shadow database only the engine's own message tells which migration it was.
    const named = error instanceof Error ? /`(\d{14}_\w+)`/.exec(error.message)?.[1] : undefined
    throw new Error(`Migration ${running() ?? named ?? 'unknown'} fails: ${adapter.failure.message}`, { cause: error })
  } finally {
    engine.free()
    await adapter.close()
  }
}

/** The migration's own transaction also marks it finished, so a kill between the two can't leave them apart. */
function finishedWith({ name, sql }: Migration): string {
  const quoted = `'${name.replaceAll("'", "''")}'`
  const mark = `UPDATE public._prisma_migrations SET finished_at = now() WHERE migration_name = ${quoted} AND finished_at IS NULL AND rolled_back_at IS NULL`
  return `${sql}\n;\n${mark};\n`
}

function listOf(migrations: readonly Migration[]) {
  return {
    baseDir: 'prisma/migrations',
    lockfile: { path: './migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  }
}

async function withMigrationLock<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`)
    return await work()
  } finally {
    await client.end()
  }
}
