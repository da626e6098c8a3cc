-- What needs another agency is found by one plan over all rows, where a function was asked once for each of them: the desk
-- counts it at every look.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * What waits in a lane of the coordinator's desk, the soonest limit first; one referral when it is named. Codes, agencies,
 * kinds of help and times: never a person, a case or a word that somebody typed.
 */
CREATE OR REPLACE FUNCTION app.desk_waiting(lane text, wanted text, filters jsonb, after_at timestamptz, after_id uuid, how_many int) RETURNS TABLE (
  id uuid, code text, in_lane text, state text, urgency text, from_name text, to_name text, service_name text, category text, type text,
  clock_started_at timestamptz, acknowledge_half_at timestamptz, acknowledge_by timestamptz, acknowledge_late_at timestamptz,
  decide_half_at timestamptz, decide_by timestamptz, decide_late_at timestamptz, expires_at timestamptz, paused_at timestamptz, decline_reason text,
  ended_at timestamptz, sort_at timestamptz, fitting int, with_room int, reminded_at timestamptz, escalated_at timestamptz
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  network uuid := app.desk_network();
  at timestamptz := app.now();
BEGIN
  IF network IS NULL THEN RETURN; END IF;
  RETURN QUERY EXECUTE format($q$
    WITH page AS MATERIALIZED (
      SELECT r.*, %1$s AS by_at, s.category AS of_category, s.type AS of_type, s.name AS named, f.name AS sender, t.name AS receiver
      FROM public.referral r JOIN public.listed_service s ON s.id = r.listed_service_id
      JOIN public.agency f ON f.id = r.agency_id JOIN public.agency t ON t.id = r.to_agency_id
      WHERE %2$s AND f.network_id = $1 AND ($2 IS NULL OR s.category = $2) AND ($3 IS NULL OR r.urgency::text = $3) AND ($4 IS NULL OR $4 IN (f.key, t.key))
        AND ($5 IS NULL OR (%1$s, r.id) > ($5, $6))
      ORDER BY %1$s, r.id LIMIT $7
    )
    SELECT r.id, r.code, app.desk_lane(r.state), r.state, r.urgency::text, r.sender, r.receiver, r.named, r.of_category, r.of_type,
      r.clock_started_at, r.acknowledge_half_at, r.acknowledge_by, r.acknowledge_late_at, r.decide_half_at, r.decide_by, r.decide_late_at,
      r.expires_at, r.paused_at, r.decline_reason, r.ended_at, r.by_at,
      offers.n, offers.room,
      (SELECT max(d.at) FROM public.desk_act d WHERE d.referral_id = r.id AND d.kind = 'reminded'),
      (SELECT max(d.at) FROM public.desk_act d WHERE d.referral_id = r.id AND d.kind = 'escalated')
    FROM page r LEFT JOIN LATERAL (
      SELECT count(*)::int AS n, (count(*) FILTER (WHERE room.available > 0))::int AS room
      FROM public.listed_service o LEFT JOIN public.listed_service_room room ON room.listed_service_id = o.id
      WHERE o.network_id = $1 AND o.status = 'active' AND o.category = r.of_category AND o.type = r.of_type AND o.agency_id NOT IN (r.agency_id, r.to_agency_id)
    ) offers ON app.desk_lane(r.state) = 'unplaced'
    ORDER BY r.by_at, r.id$q$,
    CASE lane WHEN 'unseen' THEN 'r.acknowledge_by' WHEN 'undecided' THEN 'r.decide_by' WHEN 'unplaced' THEN 'r.ended_at'
      ELSE 'coalesce(r.ended_at, r.decide_by)' END,
    CASE lane WHEN 'unseen' THEN $s$r.state = 'sent'$s$ WHEN 'undecided' THEN $s$r.state IN ('acknowledged', 'info_requested')$s$
      WHEN 'unplaced' THEN $s$r.state IN ('declined', 'expired') AND r.ended_at > $8 - interval '30 days' AND NOT EXISTS (SELECT 1 FROM public.referral q WHERE q.rerouted_from_id = r.id)
        AND EXISTS (SELECT 1 FROM public.referral_need rn JOIN public.need n ON n.id = rn.need_id AND n.state = 'open'
          WHERE rn.referral_id = coalesce(r.needs_from_id, r.id) AND NOT EXISTS (SELECT 1 FROM public.referral_need o JOIN public.referral q ON q.id = o.referral_id
            WHERE o.need_id = rn.need_id AND o.referral_id <> r.id AND q.id > r.id AND q.state <> 'draft'))$s$
      ELSE 'r.code = $9 AND app.desk_lane(r.state) IS NOT NULL' END)
    USING network, filters ->> 'category', filters ->> 'urgency', filters ->> 'agency', after_at, after_id, how_many, at, wanted;
END
$$;

/* How much lies in each lane, and how much of it is late. */
CREATE OR REPLACE FUNCTION app.desk_counts(filters jsonb) RETURNS TABLE (lane text, n int, late int)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  network uuid := app.desk_network();
  at timestamptz := app.now();
  only_category text := filters ->> 'category';
  only_urgency text := filters ->> 'urgency';
  only_agency text := filters ->> 'agency';
BEGIN
  IF network IS NULL THEN RETURN; END IF;
  RETURN QUERY
  WITH agencies AS MATERIALIZED (SELECT a.id, a.network_id = network AS is_own, a.key = only_agency AS is_named FROM public.agency a),
  services AS MATERIALIZED (SELECT s.id FROM public.listed_service s WHERE only_category IS NOT NULL AND s.category = only_category),
  waiting AS (
    SELECT r.id, r.state, r.overdue_at, r.needs_from_id FROM public.referral r
    WHERE (r.state IN ('sent', 'acknowledged', 'info_requested') OR (r.state IN ('declined', 'expired') AND r.ended_at > at - interval '30 days'))
      AND r.agency_id IN (SELECT a.id FROM agencies a WHERE a.is_own) AND (only_urgency IS NULL OR r.urgency::text = only_urgency)
      AND (only_category IS NULL OR r.listed_service_id IN (SELECT s.id FROM services s))
      AND (only_agency IS NULL OR r.agency_id IN (SELECT a.id FROM agencies a WHERE a.is_named) OR r.to_agency_id IN (SELECT a.id FROM agencies a WHERE a.is_named))
  )
  SELECT app.desk_lane(g.state), sum(g.n)::int, sum(g.late)::int FROM (
    SELECT r.state, count(*) AS n, count(r.overdue_at) AS late FROM waiting r WHERE r.state IN ('sent', 'acknowledged', 'info_requested') GROUP BY 1
    UNION ALL
    SELECT r.state, count(*), count(r.overdue_at) FROM waiting r
    WHERE r.state IN ('declined', 'expired') AND NOT EXISTS (SELECT 1 FROM public.referral q WHERE q.rerouted_from_id = r.id)
        AND EXISTS (SELECT 1 FROM public.referral_need rn JOIN public.need n ON n.id = rn.need_id AND n.state = 'open'
          WHERE rn.referral_id = coalesce(r.needs_from_id, r.id) AND NOT EXISTS (SELECT 1 FROM public.referral_need o JOIN public.referral q ON q.id = o.referral_id
            WHERE o.need_id = rn.need_id AND o.referral_id <> r.id AND q.id > r.id AND q.state <> 'draft'))
    GROUP BY 1) g
  GROUP BY 1;
END
$$;
RESET ROLE;
