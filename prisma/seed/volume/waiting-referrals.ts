import type postgres from 'postgres'

/** Of each hundred: how many wait for a first look, for a decision, for an answer to a question; the rest was declined. */
const UNSEEN = 40
const SEEN = 80
const ASKED = 90

/**
 * Writes any number of referrals that wait, each for a need of a case that is there, to a listed service of another agency;
 * and beside them those that were declined and need an agency. Skeletons alone: nothing is sealed, and nobody opens them.
 * For measuring only, in a session without triggers.
 */
export async function writeWaitingReferrals(sql: postgres.TransactionSql, count: number): Promise<void> {
  await sql`
    CREATE TEMPORARY TABLE waiting ON COMMIT DROP AS
    WITH cases AS MATERIALIZED (
      SELECT c.id, c.person_id, c.agency_id, c.holder_agency_id, row_number() OVER (ORDER BY c.id) AS place, count(*) OVER () AS many
      FROM case_file c WHERE c.status = 'active' AND NOT c.restricted
    ), services AS MATERIALIZED (
      SELECT s.id, s.agency_id, s.category, s.type, row_number() OVER (ORDER BY s.id) AS place, count(*) OVER () AS many
      FROM listed_service s WHERE s.status = 'active'
    ), workers AS MATERIALIZED (SELECT DISTINCT ON (m.agency_id) m.agency_id, m.id FROM member m ORDER BY m.agency_id, m.id)
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS need, n, c.id AS case_id, c.person_id, c.agency_id, c.holder_agency_id, s.id AS service, s.agency_id AS to_agency,
      s.category, s.type, w.id AS worker, (ARRAY['emergency', 'urgent', 'routine'])[1 + n % 3]::urgency AS urgency, now() - make_interval(hours => n % 70, mins => n % 59) AS at,
      CASE WHEN n % 100 < ${UNSEEN} THEN 'sent' WHEN n % 100 < ${SEEN} THEN 'acknowledged' WHEN n % 100 < ${ASKED} THEN 'info_requested' ELSE 'declined' END AS state
    FROM generate_series(1, ${count}::int) n JOIN cases c ON c.place = 1 + n % c.many JOIN services s ON s.place = 1 + (n * 13 + n / 7) % s.many
    JOIN workers w ON w.agency_id = c.agency_id WHERE s.agency_id <> c.agency_id`
  await sql`
    INSERT INTO need (id, code, case_id, person_id, holder_agency_id, agency_id, category, type, urgency, state, found_on, found_by_id, contact_due_at, created_at)
    SELECT need, app.new_code('NED'), case_id, person_id, holder_agency_id, agency_id, category, type, urgency,
      (CASE state WHEN 'declined' THEN 'open' ELSE 'planned' END)::need_state, at::date, worker, at + interval '72 hours', at FROM waiting`
  await sql`
    INSERT INTO referral (id, code, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, urgency, state, state_before, fields,
      created_by_id, created_at, sent_by_id, sent_at, acknowledged_at, answered_at, ended_at, decline_reason, clock_started_at, acknowledge_half_at,
      acknowledge_by, acknowledge_late_at, decide_half_at, decide_by, decide_late_at, expires_at, paused_at, pause_ends_at, pause_clock, overdue_at, told)
    SELECT id, app.new_code('REF'), case_id, person_id, holder_agency_id, agency_id, to_agency, service, urgency, state,
      CASE state WHEN 'info_requested' THEN 'acknowledged' END, ARRAY['need.' || category], worker, at, worker, at, CASE WHEN state <> 'sent' THEN at + interval '1 hour' END,
      CASE state WHEN 'declined' THEN at + interval '3 hours' END, CASE state WHEN 'declined' THEN at + interval '3 hours' END,
      CASE state WHEN 'declined' THEN (ARRAY['no_capacity', 'outside_area', 'not_eligible'])[1 + n % 3] END, at, at + interval '2 hours', at + interval '4 hours',
      at + interval '8 hours', at + interval '12 hours', at + interval '24 hours', at + interval '48 hours', at + interval '30 days',
      CASE state WHEN 'info_requested' THEN at + interval '2 hours' END, CASE state WHEN 'info_requested' THEN at + interval '26 hours' END,
      CASE state WHEN 'info_requested' THEN jsonb_build_object('startedAt', at + interval '24 hours', 'acknowledgeHalfAt', at + interval '26 hours',
        'acknowledgeBy', at + interval '28 hours', 'acknowledgeLateAt', at + interval '32 hours', 'decideHalfAt', at + interval '36 hours',
        'decideBy', at + interval '48 hours', 'decideLateAt', at + interval '72 hours', 'expiresAt', at + interval '31 days') END, CASE WHEN state <> 'declined' AND n % 70 > 24 THEN at + interval '24 hours' END, '{}'
    FROM waiting`
  await sql`
    INSERT INTO referral_need (referral_id, need_id, case_id, holder_agency_id, agency_id)
    SELECT id, need, case_id, holder_agency_id, agency_id FROM waiting`
}
