import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startThrowawayCluster } from '@/lib/platform/db/embedded/throwaway'
import { withDatabase } from '@/lib/platform/db/migrate/adapter'
import { applyMigrations } from '@/lib/platform/db/migrate/migrate'
import { withConnection } from '@/lib/platform/db/owner'
import type { ThrowawayCluster } from '@/lib/platform/db/embedded/throwaway'
import type { Migration } from '@/lib/platform/db/migrate/files'

let cluster: ThrowawayCluster

beforeAll(async () => {
  cluster = await startThrowawayCluster()
})

afterAll(async () => {
  await cluster.stop()
})

const TABLE: Migration = { name: '20260101000000_table', sql: 'CREATE TABLE leaf (name text);' }
const FILLED: Migration = {
  name: '20260102000000_filled',
  // A semicolon inside a function is what the stock adapter cuts the file at.
  sql: `INSERT INTO leaf VALUES ('oak');
DO $$ BEGIN PERFORM 1; INSERT INTO leaf VALUES ('elm; beech'); END $$;`,
}

async function emptyDatabase(name: string): Promise<string> {
  await withConnection(cluster.ownerUrl, (client) => client.query(`CREATE DATABASE ${name}`))
  return withDatabase(cluster.ownerUrl, name)
}

async function leaves(url: string): Promise<string[]> {
  const { rows } = await withConnection(url, (client) => client.query<{ name: string }>('SELECT name FROM leaf'))
  return rows.map(({ name }) => name)
}

describe('migrating (R09)', () => {
  it('applies each file once, whole, and tells of it', async () => {
    const url = await emptyDatabase('once')
    const told: string[] = []
    const tell = (name: string, index: number, total: number) => told.push(`${String(index)}/${String(total)} ${name}`)
    expect(await applyMigrations(url, tell, [TABLE, FILLED])).toEqual([TABLE.name, FILLED.name])
    expect(await applyMigrations(url, tell, [TABLE, FILLED])).toEqual([])
    expect(await leaves(url)).toEqual(['oak', 'elm; beech'])
    expect(told).toEqual([`1/2 ${TABLE.name}`, `2/2 ${FILLED.name}`])
  })

  it('leaves nothing of a file that fails, says where, and applies it when it is mended', async () => {
    const url = await emptyDatabase('mended')
    const broken = { ...FILLED, sql: `${FILLED.sql}\nINSERT INTO nowhere VALUES (1);` }
    await expect(applyMigrations(url, undefined, [TABLE, broken])).rejects.toThrow(
      /20260102000000_filled fails: relation "nowhere" does not exist; at line 3/,
    )
    expect(await leaves(url)).toEqual([])
    expect(await applyMigrations(url, undefined, [TABLE, FILLED])).toEqual([FILLED.name])
  })

  it('goes on where a kill cut it short, before the work was done', async () => {
    const url = await emptyDatabase('killed')
    await applyMigrations(url, undefined, [TABLE])
    // What the engine leaves when it is killed before the migration's transaction: a line without an end.
    await withConnection(url, (client) =>
      client.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at) VALUES ('killed', '', $1, now())`,
        [FILLED.name],
      ),
    )
    expect(await applyMigrations(url, undefined, [TABLE, FILLED])).toEqual([FILLED.name])
    expect(await leaves(url)).toHaveLength(2)
  })

  it('marks its end in the transaction of the work, so that no kill can part them', async () => {
    const url = await emptyDatabase('together')
    const sql = `CREATE TABLE seen AS SELECT txid_current() AS work;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (txid_current()); RETURN NEW; END $$;
CREATE TRIGGER note AFTER UPDATE OF finished_at ON _prisma_migrations FOR EACH ROW EXECUTE FUNCTION note();`
    await applyMigrations(url, undefined, [{ name: '20260101000000_watched', sql }])
    const { rows } = await withConnection(url, (client) => client.query<{ work: string }>('SELECT work FROM seen'))
    expect(rows[1]?.work).toBe(rows[0]?.work)
  })

  it('lets two that start at once take turns', async () => {
    const url = await emptyDatabase('turns')
    const both = await Promise.all([TABLE, TABLE].map(() => applyMigrations(url, undefined, [TABLE, FILLED])))
    expect(both.flat().sort()).toEqual([TABLE.name, FILLED.name])
    expect(await leaves(url)).toHaveLength(2)
  })
})
