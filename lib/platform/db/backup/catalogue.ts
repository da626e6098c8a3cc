import type pg from 'pg'

import { PlainSentence } from '@/lib/platform/plain-sentence'

/** A table as a backup holds it, under `schema.table`. */
export type BackedUpTable = { readonly table: string; readonly columns: readonly string[]; readonly bytes: number }

/**
 * Left out of every backup: the key that signs contexts never leaves its database, and the list of migrations is part
 * of the header. Whatever stands in other schemas, such as waiting jobs, is not ours to bring back.
 */
const LEFT_OUT = ['app.context_key', 'public._prisma_migrations']

const OURS = `
  SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, n.nspname || '.' || c.relname AS plain
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('public', 'app') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname || '.' || c.relname <> ALL ($1)`

/** Every table of ours with the columns that hold something of its own, by name. */
export async function listTables(client: pg.ClientBase): Promise<BackedUpTable[]> {
  const { rows } = await client.query<{ table: string; columns: string[]; bytes: string }>(
    `SELECT t.name AS table, pg_table_size(t.oid) AS bytes, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM (${OURS}) t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     GROUP BY t.oid, t.name ORDER BY t.name`,
    [LEFT_OUT],
  )
  return rows.map(({ bytes, ...row }) => ({ ...row, bytes: Number(bytes) }))
}

/** The role of backups would leave out rows. */
export class PartialSight extends PlainSentence {}

/**
 * Refuses when the role of this connection would not see all rows of a table: row security answers with fewer rows and
 * no error, and a backup of them would look well.
 */
export async function refusePartialSight(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT t.plain AS name FROM (${OURS}) t JOIN pg_class c ON c.oid = t.oid
     WHERE NOT (has_table_privilege(current_user, t.oid, 'SELECT') AND (NOT c.relrowsecurity OR (
       EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = t.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
         AND pg_get_expr(p.polqual, p.polrelid) = 'true' AND current_user::regrole::oid = ANY (p.polroles))
       AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = t.oid AND NOT p.polpermissive AND p.polcmd IN ('r', '*')
         AND (0::oid = ANY (p.polroles) OR current_user::regrole::oid = ANY (p.polroles))))))
     ORDER BY 1`,
    [LEFT_OUT],
  )
  if (rows.length > 0)
    throw new PartialSight(
      `The backup's database role may not read all of ${rows.map((row) => row.name).join(', ')}; no backup was made. Give it the policy backup_reads in a migration.`,
    )
}

/** The list of columns for COPY. */
export function copyColumns(client: pg.ClientBase, columns: readonly string[]): string {
  return columns.map((column) => client.escapeIdentifier(column)).join(', ')
}
