import type { BulkTx } from '@/lib/access/bulk-actor'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { copyInto } from '@/lib/platform/db/bulk'

import { LOAD_COLUMNS } from './prepare'

/** The country of the actor's agency: where phone numbers without a + belong. */
export async function countryOfAgency(tx: ActorTx): Promise<string> {
  const { country } = await tx.agency.findUniqueOrThrow({
    where: { id: actorOf(tx).agency },
    select: { country: true },
  })
  return country
}

/** Which of these keys, as hexadecimal digits, the agency has a person for already, as far as the actor may know. */
export async function findPresent(tx: BulkTx, agency: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx<{ key: string }[]>`
    SELECT encode(import_key, 'hex') AS key FROM person
    WHERE holder_agency_id = ${agency}::uuid
      AND import_key = ANY (ARRAY(SELECT decode(k, 'hex') FROM unnest(${tx.array([...keys])}::text[]) k))`
  return new Set(rows.map(({ key }) => key))
}

export type Writer = {
  readonly agency: string
  readonly member: string
  readonly unit: string | null
  readonly at: Date
  /** The code of the run, which the events of its records rest on. */
  readonly run: string
}

/**
 * Writes a batch of prepared rows: one COPY, then one INSERT for each table, each under the policies of the member.
 * Returns how many persons are new; a row whose key is taken, also by a person out of sight, is left out.
 */
export async function writeBatch(tx: BulkTx, by: Writer, lines: readonly string[]): Promise<number> {
  await tx.unsafe(`CREATE TEMPORARY TABLE IF NOT EXISTS import_load (${LOAD_COLUMNS.join(', ')}) ON COMMIT DELETE ROWS`)
  await copyInto(tx, 'pg_temp.import_load', lines)
  await insertPersons(tx, by)
  await insertPersonParts(tx, by)
  await insertCases(tx, by)
  await insertTexts(tx, by)
  return recordBatch(tx, by)
}

async function insertPersons(tx: BulkTx, { agency, member, at }: Writer): Promise<void> {
  await tx`
    WITH made AS (
      INSERT INTO person (id, code, holder_agency_id, agency_id, registered_by_id, birth_band, import_key, created_at)
      SELECT person_id, person_code, ${agency}::uuid, ${agency}::uuid, ${member}::uuid, birth_band, import_key, ${at}
      FROM pg_temp.import_load ORDER BY n
      ON CONFLICT (holder_agency_id, import_key) DO NOTHING RETURNING id
    )
    DELETE FROM pg_temp.import_load l WHERE NOT EXISTS (SELECT 1 FROM made m WHERE m.id = l.person_id)`
  // How many rows it holds decides the plans below.
  await tx`ANALYZE pg_temp.import_load (n)`
}

async function insertPersonParts(tx: BulkTx, { agency, member, at }: Writer): Promise<void> {
  await tx`
    INSERT INTO person_key (person_id, holder_agency_id, agency_id, wrap_version, wrapped, created_at)
    SELECT person_id, ${agency}::uuid, ${agency}::uuid, wrap_version, wrapped, ${at} FROM pg_temp.import_load ORDER BY n`
  await tx`
    INSERT INTO person_identity (person_id, version, holder_agency_id, agency_id, sealed, written_by_id, written_at)
    SELECT person_id, 1, ${agency}::uuid, ${agency}::uuid, identity, ${member}::uuid, ${at} FROM pg_temp.import_load ORDER BY n`
  await tx`
    INSERT INTO person_profile (person_id, holder_agency_id, agency_id, birth_state, gender_state, gender,
      citizenship_state, citizenships, language_state, languages, updated_at)
    SELECT person_id, ${agency}::uuid, ${agency}::uuid, birth_state, gender_state, gender,
      citizenship_state, citizenships, language_state, languages, ${at} FROM pg_temp.import_load ORDER BY n`
  await tx`
    INSERT INTO search_token (agency_id, token, person_id, holder_agency_id, weight)
    SELECT ${agency}::uuid, t.token, l.person_id, ${agency}::uuid, 1 FROM pg_temp.import_load l, unnest(l.tokens) t (token)`
}

async function insertCases(tx: BulkTx, { agency, unit, at }: Writer): Promise<void> {
  await tx`
    INSERT INTO case_file (id, code, person_id, holder_agency_id, agency_id, lead_agency_id, unit_id, number, status, stage,
      opened_on, closure_reason, created_at)
    SELECT case_id, case_code, person_id, ${agency}::uuid, ${agency}::uuid, ${agency}::uuid, ${unit}::uuid, 1, status, stage,
      opened_on, closure_reason, ${at} FROM pg_temp.import_load ORDER BY n`
  await tx`
    INSERT INTO case_content (case_id, person_id, holder_agency_id, agency_id, data_use, identification, identified_by,
      acts, means, purposes, recruitment, sectors, places, recruiter_relation, updated_at)
    SELECT case_id, person_id, ${agency}::uuid, ${agency}::uuid, data_use, identification, identified_by,
      acts, means, purposes, recruitment, sectors, places, recruiter_relation, ${at} FROM pg_temp.import_load ORDER BY n`
}

async function insertTexts(tx: BulkTx, { agency, member, at }: Writer): Promise<void> {
  await tx`
    INSERT INTO contact_entry (id, code, case_id, person_id, holder_agency_id, agency_id, kind, outcome, occurred_at,
      worker_id, has_text, entered_at)
    SELECT contact_id, contact_code, case_id, person_id, ${agency}::uuid, ${agency}::uuid, 'observation', 'noted', ${at},
      ${member}::uuid, true, ${at} FROM pg_temp.import_load WHERE contact_id IS NOT NULL ORDER BY n`
  await tx`
    INSERT INTO contact_text (contact_id, case_id, holder_agency_id, agency_id, sealed)
    SELECT contact_id, case_id, ${agency}::uuid, ${agency}::uuid, contact_sealed
    FROM pg_temp.import_load WHERE contact_id IS NOT NULL ORDER BY n`
}

/** Records each person, case and text of the batch in this transaction, resting on the run, and counts the persons. */
async function recordBatch(tx: BulkTx, { agency, run }: Writer): Promise<number> {
  const [counted] = await tx<{ persons: number }[]>`
    SELECT (count(*) FILTER (WHERE e.place = 1))::int AS persons, app.record_events(coalesce(jsonb_agg(e.event ORDER BY l.n, e.place), '[]'::jsonb))
    FROM pg_temp.import_load l CROSS JOIN LATERAL (VALUES
      (1, jsonb_build_object('type', 'person.registered', 'subject', l.person_code, 'personId', l.person_id,
        'holderAgencyId', ${agency}::uuid, 'basis', ${run}::text)),
      (2, jsonb_build_object('type', 'case.opened', 'subject', l.case_code, 'personId', l.person_id, 'caseId', l.case_id,
        'holderAgencyId', ${agency}::uuid, 'basis', ${run}::text)),
      (3, CASE WHEN l.contact_id IS NOT NULL THEN jsonb_build_object('type', 'contact.logged', 'subject', l.contact_code,
        'personId', l.person_id, 'caseId', l.case_id, 'holderAgencyId', ${agency}::uuid, 'basis', ${run}::text) END)
    ) e (place, event) WHERE e.event IS NOT NULL`
  return counted?.persons ?? 0
}
