import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

import type { ReadTable } from '@/lib/platform/backup/archive'
import { inWholeLines, LineDigest, type LineTotals } from '@/lib/platform/backup/line-digest'
import { withConnection } from '@/lib/platform/db/owner'
import { PlainSentence } from '@/lib/platform/plain-sentence'

import { copyColumns, listTables } from './catalogue'
import { copyOut, SAME_TEXT } from './snapshot'

export type Loader = {
  /** Puts a table's rows into the table, in place of what the migrations left in it. Returns how many. */
  readonly load: (table: ReadTable) => Promise<number>
  /** Any statement, as the owner, for whom row security is off until the end. */
  readonly run: <Row extends pg.QueryResultRow>(statement: string, values?: readonly unknown[]) => Promise<Row[]>
}

export type LoadSteps<T> = {
  readonly load: (loader: Loader) => Promise<T>
  /** What is written with every guard in place again, before the transaction ends. */
  readonly finish: (run: Loader['run']) => Promise<void>
}

/**
 * Fills the tables of a migrated database in one transaction, as its owner: everything is there afterwards, or nothing.
 * Meanwhile triggers and foreign keys are off and the owner goes round row security, which COPY needs; all of it is put
 * back, and the keys checked against the rows, before the transaction ends. Then every table is read back and compared.
 */
export async function loadDatabase<T>(ownerUrl: string, { load: work, finish }: LoadSteps<T>): Promise<T> {
  return withConnection(ownerUrl, async (client) => {
    await client.query('BEGIN')
    await client.query(SAME_TEXT)
    const run: Loader['run'] = async <Row extends pg.QueryResultRow>(
      statement: string,
      values: readonly unknown[] = [],
    ) => (await client.query<Row>(statement, [...values])).rows
    const tables = (await listTables(client)).map(({ table }) => table)
    const guards = await takeDown(run, tables)
    const load = async (table: ReadTable): Promise<number> => {
      if (!tables.includes(table.table))
        throw new PlainSentence(`The backup has a table ${table.table} that is not here.`)
      await copyIn(client, table)
      await compare(client, table, table.totals())
      return table.totals().rows
    }
    const result = await work({ load, run })
    await putBack(run, guards)
    await moveSequences(run)
    await finish(run)
    await client.query('COMMIT')
    return result
  })
}

async function copyIn(client: pg.Client, { table, columns, lines }: ReadTable): Promise<void> {
  await client.query(`DELETE FROM ${table}`)
  const into = client.query(copyFrom(`COPY ${table} (${copyColumns(client, columns)}) FROM STDIN`))
  await pipeline(Readable.from(lines), into)
}

async function compare(client: pg.Client, table: ReadTable, expected: LineTotals): Promise<void> {
  const digest = new LineDigest()
  for await (const lines of inWholeLines(copyOut(client, table))) digest.addLines(lines)
  if (digest.totals.rows !== expected.rows || digest.totals.digest !== expected.digest)
    throw new PlainSentence(`The rows of ${table.table} are not those of the backup; nothing was restored.`)
}

type Guards = readonly string[]

/** Takes away what stands against loading, and returns the statements that put it back, in their order. */
async function takeDown(run: Loader['run'], tables: readonly string[]): Promise<Guards> {
  const keys = await run<{ drop: string; add: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname) AS drop,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) AS add
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE c.contype = 'f' AND c.conparentid = 0 AND n.nspname IN ('public', 'app')`,
  )
  const triggers = await run<{ off: string; on: string }>(
    `SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', g.tgrelid::regclass, g.tgname) AS off,
       format('ALTER TABLE %s ENABLE %s TRIGGER %I', g.tgrelid::regclass,
         CASE g.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, g.tgname) AS on
     FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE NOT g.tgisinternal AND g.tgenabled <> 'D' AND g.tgparentid = 0 AND n.nspname IN ('public', 'app')`,
  )
  const forced = await run<{ name: string }>(
    `SELECT t.oid::regclass::text AS name FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE t.relforcerowsecurity AND t.relkind IN ('r', 'p') AND n.nspname IN ('public', 'app')`,
  )
  if (tables.length > 0) await run(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`)
  for (const { drop } of keys) await run(drop)
  for (const { off } of triggers) await run(off)
  for (const { name } of forced) await run(`ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`)
  return [
    ...keys.map(({ add }) => add),
    ...triggers.map(({ on }) => on),
    ...forced.map(({ name }) => `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`),
  ]
}

async function putBack(run: Loader['run'], guards: Guards): Promise<void> {
  for (const guard of guards) await run(guard)
}

/** Lets each counter go on after the highest number that is in use. */
async function moveSequences(run: Loader['run']): Promise<void> {
  const counters = await run<{ move: string }>(
    `SELECT format('SELECT setval(%L, greatest((SELECT max(%I) FROM %s), 0) + 1, false)', s.oid::regclass, a.attname, d.refobjid::regclass) AS move
     FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
     JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
     JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
     WHERE s.relkind = 'S' AND n.nspname IN ('public', 'app')`,
  )
  for (const { move } of counters) await run(move)
}
