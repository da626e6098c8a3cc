import type postgres from 'postgres'

import { Chance } from '@/prisma/seed/random'

import { faultOf, type SealedLog } from './sealed-log'

type Row = { readonly id: string; readonly code: string; readonly place: number }

/** Ways to change one event, each in one statement; `other` is another event of the log. */
const WAYS: Readonly<Record<string, (row: Row, other: Row) => string>> = {
  column: ({ id }) => `UPDATE audit_event SET outcome = outcome || 'x' WHERE id = ${id}`,
  subject: ({ id }) => `UPDATE audit_event SET subject = 'CAS-00000000' WHERE id = ${id}`,
  time: ({ id }) => `UPDATE audit_event SET at = at - interval '1 second' WHERE id = ${id}`,
  whole: ({ id }) => `UPDATE audit_event SET outcome = 'denied', canonical = replace(canonical, 'success', 'denied'),
    hash = sha256(convert_to(replace(canonical, 'success', 'denied'), 'UTF8')) WHERE id = ${id}`,
  text: ({ id, place }) =>
    `UPDATE audit_event SET canonical = overlay(canonical placing '#' from ${String((place % 40) + 2)}) WHERE id = ${id}`,
  hash: ({ id, place }) =>
    `UPDATE audit_event SET hash = set_byte(hash, ${String(place % 32)}, (get_byte(hash, ${String(place % 32)}) + 1) % 256) WHERE id = ${id}`,
  gone: ({ id }) => `DELETE FROM audit_event WHERE id = ${id}`,
  swapped: ({ id }, other) => `UPDATE audit_event e SET txid = o.txid FROM audit_event o
    WHERE (e.id = ${id} AND o.id = ${other.id}) OR (e.id = ${other.id} AND o.id = ${id})`,
}

/** Changes sealed events one at a time, by chance, verifies, and undoes it. Returns what was not found. */
export async function tamperRandomly(
  owner: postgres.Sql,
  log: SealedLog,
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): Promise<string[]> {
  const chance = new Chance(seed)
  const rows = await owner<Row[]>`
    SELECT id::text AS id, code, (row_number() OVER (ORDER BY txid, id))::int AS place FROM audit_event ORDER BY txid, id`
  const names = Object.keys(WAYS)
  const missed: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    const row = rows[chance.draw(rows.length)]
    const other = rows[chance.draw(rows.length)]
    const name = names[chance.draw(names.length)] ?? ''
    if (row === undefined || other === undefined || row === other) continue
    const statement = WAYS[name]?.(row, other) ?? ''
    const fault = await withChanged(owner, [row.id, other.id], statement, () => faultOf(log))
    const first = name === 'swapped' ? Math.min(row.place, other.place) : row.place
    if (fault?.position !== first) missed.push(`${name} at ${String(first)}: ${JSON.stringify(fault)}`)
  }
  return missed
}

/** Runs `statement` on some events as the owner with the triggers off, then `look`, and puts these events back. */
export async function withChanged<T>(
  owner: postgres.Sql,
  ids: readonly string[],
  statement: string,
  look: () => Promise<T>,
): Promise<T> {
  await owner.unsafe(`ALTER TABLE audit_event DISABLE TRIGGER USER;
    CREATE TABLE kept AS SELECT * FROM audit_event WHERE id IN (${ids.join(', ')}); ${statement}`)
  try {
    return await look()
  } finally {
    await owner.unsafe(`
      DELETE FROM audit_event WHERE code IN (SELECT code FROM kept) OR id IN (SELECT id FROM kept);
      INSERT INTO audit_event SELECT * FROM kept; DROP TABLE kept; ALTER TABLE audit_event ENABLE TRIGGER USER`)
  }
}
