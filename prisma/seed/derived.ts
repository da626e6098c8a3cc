import type postgres from 'postgres'

/** The tables that a bulk load of cases fills, in the order of their keys. */
export const CASE_TABLES = [
  'person',
  'person_key',
  'person_identity',
  'person_profile',
  'safe_contact',
  'search_token',
  'case_file',
  'case_content',
  'assignment',
  'need',
  'service',
  'service_mandate',
  'service_detail',
  'service_note',
  'contact_entry',
  'contact_text',
  'task',
  'consent',
  'consent_withdrawal',
  'consent_told',
  'sharing_exception',
] as const

/** Tables whose triggers keep derived columns and figures, row by row. */
const WITH_TRIGGERS = [
  'case_file',
  'assignment',
  'need',
  'service',
  'service_mandate',
  'contact_entry',
  'task',
  'consent',
  'consent_withdrawal',
]

/**
 * Runs a bulk load without the triggers that count row by row, then makes what they would have made, all of it at
 * once, and checks the mandate of everything that was loaded. For a database without cases.
 */
export async function withoutTriggers(sql: postgres.TransactionSql, load: () => Promise<void>): Promise<void> {
  for (const table of WITH_TRIGGERS) await sql.unsafe(`ALTER TABLE public.${table} DISABLE TRIGGER USER`)
  await load()
  await deriveAll(sql)
  for (const table of WITH_TRIGGERS) await sql.unsafe(`ALTER TABLE public.${table} ENABLE TRIGGER USER`)
}

/** Makes from the rows what the triggers would have made, and refuses rows that the mandate's trigger would refuse. */
export async function deriveAll(sql: postgres.TransactionSql): Promise<void> {
  await derive(sql)
  await refuseWithoutMandate(sql)
}

async function derive(sql: postgres.TransactionSql): Promise<void> {
  await sql`
    UPDATE person p SET case_count = c.n, restricted = c.hidden
    FROM (SELECT person_id, count(*) AS n, bool_or(restricted AND status NOT IN ('closed', 'closed_referred')) AS hidden FROM case_file GROUP BY 1) c
    WHERE c.person_id = p.id`
  await sql`
    UPDATE case_file c SET next_due_at = d.at
    FROM (SELECT case_id, min(due_at) AS at FROM task WHERE done_at IS NULL GROUP BY 1) d WHERE d.case_id = c.id`
  await sql`
    UPDATE case_file c SET needs_open = n.n
    FROM (SELECT case_id, count(*) AS n FROM need WHERE state IN ('open', 'planned', 'being_met') GROUP BY 1) n WHERE n.case_id = c.id`
  await sql`
    INSERT INTO case_service_count (case_id, category, person_id, holder_agency_id, agency_id, restricted, n)
    SELECT case_id, category, person_id, holder_agency_id, agency_id, bool_or(restricted), count(*) FROM service WHERE status <> 'voided' GROUP BY 1, 2, 3, 4, 5`
  await sql`
    INSERT INTO rollup_person (agency_id, paragraph, year, person_id, restricted, n)
    SELECT s.agency_id, m.paragraph, extract(year FROM s.delivered_on)::int, s.person_id, bool_or(s.restricted), count(*)
    FROM service s JOIN service_mandate m ON m.service_id = s.id WHERE s.status IN ('in_progress', 'delivered', 'interrupted') GROUP BY 1, 2, 3, 4`
  await sql`
    INSERT INTO rollup (agency_id, measure, paragraph, category, type, state, month, restricted, n)
    SELECT s.agency_id, 'services', m.paragraph, s.category, s.type, s.status::text, date_trunc('month', s.delivered_on)::date, s.restricted, count(*)
    FROM service s JOIN service_mandate m ON m.service_id = s.id GROUP BY 1, 3, 4, 5, 6, 7, 8
    UNION ALL
    SELECT agency_id, 'persons', paragraph, '', '', '', make_date(year, 1, 1), restricted, count(*) FROM rollup_person GROUP BY 1, 3, 7, 8
    UNION ALL
    SELECT agency_id, 'needs', '', category, '', state::text, date_trunc('month', found_on)::date, restricted, count(*) FROM need GROUP BY 1, 4, 6, 7, 8
    UNION ALL
    SELECT agency_id, 'cases', '', '', '', status::text, date_trunc('month', opened_on)::date, restricted, count(*) FROM case_file GROUP BY 1, 6, 7, 8`
}

/** What the deferred trigger asks of each service, asked of all at once. */
async function refuseWithoutMandate(sql: postgres.TransactionSql): Promise<void> {
  const bare = await sql`
    SELECT s.code FROM service s JOIN assistance_category c ON c.category = s.category
    LEFT JOIN service_mandate m ON m.service_id = s.id AND m.paragraph IN (c.paragraph, '9')
    GROUP BY s.id, s.code HAVING count(m.paragraph) < 2 LIMIT 1`
  if (bare.length > 0) throw new Error(`The service ${String(bare[0]?.['code'])} rests on no paragraph`)
}
