-- The working calendar of a network: its working days and hours, its holidays, in its own time zone.
-- lib/agencies/calendar-rules.ts says the same in TypeScript; a test holds the two to each other.

ALTER TABLE public.network
  ADD COLUMN working_days int[] NOT NULL DEFAULT '{1,2,3,4,5}',
  ADD COLUMN opens_minute int NOT NULL DEFAULT 540,
  ADD COLUMN closes_minute int NOT NULL DEFAULT 1020,
  ADD COLUMN version int NOT NULL DEFAULT 1;
ALTER TABLE public.network
  ADD CONSTRAINT network_working_days CHECK (cardinality(working_days) > 0 AND working_days <@ '{1,2,3,4,5,6,7}'),
  ADD CONSTRAINT network_working_hours CHECK (opens_minute >= 0 AND opens_minute < closes_minute AND closes_minute <= 1440),
  ADD CONSTRAINT network_version CHECK (version > 0);

CREATE TABLE public.network_holiday (
  network_id uuid NOT NULL,
  on_day date NOT NULL,
  name text NOT NULL,
  CONSTRAINT network_holiday_pkey PRIMARY KEY (network_id, on_day),
  CONSTRAINT network_holiday_network_id_fkey FOREIGN KEY (network_id) REFERENCES public.network (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT network_holiday_name CHECK (length(name) BETWEEN 1 AND 80)
);

DO $$
DECLARE
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member', 'desk', 'auditor']) r);
BEGIN
  ALTER TABLE public.network_holiday ENABLE ROW LEVEL SECURITY;
  ALTER TABLE public.network_holiday FORCE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY definer_all ON public.network_holiday TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.network_holiday FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.network_holiday TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.network_holiday TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.network_holiday TO %I', app.db_role('backup'));
  -- As the network itself: whoever is signed in may know when it works.
  EXECUTE format('GRANT SELECT ON public.network_holiday TO %s', readers);
  EXECUTE format('CREATE POLICY signed_in_read ON public.network_holiday FOR SELECT TO %s USING ((SELECT app.member_id()) IS NOT NULL)', readers);
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Instants and clocks of a zone

/* What a clock in the zone shows. */
CREATE FUNCTION app.wall_clock(zone text, at timestamptz) RETURNS timestamp LANGUAGE sql STABLE AS $$ SELECT at AT TIME ZONE zone $$;

/*
 * The instant at which a clock in the zone shows this. A time that the spring change leaves out is read as if the change
 * hadn't come yet; of one that comes twice in autumn, the first: PostgreSQL's own conversion would take the second.
 */
CREATE FUNCTION app.instant_in(zone text, shown timestamp) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
  utc timestamptz := shown AT TIME ZONE 'UTC';
  before timestamptz := utc - (((utc - interval '1 day') AT TIME ZONE zone) - (shown - interval '1 day'));
  after timestamptz := utc - (((utc + interval '1 day') AT TIME ZONE zone) - (shown + interval '1 day'));
BEGIN
  IF least(before, after) AT TIME ZONE zone = shown THEN RETURN least(before, after); END IF;
  IF greatest(before, after) AT TIME ZONE zone = shown THEN RETURN greatest(before, after); END IF;
  RETURN before;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- The calendar

CREATE FUNCTION app.is_working_day(network uuid, day date) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.network n
    WHERE n.id = network AND extract(isodow FROM day)::int = ANY (n.working_days)
      AND NOT EXISTS (SELECT 1 FROM public.network_holiday h WHERE h.network_id = n.id AND h.on_day = day))
$$;

CREATE FUNCTION app.is_working_time(network uuid, at timestamptz) RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  n record;
  shown timestamp;
BEGIN
  SELECT x.time_zone, x.opens_minute, x.closes_minute INTO n FROM public.network x WHERE x.id = network;
  IF NOT FOUND THEN RETURN false; END IF;
  shown := app.wall_clock(n.time_zone, at);
  RETURN app.is_working_day(network, shown::date)
    AND shown >= shown::date + make_interval(mins => n.opens_minute)
    AND shown < shown::date + make_interval(mins => n.closes_minute);
END
$$;

/* The working day that lies this many working days after a day; 0 means the day itself or the next one that is. */
CREATE FUNCTION app.working_day_after(network uuid, day date, days int) RETURNS date
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  weekdays int[] := (SELECT n.working_days FROM public.network n WHERE n.id = network);
  holidays date[] := ARRAY(SELECT h.on_day FROM public.network_holiday h WHERE h.network_id = network AND h.on_day >= day);
  reached date := CASE WHEN days > 0 THEN day + 1 ELSE day END;
  left_over int := days;
BEGIN
  -- Holidays without an end would be a fault of the calendar; better a sentence than a statement that never ends.
  WHILE reached <= day + 7 * days + 3660 LOOP
    IF extract(isodow FROM reached)::int = ANY (weekdays) AND NOT reached = ANY (holidays) THEN
      left_over := left_over - 1;
      IF left_over <= 0 THEN RETURN reached; END IF;
    END IF;
    reached := reached + 1;
  END LOOP;
  RAISE EXCEPTION 'The calendar of the network has no working day in ten years';
END
$$;

/* The moment itself in working time, else the next opening. */
CREATE FUNCTION app.next_working_moment(network uuid, at timestamptz) RETURNS timestamptz
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  n record;
  shown timestamp;
  opening timestamptz;
BEGIN
  IF app.is_working_time(network, at) THEN RETURN at; END IF;
  SELECT x.time_zone, x.opens_minute INTO STRICT n FROM public.network x WHERE x.id = network;
  shown := app.wall_clock(n.time_zone, at);
  IF shown < shown::date + make_interval(mins => n.opens_minute) AND app.is_working_day(network, shown::date) THEN
    opening := app.instant_in(n.time_zone, shown::date + make_interval(mins => n.opens_minute));
    -- In the hour that autumn repeats, the first opening may have passed.
    RETURN CASE WHEN opening < at THEN at + (shown::date + make_interval(mins => n.opens_minute) - shown) ELSE opening END;
  END IF;
  RETURN app.instant_in(n.time_zone, app.working_day_after(network, shown::date + 1, 0) + make_interval(mins => n.opens_minute));
END
$$;

/*
 * The same time of day, so many working days later. What comes outside working time counts from the next opening, so that
 * two working days from Friday night end on Wednesday at opening, not on Sunday.
 */
CREATE FUNCTION app.add_working_days(network uuid, "from" timestamptz, days int) RETURNS timestamptz
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  zone text;
  began timestamptz := app.next_working_moment(network, "from");
  shown timestamp;
BEGIN
  IF days <= 0 THEN RETURN began; END IF;
  SELECT x.time_zone INTO STRICT zone FROM public.network x WHERE x.id = network;
  shown := app.wall_clock(zone, began);
  RETURN app.instant_in(zone, app.working_day_after(network, shown::date, days) + shown::time);
END
$$;

DO $$
DECLARE
  f record;
  callers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['member', 'desk', 'auditor', 'worker', 'definer']) r);
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.prosecdef FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('wall_clock', 'instant_in', 'is_working_day', 'is_working_time', 'working_day_after',
             'next_working_moment', 'add_working_days') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, callers);
    IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO %I', f.signature, app.db_role('definer')); END IF;
  END LOOP;
END
$$;
