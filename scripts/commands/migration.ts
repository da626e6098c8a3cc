import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startThrowawayCluster } from '@/lib/platform/db/embedded/throwaway'
import { MIGRATIONS_FOLDER } from '@/lib/platform/db/migrate/files'
import { applyMigrations, diffSchema, schemaFromEmpty } from '@/lib/platform/db/migrate/migrate'
import type { ThrowawayCluster } from '@/lib/platform/db/embedded/throwaway'

const USAGE = 'Usage: node scripts/run.mjs migration <name> | --print | --from-empty | --try'

/**
 * Writes what `prisma/schema` has and the migrations lack into a new migration, for someone to read and complete with
 * policies and grants. `--print` shows it, `--from-empty` shows the SQL of the whole schema; both write nothing. `--try` migrates
 * a throw-away database and keeps it for looking at, until Ctrl-C.
 */
export async function run(args: readonly string[]): Promise<number> {
  const [name] = args
  if (name === undefined) return fail(USAGE)
  const cluster = await startThrowawayCluster()
  try {
    if (name === '--try') return await tryOut(cluster)
    const sql = await (name === '--from-empty' ? schemaFromEmpty(cluster.ownerUrl) : diffSchema(cluster.ownerUrl))
    if (name.startsWith('--')) process.stdout.write(sql)
    else if (sql === '') process.stderr.write('The migrations already make what prisma/schema says.\n')
    else process.stdout.write(`${await writeMigration(name, sql)}\n`)
    return 0
  } finally {
    await cluster.stop()
  }
}

async function tryOut({ ownerUrl, superuserUrl }: ThrowawayCluster): Promise<number> {
  const applied = await applyMigrations(ownerUrl)
  process.stdout.write(`Applied ${applied.join(', ')}\nowner      ${ownerUrl}\nsuperuser  ${superuserUrl}\n`)
  const awake = setInterval(() => undefined, 60_000)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  clearInterval(awake)
  return 0
}

async function writeMigration(name: string, sql: string): Promise<string> {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const folder = join(MIGRATIONS_FOLDER, `${stamp}_${name.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'migration.sql'), sql)
  await writeFile(join(MIGRATIONS_FOLDER, 'migration_lock.toml'), 'provider = "postgresql"\n')
  return join(folder, 'migration.sql')
}

function fail(sentence: string): number {
  process.stderr.write(`${sentence}\n`)
  return 1
}
