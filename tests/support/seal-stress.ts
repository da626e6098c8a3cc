import pg from 'pg'
import type postgres from 'postgres'

import { sealEvents } from '@/lib/audit/seal/service'
import { Chance } from '@/prisma/seed/random'

import { sealAll, type SealedLog } from './sealed-log'

export type Stress = { readonly writers: number; readonly rounds: number; readonly seed: number }

export type Stressed = {
  /** Subjects of transactions whose commit was acknowledged. */
  readonly committed: readonly string[]
  /** What sessions of ours were ever seen waiting for, but for the moment in which a table's file grows. */
  readonly waited: readonly string[]
  readonly aborted: number
  readonly killed: number
}

/**
 * Writers that commit, abort, linger and are killed at random while the log is being sealed. Returns what was
 * acknowledged, and whether anybody was seen waiting for anybody.
 */
export async function stressLog(
  log: SealedLog,
  owner: postgres.Sql,
  { writers, rounds, seed }: Stress,
): Promise<Stressed> {
  const committed: string[] = []
  const counts = { aborted: 0, killed: 0 }
  const waited: string[] = []
  let atWork = writers
  const write = async (writer: number) => {
    const chance = new Chance(seed + writer)
    let client = await connect(log)
    for (let round = 0; round < rounds; round += 1) {
      const subject = `W${String(writer)}-${String(round)}`
      const fate = chance.draw(10)
      try {
        await client.query('BEGIN')
        for (let n = 0; n <= chance.draw(3); n += 1)
          await client.query(`SELECT app.operator_event('agency.changed', $1, '{}', NULL, NULL)`, [subject])
        if (fate === 1) await client.query('SELECT pg_sleep(0.02)')
        if (fate === 2) await client.query('SELECT pg_terminate_backend(pg_backend_pid())')
        await client.query(fate === 0 ? 'ROLLBACK' : 'COMMIT')
        if (fate === 0) counts.aborted += 1
        else committed.push(subject)
      } catch {
        counts.killed += 1
        await client.end().catch(() => undefined)
        client = await connect(log)
      }
    }
    await client.end()
    atWork -= 1
  }
  const seal = async () => {
    while (atWork > 0) await sealEvents()
  }
  const watch = async () => {
    while (atWork > 0) {
      // Both are asked, since they are of two moments: what blocks somebody for a table's file to grow must not count.
      const rows = await owner<{ for: string }[]>`
        SELECT concat_ws(' ', a.wait_event, left(a.query, 80)) AS for FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.wait_event_type = 'Lock' AND a.wait_event <> 'extend'
          AND cardinality(pg_blocking_pids(a.pid)) > 0`
      waited.push(...rows.map((row) => row.for))
    }
  }
  await Promise.all([...Array.from({ length: writers }, (_, writer) => write(writer)), seal(), watch()])
  await sealAll(owner)
  return { committed, waited, ...counts }
}

async function connect({ ownerUrl }: SealedLog): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl })
  // A killed connection fails the next statement; unheard, it would end the process.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** What the log holds against what was acknowledged: subjects that are lacking, and events that are sealed not exactly once. */
export async function compareSealed(
  owner: postgres.Sql,
  committed: readonly string[],
): Promise<{ lost: string[]; off: number }> {
  const rows = await owner<{ subject: string }[]>`
    SELECT DISTINCT subject FROM audit_event WHERE type = 'agency.changed' AND subject LIKE 'W%'`
  const stored = new Set(rows.map(({ subject }) => subject))
  const [counted] = await owner<{ events: number; leaves: number; distinct: number }[]>`
    WITH leaf AS (SELECT substring(c.leaves FROM n * 32 + 1 FOR 32) AS hash
      FROM seal_checkpoint c, generate_series(0, octet_length(c.leaves) / 32 - 1) n)
    SELECT (SELECT count(*) FROM audit_event)::int AS events, count(*)::int AS leaves, count(DISTINCT hash)::int AS distinct FROM leaf`
  const off =
    Math.abs((counted?.events ?? 0) - (counted?.leaves ?? 0)) + (counted?.leaves ?? 0) - (counted?.distinct ?? 0)
  return { lost: committed.filter((subject) => !stored.has(subject)), off }
}
