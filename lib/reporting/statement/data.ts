import { actorOf, type ActorTx } from '@/lib/access/with-actor'

import type { CaseOfStatement } from './schema'

/** For how long a statement that was asked for may be printed. */
const PRINTED_WITHIN = '15 minutes'

/** What is held of a person's cases, as far as the actor is on their team: the policies leave out the rest. */
export function listCasesOfStatement(tx: ActorTx, person: string): Promise<readonly CaseOfStatement[]> {
  return tx.$queryRaw<CaseOfStatement[]>`
    SELECT c.code, c.number, c.opened_on::text AS "openedOn", c.closed_on::text AS "closedOn", c.status::text AS status,
      c.stage::text AS stage, k.wants_support::text AS "wantsSupport", k.data_use::text AS "dataUse",
      k.takes_part::text AS "takesPart",
      coalesce((SELECT jsonb_agg(jsonb_build_object('category', n.category, 'type', n.type, 'state', n.state)
        ORDER BY n.found_on, n.id) FROM need n WHERE n.case_id = c.id), '[]') AS needs,
      coalesce((SELECT jsonb_agg(to_jsonb(h) ORDER BY h.category, h.type) FROM (
        SELECT s.category, s.type, count(*)::int AS times, min(s.delivered_on)::text AS "from", max(s.delivered_on)::text AS "to"
        FROM service s WHERE s.case_id = c.id AND s.status <> 'voided' GROUP BY s.category, s.type) h), '[]') AS help,
      (SELECT count(*)::int FROM service s WHERE s.case_id = c.id AND s.has_note) AS notes,
      (SELECT count(*)::int FROM contact_entry e WHERE e.case_id = c.id AND e.voided_at IS NULL) AS contacts
    FROM case_file c JOIN case_content k ON k.case_id = c.id
    WHERE c.person_id = ${person}::uuid ORDER BY c.number`
}

/** Writes the line of the ledger and the event of the print; the database checks the team once more. */
export async function insertStatement(tx: ActorTx, person: string, fields: readonly string[]): Promise<string> {
  const rows = await tx.$queryRaw<{ code: string }[]>`
    SELECT app.disclose_statement(${person}::uuid, ${[...fields]}::text[], ${JSON.stringify(actorOf(tx).origin ?? {})}::jsonb) AS code`
  const code = rows[0]?.code
  if (code === undefined) throw new Error('A statement was written to the ledger without a code')
  return code
}

/** Whether this member has just asked for this statement. */
export async function hasFreshStatement(tx: ActorTx, person: string, line: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ fresh: boolean }[]>`
    SELECT true AS fresh FROM disclosure d
    WHERE d.code = ${line} AND d.person_id = ${person}::uuid AND d.way = 'statement' AND d.member_id = ${actorOf(tx).member}::uuid
      AND d.at > app.now() - ${PRINTED_WITHIN}::interval`
  return rows[0]?.fresh === true
}
