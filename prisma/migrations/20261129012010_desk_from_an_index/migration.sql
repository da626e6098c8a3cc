-- The desk counts what waits at every look, tens of thousands of referrals in a large network: from an index that holds all it counts by,
-- rather than from the referrals themselves.

CREATE INDEX referral_waiting ON public.referral (agency_id, state, urgency, listed_service_id) INCLUDE (to_agency_id, overdue_at, version)
  WHERE state IN ('sent', 'acknowledged', 'info_requested');

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* How much lies in each lane of the desk. What waits and what needs another agency is counted each by its own index. */
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
  services AS MATERIALIZED (SELECT s.id FROM public.listed_service s WHERE only_category IS NOT NULL AND s.category = only_category)
  SELECT app.desk_lane(g.state), sum(g.n)::int, sum(g.late)::int FROM (
    SELECT r.state, count(*) AS n, count(r.overdue_at) AS late FROM public.referral r
    WHERE r.state IN ('sent', 'acknowledged', 'info_requested')
      AND r.agency_id IN (SELECT a.id FROM agencies a WHERE a.is_own) AND (only_urgency IS NULL OR r.urgency::text = only_urgency)
      AND (only_category IS NULL OR r.listed_service_id IN (SELECT s.id FROM services s))
      AND (only_agency IS NULL OR r.agency_id IN (SELECT a.id FROM agencies a WHERE a.is_named) OR r.to_agency_id IN (SELECT a.id FROM agencies a WHERE a.is_named))
    GROUP BY 1
    UNION ALL
    SELECT r.state, count(*), count(r.overdue_at) FROM public.referral r
    WHERE r.state IN ('declined', 'expired') AND r.ended_at > at - interval '30 days'
      AND r.agency_id IN (SELECT a.id FROM agencies a WHERE a.is_own) AND (only_urgency IS NULL OR r.urgency::text = only_urgency)
      AND (only_category IS NULL OR r.listed_service_id IN (SELECT s.id FROM services s))
      AND (only_agency IS NULL OR r.agency_id IN (SELECT a.id FROM agencies a WHERE a.is_named) OR r.to_agency_id IN (SELECT a.id FROM agencies a WHERE a.is_named))
      AND NOT EXISTS (SELECT 1 FROM public.referral q WHERE q.rerouted_from_id = r.id)
      AND EXISTS (SELECT 1 FROM public.referral_need rn JOIN public.need n ON n.id = rn.need_id AND n.state = 'open'
        WHERE rn.referral_id = coalesce(r.needs_from_id, r.id) AND NOT EXISTS (SELECT 1 FROM public.referral_need o JOIN public.referral q ON q.id = o.referral_id
          WHERE o.need_id = rn.need_id AND o.referral_id <> r.id AND q.id > r.id AND q.state <> 'draft'))
    GROUP BY 1) g
  GROUP BY 1;
END
$$;

/* Where it sticks, by kind of help: referrals are counted by service before their kind is looked up. */
CREATE OR REPLACE FUNCTION app.desk_bottlenecks(how_many int) RETURNS TABLE (category text, type text, waiting int, late int, no_room int, needs int, offered_by int)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  network uuid := app.desk_network();
  at timestamptz := app.now();
BEGIN
  IF network IS NULL THEN RETURN; END IF;
  RETURN QUERY
  WITH own AS MATERIALIZED (SELECT a.id FROM public.agency a WHERE a.network_id = network),
  by_service AS (
    SELECT r.listed_service_id, count(*) AS waiting, count(r.overdue_at) AS late, 0 AS no_room FROM public.referral r
    WHERE r.state IN ('sent', 'acknowledged', 'info_requested') AND r.agency_id IN (SELECT o.id FROM own o) GROUP BY 1
    UNION ALL
    SELECT r.listed_service_id, 0, 0, count(*) FILTER (WHERE r.decline_reason = 'no_capacity') FROM public.referral r
    WHERE r.state = 'declined' AND r.ended_at > at - interval '30 days' AND r.agency_id IN (SELECT o.id FROM own o) GROUP BY 1
  ), moved AS (
    SELECT s.category, s.type, sum(b.waiting) AS waiting, sum(b.late) AS late, sum(b.no_room) AS no_room
    FROM by_service b JOIN public.listed_service s ON s.id = b.listed_service_id GROUP BY 1, 2
  ), open_needs AS (
    SELECT n.category, n.type, count(*) AS needs FROM public.need n JOIN own o ON o.id = n.agency_id
    WHERE n.state = 'open' AND n.type IS NOT NULL AND NOT n.restricted GROUP BY 1, 2
  )
  SELECT coalesce(m.category, o.category), coalesce(m.type, o.type), coalesce(m.waiting, 0)::int, coalesce(m.late, 0)::int, coalesce(m.no_room, 0)::int,
    coalesce(o.needs, 0)::int,
    (SELECT count(DISTINCT s.agency_id)::int FROM public.listed_service s WHERE s.network_id = network AND s.status = 'active'
       AND s.category = coalesce(m.category, o.category) AND s.type = coalesce(m.type, o.type))
  FROM moved m FULL JOIN open_needs o ON o.category = m.category AND o.type = m.type
  ORDER BY coalesce(m.late, 0) * 3 + coalesce(m.no_room, 0) * 2 + coalesce(m.waiting, 0) DESC, coalesce(o.needs, 0) DESC, 1, 2 LIMIT how_many;
END
$$;
RESET ROLE;
