-- The service directory, after Open Referral HSDS: what each agency offers, for whom, where, when, with how much room, and
-- who in it answers. Everybody of a network who works with cases, coordinates or administers may read it. No address stands
-- in it, and nothing about a person.

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES
  ('directory.searched', 'list', false), ('listed-service.viewed', 'read', false), ('listed-service.added', 'create', true),
  ('listed-service.changed', 'update', true), ('listed-service.ended', 'update', true), ('listed-service.receivers-changed', 'update', true),
  ('room.changed', 'update', false);

CREATE TABLE public.network_area (
  network_id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  CONSTRAINT network_area_pkey PRIMARY KEY (network_id, key),
  CONSTRAINT network_area_key CHECK (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(key) <= 60),
  CONSTRAINT network_area_name CHECK (length(name) BETWEEN 1 AND 80),
  CONSTRAINT network_area_network_id_fkey FOREIGN KEY (network_id) REFERENCES public.network (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

/* Opening times: days of the week (1 is Monday) with the minutes between which it is open; none means that nobody said. */
CREATE FUNCTION app.opening_fits(opening jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN jsonb_typeof(opening) = 'array' AND jsonb_array_length(opening) <= 21 AND NOT EXISTS (
    SELECT 1 FROM jsonb_array_elements(opening) o
    WHERE o - ARRAY['day', 'opens', 'closes'] <> '{}'::jsonb OR NOT coalesce((o ->> 'day')::int BETWEEN 1 AND 7
      AND (o ->> 'opens')::int >= 0 AND (o ->> 'opens')::int < (o ->> 'closes')::int AND (o ->> 'closes')::int <= 1440, false));
EXCEPTION WHEN data_exception THEN RETURN false;
END
$$;

CREATE TABLE public.listed_service (
  id uuid NOT NULL,
  code text NOT NULL,
  network_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  category text NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  description text,
  status text NOT NULL DEFAULT 'active',
  min_age int,
  max_age int,
  -- Empty: everybody.
  genders text[] NOT NULL DEFAULT '{}',
  -- In which help is given; empty: nobody said.
  languages text[] NOT NULL DEFAULT '{}',
  interpreters boolean NOT NULL DEFAULT false,
  -- Empty: all of the network.
  areas text[] NOT NULL DEFAULT '{}',
  step_free boolean NOT NULL DEFAULT false,
  with_children boolean NOT NULL DEFAULT false,
  opening jsonb NOT NULL DEFAULT '[]',
  version int NOT NULL DEFAULT 1,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT listed_service_pkey PRIMARY KEY (id),
  CONSTRAINT listed_service_name CHECK (length(name) BETWEEN 1 AND 80),
  CONSTRAINT listed_service_description CHECK (length(description) BETWEEN 1 AND 600),
  CONSTRAINT listed_service_status CHECK (status IN ('active', 'paused', 'ended')),
  CONSTRAINT listed_service_ages CHECK (min_age BETWEEN 0 AND 120 AND max_age BETWEEN 0 AND 120 AND min_age <= max_age),
  CONSTRAINT listed_service_genders CHECK (genders <@ ARRAY['Feminine', 'Masculine', 'TransgenderFeminine', 'TransgenderMasculine',
    'NonConforming', 'NonSpecifiedUnknown']),
  CONSTRAINT listed_service_opening CHECK (app.opening_fits(opening)),
  CONSTRAINT listed_service_network_id_fkey FOREIGN KEY (network_id) REFERENCES public.network (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT listed_service_agency_id_fkey FOREIGN KEY (agency_id) REFERENCES public.agency (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT listed_service_category_type_fkey FOREIGN KEY (category, type) REFERENCES public.service_type (category, type) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX listed_service_code_key ON public.listed_service (code);
CREATE UNIQUE INDEX listed_service_agency_id_id_key ON public.listed_service (agency_id, id);
CREATE INDEX listed_service_agency_id_status_idx ON public.listed_service (agency_id, status);
CREATE INDEX listed_service_network_id_category_type_idx ON public.listed_service (network_id, category, type);
CREATE INDEX listed_service_category_type_idx ON public.listed_service (category, type);

-- HSDS service_capacity: a table of its own, since whoever answers for a service changes this and nothing else of it.
CREATE TABLE public.listed_service_room (
  listed_service_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  unit text NOT NULL,
  -- Null: nobody said.
  available int,
  maximum int,
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_by_id uuid,
  version int NOT NULL DEFAULT 1,
  CONSTRAINT listed_service_room_pkey PRIMARY KEY (listed_service_id),
  CONSTRAINT listed_service_room_unit CHECK (unit IN ('places', 'beds', 'appointments')),
  CONSTRAINT listed_service_room_available CHECK (available BETWEEN 0 AND 9999 AND maximum BETWEEN 0 AND 9999 AND available <= maximum),
  CONSTRAINT listed_service_room_agency_id_listed_service_id_fkey FOREIGN KEY (agency_id, listed_service_id)
    REFERENCES public.listed_service (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT listed_service_room_agency_id_updated_by_id_fkey FOREIGN KEY (agency_id, updated_by_id)
    REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX listed_service_room_agency_id_listed_service_id_key ON public.listed_service_room (agency_id, listed_service_id);
CREATE INDEX listed_service_room_agency_id_updated_by_id_idx ON public.listed_service_room (agency_id, updated_by_id);

-- Who answers for a listed service, and who stands in for them: they alone answer a referral to it.
CREATE TABLE public.listed_service_receiver (
  listed_service_id uuid NOT NULL,
  agency_id uuid NOT NULL,
  member_id uuid NOT NULL,
  stands_in boolean NOT NULL DEFAULT false,
  since timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT listed_service_receiver_pkey PRIMARY KEY (listed_service_id, member_id),
  CONSTRAINT listed_service_receiver_agency_id_listed_service_id_fkey FOREIGN KEY (agency_id, listed_service_id)
    REFERENCES public.listed_service (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT listed_service_receiver_agency_id_member_id_fkey FOREIGN KEY (agency_id, member_id)
    REFERENCES public.member (agency_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX listed_service_receiver_agency_id_member_id_idx ON public.listed_service_receiver (agency_id, member_id);
CREATE INDEX listed_service_receiver_agency_id_listed_service_id_idx ON public.listed_service_receiver (agency_id, listed_service_id);

CREATE FUNCTION app.network_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT (app.context()).network_id $$;
/* The agency whose entry in the directory the asking member keeps, or null. */
CREATE FUNCTION app.directory_kept() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT c.agency_id FROM app.context() c WHERE c.roles && ARRAY['supervisor', 'agency_admin']
$$;
/* The network whose directory the asking member may read, or null. */
CREATE FUNCTION app.directory_read() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT c.network_id FROM app.context() c WHERE c.roles && ARRAY['caseworker', 'supervisor', 'coordinator', 'agency_admin']
$$;

/* The areas of a listed service are areas of its network: an array can't carry a key. */
CREATE FUNCTION app.check_listed_areas() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM unnest(NEW.areas) area
      WHERE NOT EXISTS (SELECT 1 FROM public.network_area a WHERE a.network_id = NEW.network_id AND a.key = area)) THEN
    RAISE EXCEPTION 'An area that the network does not have' USING ERRCODE = '23514', CONSTRAINT = 'listed_service_areas';
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION app.check_listed_areas() FROM PUBLIC;
CREATE TRIGGER check_listed_areas BEFORE INSERT OR UPDATE OF areas ON public.listed_service
  FOR EACH ROW EXECUTE FUNCTION app.check_listed_areas();
DO $$ BEGIN EXECUTE format('ALTER FUNCTION app.check_listed_areas() OWNER TO %I', app.db_role('definer')); END $$;

/* Room carries who said it and when, in domain time, whoever writes. */
CREATE FUNCTION app.stamp_room() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF app.member_id() IS NOT NULL THEN
    NEW.updated_at := app.now();
    NEW.updated_by_id := app.member_id();
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION app.stamp_room() FROM PUBLIC;
CREATE TRIGGER stamp_room BEFORE INSERT OR UPDATE ON public.listed_service_room FOR EACH ROW EXECUTE FUNCTION app.stamp_room();
DO $$ BEGIN EXECUTE format('ALTER FUNCTION app.stamp_room() OWNER TO %I', app.db_role('definer')); END $$;

DO $$
DECLARE
  t text;
  f text;
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member', 'desk', 'auditor', 'definer']) r);
BEGIN
  FOREACH t IN ARRAY ARRAY['network_area', 'listed_service', 'listed_service_room', 'listed_service_receiver'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
  END LOOP;
  FOREACH f IN ARRAY ARRAY['app.network_id()', 'app.directory_kept()', 'app.directory_read()', 'app.opening_fits(jsonb)'] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', f, readers);
  END LOOP;
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Who answers

/*
 * Who may answer for a listed service at a moment: its receivers and stand-ins who still work there with cases, and while
 * one of them is away whoever stands in for them. A receiver who is away still may.
 */
CREATE FUNCTION app.answers_for(service uuid, at timestamptz) RETURNS TABLE (member_id uuid, stands_in boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.id, bool_and(x.stands_in)
  FROM (
    SELECT r.agency_id, r.member_id, r.stands_in FROM public.listed_service_receiver r WHERE r.listed_service_id = service
    UNION ALL
    SELECT r.agency_id, s.stand_in_id, true FROM public.listed_service_receiver r
    JOIN public.absence s ON s.agency_id = r.agency_id AND s.member_id = r.member_id AND s.starts_at <= at AND s.ends_at > at
    WHERE r.listed_service_id = service
  ) x JOIN public.member m ON m.id = x.member_id AND m.agency_id = x.agency_id
  WHERE m.status = 'active' AND m.roles && ARRAY['caseworker', 'supervisor']::public.role[]
  GROUP BY m.id
$$;

CREATE FUNCTION app.may_answer_for(service uuid, member uuid, at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT 1 FROM app.answers_for(service, at) a WHERE a.member_id = member)
$$;

/* Whether the asking member may answer for a listed service now. */
CREATE FUNCTION app.i_answer_for(service uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT coalesce((SELECT c.roles && ARRAY['caseworker', 'supervisor'] AND app.may_answer_for(service, c.member_id, app.now()) FROM app.context() c), false)
$$;

/* The listed services that the asking member may answer for now. */
CREATE FUNCTION app.services_i_answer_for() RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.listed_service_id FROM app.context() c
  JOIN public.listed_service_receiver r ON r.agency_id = c.agency_id AND r.member_id = c.member_id
  WHERE c.roles && ARRAY['caseworker', 'supervisor']
  UNION
  SELECT r.listed_service_id FROM app.context() c
  JOIN public.absence s ON s.agency_id = c.agency_id AND s.stand_in_id = c.member_id AND s.starts_at <= app.now() AND s.ends_at > app.now()
  JOIN public.listed_service_receiver r ON r.agency_id = s.agency_id AND r.member_id = s.member_id
  WHERE c.roles && ARRAY['caseworker', 'supervisor']
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Searching

/* Whether opening times say that it is open at a moment; null when nobody said. */
CREATE FUNCTION app.is_open(opening jsonb, zone text, at timestamptz) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT bool_or((o ->> 'day')::int = extract(isodow FROM at AT TIME ZONE zone)
    AND extract(hour FROM at AT TIME ZONE zone) * 60 + extract(minute FROM at AT TIME ZONE zone) >= (o ->> 'opens')::int
    AND extract(hour FROM at AT TIME ZONE zone) * 60 + extract(minute FROM at AT TIME ZONE zone) < (o ->> 'closes')::int)
  FROM jsonb_array_elements(opening) o
$$;

/*
 * Listed services of a network, ranked for what is wanted: the category and type, and of the person age, gender, languages,
 * area, step-free access and children; nothing else about anybody is asked (invariant 7). Each reason is a word of its own,
 * and the rank is made of them alone, so that what a screen says is why it stands where it stands:
 *
 *   1024 it is not for this person, 512 no agreement in force, 256 nobody answers, 128 paused, 64 no room,
 *   32 closed now (in an emergency), 16 nobody said lately how much room, 8 to ask whether it is for them,
 *   4 no shared language known, 2 shared language through an interpreter.
 */
CREATE FUNCTION app.ranked_services(sender uuid, network uuid, wanted jsonb, at timestamptz, after_rank int, after_name text, after_id uuid, how_many int)
  RETURNS TABLE (
    id uuid, code text, agency_id uuid, category text, type text, name text, description text, status text, min_age int, max_age int,
    genders text[], languages text[], interpreters boolean, areas text[], step_free boolean, with_children boolean, opening jsonb, version int,
    agency_key text, agency_name text, zone text, unit text, available int, maximum int, room_at timestamptz, room_version int,
    receivers int, stand_ins int, open_now boolean, fit_age text, fit_gender text, fit_area text, fit_access text, fit_language text,
    fit_room text, fit_agreement text, rank int
  ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH w AS MATERIALIZED (
    SELECT (wanted ->> 'ageFrom')::int AS age_from, (wanted ->> 'ageTo')::int AS age_to, wanted ->> 'gender' AS gender, wanted ->> 'area' AS area,
      ARRAY(SELECT jsonb_array_elements_text(coalesce(wanted -> 'languages', '[]'))) AS languages,
      coalesce((wanted ->> 'stepFree')::boolean, false) AS step_free, coalesce((wanted ->> 'withChildren')::boolean, false) AS with_children,
      coalesce((wanted ->> 'hasRoom')::boolean, false) AS has_room, coalesce((wanted ->> 'all')::boolean, false) AS every,
      coalesce((wanted ->> 'ended')::boolean, false) AS ended, wanted ->> 'urgency' = 'emergency' AS at_once
  ),
  signed AS MATERIALIZED (
    SELECT a.id, a.categories FROM public.agreement_party p JOIN public.agreement a ON a.id = p.agreement_id
    WHERE p.agency_id = sender AND (p.left_at IS NULL OR p.left_at > at) AND 'sharing' = ANY (a.purposes) AND app.agreement_state(a, at) = 'in_force'
  ),
  covered AS MATERIALIZED (
    SELECT DISTINCT p.agency_id, c AS category FROM signed s
    JOIN public.agreement_party p ON p.agreement_id = s.id AND (p.left_at IS NULL OR p.left_at > at), unnest(s.categories) c
  ),
  told AS (
    SELECT s.*, a.key AS agency_key, a.name AS agency_name, a.time_zone AS zone, r.unit, r.available, r.maximum, r.updated_at AS room_at,
      r.version AS room_version, n.receivers, n.stand_ins, app.is_open(s.opening, a.time_zone, at) AS open_now,
      CASE WHEN s.min_age IS NULL AND s.max_age IS NULL THEN 'any' WHEN w.age_from IS NULL THEN 'ask'
        WHEN w.age_to < s.min_age OR w.age_from > s.max_age THEN 'no'
        WHEN w.age_from < s.min_age OR w.age_to > s.max_age THEN 'ask' ELSE 'fits' END AS fit_age,
      CASE WHEN s.genders = '{}' THEN 'any' WHEN w.gender IS NULL THEN 'ask' WHEN w.gender = ANY (s.genders) THEN 'fits' ELSE 'no' END AS fit_gender,
      CASE WHEN s.areas = '{}' THEN 'any' WHEN w.area IS NULL THEN 'ask' WHEN w.area = ANY (s.areas) THEN 'fits' ELSE 'no' END AS fit_area,
      CASE WHEN NOT w.step_free AND NOT w.with_children THEN 'any'
        WHEN (w.step_free AND NOT s.step_free) OR (w.with_children AND NOT s.with_children) THEN 'no' ELSE 'fits' END AS fit_access,
      CASE WHEN w.languages = '{}' THEN 'any' WHEN w.languages && s.languages THEN 'fits' WHEN s.interpreters THEN 'interpreter'
        WHEN s.languages = '{}' THEN 'ask' ELSE 'no' END AS fit_language,
      CASE WHEN r.available IS NULL THEN 'unknown' WHEN r.updated_at < at - interval '3 days' THEN 'old' WHEN r.available = 0 THEN 'full'
        ELSE 'free' END AS fit_room,
      CASE WHEN sender IS NULL THEN 'any' WHEN s.agency_id = sender THEN 'own'
        WHEN EXISTS (SELECT 1 FROM covered c WHERE c.agency_id = s.agency_id AND c.category = s.category) THEN 'fits' ELSE 'no' END AS fit_agreement
    FROM w, public.listed_service s
    JOIN public.agency a ON a.id = s.agency_id
    LEFT JOIN public.listed_service_room r ON r.listed_service_id = s.id
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE NOT x.stands_in)::int AS receivers, count(*) FILTER (WHERE x.stands_in)::int AS stand_ins
      FROM public.listed_service_receiver x JOIN public.member m ON m.id = x.member_id
      WHERE x.listed_service_id = s.id AND m.status = 'active' AND m.roles && ARRAY['caseworker', 'supervisor']::public.role[]
    ) n
    WHERE s.network_id = network AND (s.status <> 'ended' OR w.ended)
      AND (wanted ->> 'code' IS NULL OR s.code = wanted ->> 'code')
      AND (wanted ->> 'agency' IS NULL OR a.key = wanted ->> 'agency')
      AND (wanted ->> 'category' IS NULL OR s.category = wanted ->> 'category')
      AND (wanted ->> 'type' IS NULL OR s.type = wanted ->> 'type')
  ),
  ranked AS (
    SELECT t.*, CASE WHEN 'no' IN (t.fit_age, t.fit_gender, t.fit_area, t.fit_access) THEN 1024 ELSE 0 END
      + CASE WHEN t.fit_agreement = 'no' THEN 512 ELSE 0 END
      + CASE WHEN t.receivers + t.stand_ins = 0 THEN 256 ELSE 0 END
      + CASE WHEN t.status = 'active' THEN 0 ELSE 128 END
      + CASE t.fit_room WHEN 'full' THEN 64 WHEN 'free' THEN 0 ELSE 16 END
      + CASE WHEN w.at_once AND NOT t.open_now THEN 32 ELSE 0 END
      + CASE WHEN 'ask' IN (t.fit_age, t.fit_gender, t.fit_area) THEN 8 ELSE 0 END
      + CASE t.fit_language WHEN 'ask' THEN 4 WHEN 'no' THEN 4 WHEN 'interpreter' THEN 2 ELSE 0 END AS rank
    FROM w, told t WHERE NOT w.has_room OR t.fit_room = 'free'
  )
  SELECT r.id, r.code, r.agency_id, r.category, r.type, r.name, r.description, r.status, r.min_age, r.max_age, r.genders, r.languages,
    r.interpreters, r.areas, r.step_free, r.with_children, r.opening, r.version, r.agency_key, r.agency_name, r.zone, r.unit, r.available,
    r.maximum, r.room_at, r.room_version, r.receivers, r.stand_ins, r.open_now, r.fit_age, r.fit_gender, r.fit_area, r.fit_access,
    r.fit_language, r.fit_room, r.fit_agreement, r.rank
  FROM w, ranked r
  WHERE (w.every OR r.rank < 1024) AND (after_id IS NULL OR (r.rank, r.name, r.id) > (after_rank, after_name, after_id))
  ORDER BY r.rank, r.name, r.id LIMIT least(how_many, 201)
$$;

/* The same of the asking member's network, seen from their agency: for coordinators and administrators without agreements, since they refer nobody. */
CREATE FUNCTION app.search_directory(wanted jsonb, after_rank int, after_name text, after_id uuid, how_many int)
  RETURNS TABLE (
    id uuid, code text, agency_id uuid, category text, type text, name text, description text, status text, min_age int, max_age int,
    genders text[], languages text[], interpreters boolean, areas text[], step_free boolean, with_children boolean, opening jsonb, version int,
    agency_key text, agency_name text, zone text, unit text, available int, maximum int, room_at timestamptz, room_version int,
    receivers int, stand_ins int, open_now boolean, fit_age text, fit_gender text, fit_area text, fit_access text, fit_language text,
    fit_room text, fit_agreement text, rank int, answers boolean
  ) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT s.*, s.id IN (SELECT app.services_i_answer_for())
  FROM app.context() c
  CROSS JOIN LATERAL app.ranked_services(
    CASE WHEN c.roles && ARRAY['caseworker', 'supervisor'] THEN c.agency_id END, c.network_id, wanted, app.now(), after_rank, after_name, after_id, how_many) s
  WHERE c.roles && ARRAY['caseworker', 'supervisor', 'coordinator', 'agency_admin']
  ORDER BY s.rank, s.name, s.id
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Areas belong to the network, and to the versions of what it sets

CREATE OR REPLACE FUNCTION app.network_snapshot(wanted uuid) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT jsonb_build_object('name', n.name, 'country', n.country, 'timeZone', n.time_zone, 'workingDays', to_jsonb(n.working_days),
      'opensMinute', n.opens_minute, 'closesMinute', n.closes_minute,
      'oversight', (SELECT a.key FROM public.agency a WHERE a.id = n.oversight_agency_id),
      'coordinator', (SELECT m.code FROM public.network_coordinator c JOIN public.member m ON m.id = c.member_id WHERE c.network_id = n.id),
      'holidays', coalesce((SELECT jsonb_object_agg(h.on_day, h.name) FROM public.network_holiday h WHERE h.network_id = n.id), '{}'),
      'areas', coalesce((SELECT jsonb_object_agg(x.key, x.name) FROM public.network_area x WHERE x.network_id = n.id), '{}'))
    || n.settings
  FROM public.network n WHERE n.id = wanted
$$;

/* Adds an area or gives one another name; without a name takes it away, unless something lies in it. */
CREATE FUNCTION app.set_area(wanted uuid, area_key text, area_name text, expected_version int, origin jsonb) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  before jsonb;
  seen int;
BEGIN
  IF NOT app.administers_networks() THEN RETURN 'not_found'; END IF;
  SELECT x.version INTO seen FROM public.network x WHERE x.id = wanted FOR UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF seen <> expected_version THEN RETURN 'stale'; END IF;
  before := app.network_snapshot(wanted);
  IF area_name IS NULL THEN
    IF EXISTS (SELECT 1 FROM public.listed_service s WHERE s.network_id = wanted AND area_key = ANY (s.areas)) THEN RETURN 'in_use'; END IF;
    BEGIN
      DELETE FROM public.network_area a WHERE a.network_id = wanted AND a.key = area_key;
    EXCEPTION WHEN foreign_key_violation THEN RETURN 'in_use';
    END;
    IF NOT FOUND THEN RETURN 'not_found'; END IF;
  ELSE
    INSERT INTO public.network_area (network_id, key, name) VALUES (wanted, area_key, area_name)
      ON CONFLICT (network_id, key) DO UPDATE SET name = excluded.name;
  END IF;
  PERFORM app.note_network_change(wanted, before, origin, app.context());
  RETURN 'ok';
END
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('answers_for', 'may_answer_for', 'i_answer_for', 'services_i_answer_for', 'is_open',
             'ranked_services', 'search_directory', 'set_area') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('i_answer_for', 'services_i_answer_for', 'set_area') THEN ARRAY['member', 'definer']
      WHEN f.proname = 'search_directory' THEN ARRAY['member', 'desk']
      ELSE ARRAY['definer']
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
END
$$;
RESET ROLE;

-- ---------------------------------------------------------------------------------------------------------------
-- Who reads and writes

DO $$
DECLARE
  t text;
  m text := quote_ident(app.db_role('member'));
  everyone text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member', 'desk', 'auditor']) r);
  readers text := (SELECT string_agg(quote_ident(app.db_role(r)), ', ') FROM unnest(ARRAY['app', 'member', 'desk']) r);
BEGIN
  EXECUTE format('GRANT SELECT ON public.network_area TO %s', everyone);
  EXECUTE format('CREATE POLICY signed_in_read ON public.network_area FOR SELECT TO %s USING ((SELECT app.member_id()) IS NOT NULL)', everyone);

  EXECUTE format('GRANT SELECT ON public.listed_service TO %s', readers);
  EXECUTE format('CREATE POLICY network_read ON public.listed_service FOR SELECT TO %s USING (network_id = (SELECT app.directory_read()))', readers);
  EXECUTE format('GRANT INSERT ON public.listed_service TO %s', m);
  EXECUTE format('CREATE POLICY keeper_add ON public.listed_service FOR INSERT TO %s
    WITH CHECK (agency_id = (SELECT app.directory_kept()) AND network_id = (SELECT app.network_id()))', m);
  -- Category, type and code stay: what was referred to stays what it was. What has ended stays ended.
  EXECUTE format('GRANT UPDATE (name, description, status, min_age, max_age, genders, languages, interpreters, areas, step_free, with_children,
    opening, version) ON public.listed_service TO %s', m);
  EXECUTE format('CREATE POLICY keeper_change ON public.listed_service FOR UPDATE TO %s
    USING (agency_id = (SELECT app.directory_kept()) AND status <> ''ended'') WITH CHECK (agency_id = (SELECT app.directory_kept()))', m);

  -- Others read room and the number of receivers through app.search_directory.
  FOREACH t IN ARRAY ARRAY['listed_service_room', 'listed_service_receiver'] LOOP
    EXECUTE format('GRANT SELECT ON public.%I TO %s', t, readers);
    EXECUTE format('CREATE POLICY own_agency_read ON public.%I FOR SELECT TO %s
      USING (agency_id = (SELECT app.agency_id()) AND (SELECT app.directory_read()) IS NOT NULL)', t, readers);
    EXECUTE format('GRANT INSERT ON public.%I TO %s', t, m);
    EXECUTE format('CREATE POLICY keeper_add ON public.%I FOR INSERT TO %s WITH CHECK (agency_id = (SELECT app.directory_kept()))', t, m);
  END LOOP;
  EXECUTE format('GRANT DELETE ON public.listed_service_receiver TO %s', m);
  EXECUTE format('CREATE POLICY keeper_remove ON public.listed_service_receiver FOR DELETE TO %s USING (agency_id = (SELECT app.directory_kept()))', m);
  EXECUTE format('GRANT UPDATE (unit, available, maximum, version) ON public.listed_service_room TO %s', m);
  EXECUTE format('CREATE POLICY keeper_or_receiver_change ON public.listed_service_room FOR UPDATE TO %s
    USING (agency_id = (SELECT app.directory_kept()) OR (agency_id = (SELECT app.agency_id()) AND app.i_answer_for(listed_service_id)))
    WITH CHECK (agency_id = (SELECT app.agency_id()))', m);
END
$$;
