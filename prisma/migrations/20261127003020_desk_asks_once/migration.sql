-- A referral is rerouted for needs that somebody could still meet; what asks for something else goes to one agency alone. And
-- who asks the desk, and when, is found out once for each question, where it was for each row: a context's signature costs time.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* What a coordinator may reroute: what waits for an answer, and what needs another agency; once, while the new one is open. */
CREATE OR REPLACE FUNCTION app.may_reroute(r public.referral) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce(CASE app.desk_lane(r.state) WHEN 'unplaced' THEN r.ended_at > app.now() - interval '30 days' AND app.needs_an_agency(r.id)
      ELSE app.desk_lane(r.state) IS NOT NULL END, false)
    AND EXISTS (SELECT 1 FROM public.referral_need x JOIN public.need n ON n.id = x.need_id
      WHERE x.referral_id = coalesce(r.needs_from_id, r.id) AND n.state IN ('open', 'planned', 'being_met'))
    AND NOT EXISTS (SELECT 1 FROM public.referral q WHERE q.rerouted_from_id = r.id AND q.state IN ('sent', 'acknowledged', 'info_requested', 'accepted', 'in_service'))
    AND EXISTS (SELECT 1 FROM public.case_file c WHERE c.id = r.case_id AND c.status NOT IN ('closed', 'closed_referred'))
$$;

/* Why referrals were declined in 30 days. */
CREATE OR REPLACE FUNCTION app.desk_declines() RETURNS TABLE (reason text, n int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.decline_reason, count(*)::int FROM public.referral r JOIN public.agency f ON f.id = r.agency_id
  WHERE f.network_id = (SELECT app.desk_network()) AND r.state = 'declined' AND r.ended_at > (SELECT app.now()) - interval '30 days' GROUP BY 1 ORDER BY 2 DESC, 1
$$;

/* Changes whenever anything that waits does: what an open desk asks every few seconds. Null for everybody else. */
CREATE OR REPLACE FUNCTION app.desk_mark() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT count(*) || '.' || coalesce(sum(r.version), 0) || '.' || count(r.overdue_at)
  FROM public.referral r JOIN public.agency f ON f.id = r.agency_id
  WHERE f.network_id = (SELECT app.desk_network()) AND r.state IN ('sent', 'acknowledged', 'info_requested') HAVING (SELECT app.desk_network()) IS NOT NULL
$$;

/* Who refers to whom in 90 days, and what became of it. */
CREATE OR REPLACE FUNCTION app.desk_matrix() RETURNS TABLE (from_key text, from_name text, to_key text, to_name text, sent int, waiting int, late int, accepted int,
  declined int, expired int, hours_to_answer double precision)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  network uuid := app.desk_network();
BEGIN
  IF network IS NULL THEN RETURN; END IF;
  RETURN QUERY
  SELECT f.key, f.name, t.key, t.name, x.sent, x.waiting, x.late, x.accepted, x.declined, x.expired, x.hours FROM (
    SELECT r.agency_id, r.to_agency_id, count(*)::int AS sent,
      (count(*) FILTER (WHERE r.state IN ('sent', 'acknowledged', 'info_requested')))::int AS waiting,
      (count(*) FILTER (WHERE r.state IN ('sent', 'acknowledged', 'info_requested') AND r.overdue_at IS NOT NULL))::int AS late,
      (count(*) FILTER (WHERE r.state IN ('accepted', 'in_service', 'completed', 'closed')))::int AS accepted,
      (count(*) FILTER (WHERE r.state = 'declined'))::int AS declined, (count(*) FILTER (WHERE r.state = 'expired'))::int AS expired,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM r.answered_at - r.sent_at) / 3600) AS hours
    FROM public.referral r WHERE r.sent_at > (SELECT app.now()) - interval '90 days' GROUP BY 1, 2) x
  JOIN public.agency f ON f.id = x.agency_id AND f.network_id = network JOIN public.agency t ON t.id = x.to_agency_id
  ORDER BY x.sent DESC, f.key, t.key;
END
$$;
RESET ROLE;
