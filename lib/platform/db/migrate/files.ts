import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SchemaFile } from '@/lib/platform/db/migrate/engine'

export const SCHEMA_FOLDER = join('prisma', 'schema')
export const MIGRATIONS_FOLDER = join('prisma', 'migrations')

export type Migration = { readonly name: string; readonly sql: string }

/** Reads the Prisma schema, one file a part, in the order of the file names. */
export async function readSchema(root = process.cwd()): Promise<SchemaFile[]> {
  const folder = join(root, SCHEMA_FOLDER)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.prisma')).sort()
  return Promise.all(names.map(async (path) => ({ path, content: await readFile(join(folder, path), 'utf8') })))
}

/** Reads the migrations, oldest first; none when the folder does not exist yet. */
export async function readMigrations(root = process.cwd()): Promise<Migration[]> {
  const folder = join(root, MIGRATIONS_FOLDER)
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const read = async (name: string) => ({ name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') })
  return Promise.all(names.sort().map(read))
}
