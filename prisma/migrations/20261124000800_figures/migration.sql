-- Figures: persons counted apart for restricted cases; the functions of the jobs that fold, check and tidy.

-- A person with services in a restricted and in another case counts once in each dimension. With one row for both,
-- restricting the second case would have left the person in the figures that colleagues see.
ALTER TABLE public.rollup_person DROP CONSTRAINT rollup_person_pkey;
ALTER TABLE public.rollup_person ADD CONSTRAINT rollup_person_pkey PRIMARY KEY (agency_id, paragraph, year, person_id, restricted);

DO $$
BEGIN
  EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer'));
END
$$;

CREATE OR REPLACE FUNCTION app.roll_service(s public.service, wanted_paragraph text, sign int) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  in_year int := extract(year FROM s.delivered_on)::int;
  now_counted int;
BEGIN
  PERFORM app.roll(s.agency_id, 'services', wanted_paragraph, s.category, s.type, s.status::text, s.delivered_on, s.restricted, sign);
  IF s.status NOT IN ('in_progress', 'delivered', 'interrupted') THEN RETURN; END IF;
  -- A person counts once a year and paragraph: when their first service comes, and no longer when their last one goes.
  INSERT INTO public.rollup_person AS r (agency_id, paragraph, year, person_id, restricted, n)
    VALUES (s.agency_id, wanted_paragraph, in_year, s.person_id, s.restricted, sign)
    ON CONFLICT (agency_id, paragraph, year, person_id, restricted) DO UPDATE SET n = r.n + sign
    RETURNING r.n INTO now_counted;
  IF (sign = 1 AND now_counted = 1) OR (sign = -1 AND now_counted = 0) THEN
    PERFORM app.roll(s.agency_id, 'persons', wanted_paragraph, '', '', '', make_date(in_year, 1, 1), s.restricted, sign);
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION app.roll_service_row() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  m record;
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM app.count_on_case(NEW, 1);
    RETURN NULL;
  END IF;
  IF (OLD.category, OLD.type, OLD.delivered_on, OLD.status, OLD.restricted)
     IS NOT DISTINCT FROM (NEW.category, NEW.type, NEW.delivered_on, NEW.status, NEW.restricted) THEN
    RETURN NULL;
  END IF;
  IF OLD.category <> NEW.category OR (OLD.status = 'voided') <> (NEW.status = 'voided') THEN
    PERFORM app.count_on_case(OLD, -1);
    PERFORM app.count_on_case(NEW, 1);
  END IF;
  FOR m IN SELECT paragraph FROM public.service_mandate WHERE service_id = NEW.id LOOP
    PERFORM app.roll_service(OLD, m.paragraph, -1);
    PERFORM app.roll_service(NEW, m.paragraph, 1);
  END LOOP;
  RETURN NULL;
END
$$;

/* Where the figures, folded and waiting, differ from what the records say; no row when all is well. */
CREATE FUNCTION app.check_rollups() RETURNS TABLE (
  agency_id uuid, measure text, paragraph text, category text, type text, state text, month date, restricted boolean,
  counted bigint, shown bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH counted AS (
    SELECT s.agency_id, 'services' AS measure, m.paragraph, s.category, s.type, s.status::text AS state,
        date_trunc('month', s.delivered_on)::date AS month, s.restricted, count(*) AS n
      FROM public.service s JOIN public.service_mandate m ON m.service_id = s.id GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    UNION ALL
    SELECT s.agency_id, 'persons', m.paragraph, '', '', '', date_trunc('year', s.delivered_on)::date, s.restricted,
        count(DISTINCT s.person_id)
      FROM public.service s JOIN public.service_mandate m ON m.service_id = s.id
      WHERE s.status IN ('in_progress', 'delivered', 'interrupted') GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    UNION ALL
    SELECT d.agency_id, 'needs', '', d.category, '', d.state::text, date_trunc('month', d.found_on)::date, d.restricted, count(*)
      FROM public.need d GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    UNION ALL
    SELECT c.agency_id, 'cases', '', '', '', c.status::text, date_trunc('month', c.opened_on)::date, c.restricted, count(*)
      FROM public.case_file c GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
  ), shown AS (
    SELECT l.agency_id, l.measure, l.paragraph, l.category, l.type, l.state, l.month, l.restricted, sum(l.n)::bigint AS n
      FROM public.rollup_live l GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
  )
  SELECT agency_id, measure, paragraph, category, type, state, month, restricted, coalesce(c.n, 0), coalesce(s.n, 0)
    FROM counted c FULL JOIN shown s USING (agency_id, measure, paragraph, category, type, state, month, restricted)
    WHERE coalesce(c.n, 0) <> coalesce(s.n, 0)
$$;

/* Takes away what has served its time: keys of repeated requests after a day, sealed searches and kept forms at their end. */
CREATE FUNCTION app.sweep_expired() RETURNS int
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  swept int := 0;
  here int;
BEGIN
  DELETE FROM public.idempotency_key WHERE created_at < clock_timestamp() - interval '24 hours';
  GET DIAGNOSTICS here = ROW_COUNT;
  swept := swept + here;
  DELETE FROM public.search_handle WHERE expires_at < clock_timestamp();
  GET DIAGNOSTICS here = ROW_COUNT;
  swept := swept + here;
  DELETE FROM public.kept_form WHERE expires_at < clock_timestamp();
  GET DIAGNOSTICS here = ROW_COUNT;
  RETURN swept + here;
END
$$;

DO $$
BEGIN
  REVOKE ALL ON FUNCTION app.check_rollups(), app.sweep_expired() FROM PUBLIC;
  -- The operator's command line runs as the owner.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.check_rollups(), app.sweep_expired() TO %I, %I', app.db_role('worker'), session_user);
  RESET ROLE;
END
$$;
