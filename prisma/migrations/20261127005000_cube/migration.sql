-- Figures that leave an agency: a pseudonymous extract of each year with digests, what of it may be shown, and what was asked of it.

CREATE TABLE "cube" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL DEFAULT app.new_code('CUB'::text),
    "network_id" UUID NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "needs" INTEGER NOT NULL,
    "refused" INTEGER NOT NULL,
    "extract_hash" TEXT,
    "tables_hash" TEXT,
    "code_version" TEXT,

    CONSTRAINT "cube_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "cube_unit" (
    "cube_id" UUID NOT NULL,
    "unit" BYTEA NOT NULL,
    "person" BYTEA NOT NULL,
    "category" TEXT NOT NULL,
    "agency_key" TEXT NOT NULL,
    "gender" TEXT NOT NULL,
    "age" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "interpreter" TEXT NOT NULL,
    "disability" TEXT NOT NULL,
    "migration" TEXT NOT NULL,
    "exploitation" TEXT NOT NULL,
    "cooperation" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "identification" TEXT NOT NULL,
    "met" TEXT NOT NULL,
    "in_time" TEXT NOT NULL,
    "complete" TEXT NOT NULL,
    "wait" TEXT NOT NULL,
    "course" TEXT NOT NULL,
    "referral" TEXT NOT NULL,

    CONSTRAINT "cube_unit_pkey" PRIMARY KEY ("unit","cube_id")
);

CREATE TABLE "cube_table" (
    "cube_id" UUID NOT NULL,
    "ground" TEXT NOT NULL,
    "cells" JSONB NOT NULL,

    CONSTRAINT "cube_table_pkey" PRIMARY KEY ("cube_id","ground")
);

CREATE TABLE "disparity_run" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL DEFAULT app.new_code('DSP'::text),
    "network_id" UUID NOT NULL,
    "cube_id" UUID NOT NULL,
    "agency_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "ran_at" TIMESTAMPTZ(3) NOT NULL,
    "question" JSONB NOT NULL,
    "figures" JSONB NOT NULL,
    "figures_hash" TEXT NOT NULL,
    "code_version" TEXT NOT NULL,

    CONSTRAINT "disparity_run_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "cube_code_key" ON "cube"("code");

CREATE UNIQUE INDEX "cube_network_id_starts_on_key" ON "cube"("network_id", "starts_on");

CREATE INDEX "cube_unit_cube_id_idx" ON "cube_unit"("cube_id");

CREATE UNIQUE INDEX "disparity_run_code_key" ON "disparity_run"("code");

CREATE INDEX "disparity_run_agency_id_member_id_idx" ON "disparity_run"("agency_id", "member_id");

CREATE INDEX "disparity_run_cube_id_idx" ON "disparity_run"("cube_id");

CREATE INDEX "disparity_run_network_id_ran_at_id_idx" ON "disparity_run"("network_id", "ran_at" DESC, "id" DESC);

ALTER TABLE "cube" ADD CONSTRAINT "cube_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "cube_unit" ADD CONSTRAINT "cube_unit_cube_id_fkey" FOREIGN KEY ("cube_id") REFERENCES "cube"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "cube_table" ADD CONSTRAINT "cube_table_cube_id_fkey" FOREIGN KEY ("cube_id") REFERENCES "cube"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "disparity_run" ADD CONSTRAINT "disparity_run_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "disparity_run" ADD CONSTRAINT "disparity_run_cube_id_fkey" FOREIGN KEY ("cube_id") REFERENCES "cube"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE "disparity_run" ADD CONSTRAINT "disparity_run_agency_id_member_id_fkey" FOREIGN KEY ("agency_id", "member_id") REFERENCES "member"("agency_id", "id") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE public.cube
  ADD CONSTRAINT cube_period CHECK (ends_on >= starts_on),
  ADD CONSTRAINT cube_frozen CHECK ((tables_hash IS NULL) = (code_version IS NULL) AND (tables_hash IS NULL) = (extract_hash IS NULL));

INSERT INTO public.audit_event_type (type, action, of_accounts) VALUES
  ('cube.frozen', 'create', false), ('disparity.listed', 'list', false), ('disparity.run', 'create', false), ('disparity.viewed', 'read', false);

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['cube', 'cube_unit', 'cube_table', 'disparity_run'] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY definer_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, app.db_role('definer'));
    EXECUTE format('CREATE POLICY backup_reads ON public.%I FOR SELECT TO %I USING (true)', t, app.db_role('backup'));
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO %I USING (true) WITH CHECK (true)', t, current_user);
    EXECUTE format('GRANT SELECT, INSERT ON public.%I TO %I', t, app.db_role('definer'));
    EXECUTE format('GRANT SELECT ON public.%I TO %I', t, app.db_role('backup'));
    IF t <> 'cube' THEN
      EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION app.only_added_to()', t || '_stays', t);
    END IF;
  END LOOP;
  EXECUTE format('GRANT UPDATE ON public.cube TO %I', app.db_role('definer'));
END
$$;

/* A period is open while its tables are made, in one transaction; from then on it stays as it is. */
CREATE FUNCTION app.keep_cube() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.tables_hash IS NOT NULL OR NEW.tables_hash IS NULL THEN
    RAISE EXCEPTION 'A frozen period stays as it is' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION app.keep_cube() FROM PUBLIC;
CREATE TRIGGER cube_stays BEFORE UPDATE OR DELETE ON public.cube FOR EACH ROW EXECUTE FUNCTION app.keep_cube();

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/* The region of the world that a country lies in, after the United Nations' M49; null for what is none. */
CREATE FUNCTION app.world_region(country text) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE
    WHEN length(country) <> 2 THEN NULL
    WHEN position(country IN 'DZ EG LY MA SD TN EH IO BI KM DJ ER ET TF KE MG MW MU YT MZ RE RW SC SO SS UG TZ ZM ZW AO CM CF TD CG CD GQ GA ST BW SZ LS NA ZA BJ BF CV CI GM GH GN GW LR ML MR NE NG SH SN SL TG') > 0 THEN 'africa'
    WHEN position(country IN 'AI AG AW BS BB BQ VG KY CU CW DM DO GD GP HT JM MQ MS PR BL KN LC MF VC SX TT TC VI BZ CR SV GT HN MX NI PA AR BO BV BR CL CO EC FK GF GY PY PE GS SR UY VE BM CA GL PM US') > 0 THEN 'americas'
    WHEN position(country IN 'KZ KG TJ TM UZ CN HK MO KP JP MN KR TW BN KH ID LA MY MM PH SG TH TL VN AF BD BT IN IR MV NP PK LK AM AZ BH CY GE IQ IL JO KW LB OM QA SA PS SY TR AE YE') > 0 THEN 'asia'
    WHEN position(country IN 'BY BG CZ HU PL MD RO RU SK UA AX GG JE DK EE FO FI IS IE IM LV LT NO SJ SE GB AL AD BA HR GI GR VA IT MT ME MK PT SM RS SI ES AT BE FR DE LI LU MC NL CH XK') > 0 THEN 'europe'
    WHEN position(country IN 'AU CX CC HM NZ NF FJ NC PG SB VU GU KI MH FM NR MP PW UM AS CK PF NU PN WS TK TO TV WF') > 0 THEN 'oceania'
  END
$$;

/*
 * Takes the extract of a year of a network: the first need of each person in a category, as it stands now. Left out
 * are restricted cases, erased records, whatever an earlier period holds, and whoever refused statistics, who are counted.
 */
CREATE FUNCTION app.extract_cube(wanted_network uuid, from_day date) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  new_id uuid := gen_random_uuid();
  to_day date := (from_day + interval '1 year' - interval '1 day')::date;
  home text := (SELECT n.country FROM public.network n WHERE n.id = wanted_network);
BEGIN
  -- Two processes that freeze at once take turns; the second finds the period there.
  PERFORM pg_advisory_xact_lock(hashtext('app.extract_cube'));
  IF EXISTS (SELECT 1 FROM public.cube c WHERE c.network_id = wanted_network AND c.starts_on = from_day) THEN RETURN NULL; END IF;

  WITH firsts AS (
    SELECT DISTINCT ON (n.person_id, n.category) n.id, n.person_id, n.case_id, n.category, n.state, n.found_on, n.contact_due_at,
      a.key AS agency_key, a.time_zone
    FROM public.need n JOIN public.agency a ON a.id = n.agency_id AND a.network_id = wanted_network
    WHERE NOT n.restricted ORDER BY n.person_id, n.category, n.found_on, n.id
  ), due AS (
    SELECT f.*, (f.contact_due_at AT TIME ZONE f.time_zone)::date AS due_on, sha256(convert_to(f.person_id || f.category, 'UTF8')) AS unit
    FROM firsts f WHERE f.found_on BETWEEN from_day AND to_day
  ), answered AS (
    SELECT DISTINCT ON (c.person_id) c.person_id, c.answer = 'refused' OR w.consent_id IS NOT NULL AS refuses
    FROM public.consent c LEFT JOIN public.consent_withdrawal w ON w.consent_id = c.id
    WHERE c.purpose = 'statistics' AND NOT EXISTS (SELECT 1 FROM public.consent later WHERE later.replaces_id = c.id)
    ORDER BY c.person_id, c.recorded_at DESC, c.id DESC
  ), helped AS (
    SELECT s.need_id, min(s.delivered_on) AS first_on, bool_or(s.status = 'interrupted') AS interrupted
    FROM public.service s JOIN due d ON d.id = s.need_id WHERE s.status IN ('in_progress', 'delivered', 'interrupted') GROUP BY 1
  ), referred AS (
    SELECT rn.need_id, bool_or(coalesce(rn.accepted, false)) AS accepted, bool_or(r.state = 'declined') AS declined
    FROM public.referral_need rn JOIN public.referral r ON r.id = rn.referral_id AND r.sent_at IS NOT NULL JOIN due d ON d.id = rn.need_id GROUP BY 1
  ), draft AS MATERIALIZED (
  SELECT d.unit, d.person_id, coalesce(w.refuses, false) AS refuses, d.category, d.agency_key,
    CASE WHEN f.gender_state = 'stated' THEN f.gender ELSE f.gender_state::text END AS gender,
    -- The band's middle: nobody's day of birth is known here.
    CASE WHEN p.birth_band IS NULL THEN CASE WHEN f.birth_state = 'stated' THEN 'unknown' ELSE f.birth_state::text END
      ELSE app.age_group(extract(year FROM d.found_on)::int - p.birth_band - 2) END AS age,
    CASE WHEN f.citizenship_state = 'stated' THEN coalesce(app.world_region(f.citizenships[1]), 'unknown') ELSE f.citizenship_state::text END AS region,
    CASE WHEN f.language_state = 'stated' THEN coalesce(f.languages[1], 'unknown') ELSE f.language_state::text END AS language,
    CASE WHEN f.interpreter_state = 'stated' THEN CASE WHEN f.interpreter_needed THEN 'needed' ELSE 'not_needed' END ELSE f.interpreter_state::text END AS interpreter,
    CASE WHEN f.disability_state = 'stated' THEN CASE WHEN f.disabilities = '{None}' THEN 'none' ELSE 'some' END ELSE f.disability_state::text END AS disability,
    CASE WHEN f.migration_state = 'stated' THEN coalesce(f.migration_status, 'unknown') ELSE f.migration_state::text END AS migration,
    CASE cardinality(cc.purposes) WHEN 0 THEN 'not_recorded' WHEN 1 THEN cc.purposes[1] ELSE 'several' END AS exploitation,
    cc.takes_part::text AS cooperation,
    CASE WHEN cardinality(cc.places) = 0 THEN 'not_recorded' WHEN NOT EXISTS (SELECT 1 FROM unnest(cc.places) x WHERE left(x, 2) <> home) THEN 'here'
      WHEN EXISTS (SELECT 1 FROM unnest(cc.places) x WHERE left(x, 2) = home) THEN 'both' ELSE 'abroad' END AS place,
    cc.identification::text AS identification,
    CASE WHEN d.state = 'met' THEN 'yes' ELSE 'no' END AS met,
    CASE WHEN h.first_on <= d.due_on THEN 'yes' ELSE 'no' END AS in_time,
    CASE WHEN f.dependants_state <> 'not_asked' AND f.displacement_state <> 'not_asked'
      AND EXISTS (SELECT 1 FROM public.safe_contact s WHERE s.person_id = d.person_id) THEN 'yes' ELSE 'no' END AS complete,
    CASE WHEN h.first_on IS NULL THEN 'none' WHEN h.first_on <= d.due_on THEN 'in_time'
      WHEN h.first_on <= d.due_on + greatest(d.due_on - d.found_on, 1) THEN 'twice' ELSE 'later' END AS wait,
    CASE WHEN h.first_on IS NULL THEN 'none' WHEN h.interrupted THEN 'interrupted' ELSE 'uninterrupted' END AS course,
    CASE WHEN r.need_id IS NULL THEN 'none' WHEN r.accepted THEN 'accepted' WHEN r.declined THEN 'declined' ELSE 'other' END AS referral
  FROM due d JOIN public.person p ON p.id = d.person_id AND NOT p.restricted AND p.erased_at IS NULL
  JOIN public.person_profile f ON f.person_id = d.person_id JOIN public.case_content cc ON cc.case_id = d.case_id
  LEFT JOIN answered w ON w.person_id = d.person_id LEFT JOIN helped h ON h.need_id = d.id LEFT JOIN referred r ON r.need_id = d.id
  WHERE NOT EXISTS (SELECT 1 FROM public.cube_unit u WHERE u.unit = d.unit)
  ), made AS (
    INSERT INTO public.cube (id, network_id, starts_on, ends_on, as_of, needs, refused)
      SELECT new_id, wanted_network, from_day, to_day, app.installation_now(), count(*) FILTER (WHERE NOT d.refuses),
        count(DISTINCT d.person_id) FILTER (WHERE d.refuses) FROM draft d
  )
  INSERT INTO public.cube_unit (cube_id, unit, person, category, agency_key, gender, age, region, language, interpreter, disability, migration, exploitation,
      cooperation, place, identification, met, in_time, complete, wait, course, referral)
    SELECT new_id, d.unit, sha256(convert_to(d.person_id::text || new_id, 'UTF8')), d.category, d.agency_key, d.gender, d.age, d.region, d.language, d.interpreter, d.disability, d.migration, d.exploitation,
      d.cooperation, d.place, d.identification, d.met, d.in_time, d.complete, d.wait, d.course, d.referral
    FROM draft d WHERE NOT d.refuses;
  RETURN new_id;
END
$$;

/* The age groups of the tables. */
CREATE FUNCTION app.age_group(years int) RETURNS text
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
  SELECT CASE WHEN years < 18 THEN 'under_18' WHEN years < 25 THEN '18_24' WHEN years < 35 THEN '25_34' WHEN years < 45 THEN '35_44' ELSE '45_up' END
$$;

/* What of an extract is alike, ground by ground, for the tables that are made of it. */
CREATE FUNCTION app.cube_counts(wanted uuid) RETURNS TABLE (ground text, level text, category text, agency text, met text, in_time text, complete text,
    wait text, course text, referral text, n int, people int[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT g.ground, g.level, u.category, u.agency_key, u.met, u.in_time, u.complete, u.wait, u.course, u.referral, count(*)::int, (array_agg(u.number))[1:61]
  FROM (SELECT c.*, dense_rank() OVER (ORDER BY c.person)::int AS number FROM public.cube_unit c WHERE c.cube_id = wanted) u, LATERAL (VALUES ('gender', u.gender), ('age', u.age), ('region', u.region), ('language', u.language),
    ('interpreter', u.interpreter), ('disability', u.disability), ('migration', u.migration), ('exploitation', u.exploitation),
    ('cooperation', u.cooperation), ('place', u.place), ('identification', u.identification)) g (ground, level)
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
$$;

/* The digest of an extract, over its rows in the order of theirs. */
CREATE FUNCTION app.cube_digest(wanted uuid) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', encode(u.unit, 'hex'), encode(u.person, 'hex'), u.category, u.agency_key, u.gender, u.age, u.region, u.language,
    u.interpreter, u.disability, u.migration, u.exploitation, u.cooperation, u.place, u.identification, u.met, u.in_time, u.complete, u.wait, u.course,
    u.referral), E'\n' ORDER BY u.unit), ''), 'UTF8')), 'hex')
  FROM public.cube_unit u WHERE u.cube_id = wanted
$$;

/* Stores what of an extract is shown; from here on the period stays as it is. */
CREATE FUNCTION app.freeze_cube(wanted uuid, tables jsonb, digest text, version text) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  frozen text;
BEGIN
  INSERT INTO public.cube_table (cube_id, ground, cells) SELECT wanted, t ->> 'ground', t -> 'cells' FROM jsonb_array_elements(tables) t;
  UPDATE public.cube c SET extract_hash = app.cube_digest(wanted), tables_hash = digest, code_version = version WHERE c.id = wanted RETURNING c.code INTO frozen;
  PERFORM app.write_event(jsonb_build_object('type', 'cube.frozen', 'subject', frozen, 'fields', jsonb_build_array('statistics')),
    ROW(NULL, NULL, NULL, NULL, '{}', 'system', 1, 0)::app.actor_context);
  RETURN frozen;
END
$$;

/* The years that ended a month ago or longer, since the first need of their network, and have no cube; the earliest first. */
CREATE FUNCTION app.cubes_due() RETURNS TABLE (network_id uuid, starts_on date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH first AS (
    SELECT a.network_id, min(n.found_on) AS on_day FROM public.need n JOIN public.agency a ON a.id = n.agency_id GROUP BY 1
  )
  SELECT f.network_id, h.starts_on::date FROM first f, LATERAL generate_series(
      make_date(extract(year FROM f.on_day)::int, 1, 1)::timestamp, (app.installation_now() - interval '13 months')::timestamp, interval '1 year') h (starts_on)
  WHERE NOT EXISTS (SELECT 1 FROM public.cube c WHERE c.network_id = f.network_id AND c.starts_on = h.starts_on::date) ORDER BY 2, 1
$$;

/* The frozen periods of all networks, for a check against their extracts. */
CREATE FUNCTION app.frozen_cubes() RETURNS TABLE (id uuid, code text, extract_hash text, tables_hash text, tables jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.id, c.code, c.extract_hash, c.tables_hash,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('ground', t.ground, 'cells', t.cells) ORDER BY t.ground), '[]') FROM public.cube_table t WHERE t.cube_id = c.id)
  FROM public.cube c WHERE c.tables_hash IS NOT NULL ORDER BY c.starts_on, c.id
$$;

/* The network whose frozen figures whoever asks may read: the auditor's; null for everybody else. */
CREATE FUNCTION app.audited_network() RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT (app.context()).network_id WHERE 'auditor' = ANY ((app.context()).roles)
$$;

/* The frozen periods of the auditor's network, the latest first. How many refused is kept back where they are few. */
CREATE FUNCTION app.cubes() RETURNS TABLE (id uuid, code text, starts_on text, ends_on text, as_of timestamptz, needs int, refused int,
    extract_hash text, tables_hash text, code_version text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT c.id, c.code, c.starts_on::text, c.ends_on::text, c.as_of, CASE WHEN c.needs = 0 OR c.needs > 60 THEN c.needs END,
    CASE WHEN c.refused = 0 OR c.refused > 10 THEN c.refused END, c.extract_hash, c.tables_hash, c.code_version
  FROM public.cube c WHERE c.network_id = app.audited_network() AND c.tables_hash IS NOT NULL ORDER BY c.starts_on DESC
$$;

/* What of one ground of a period is shown, to the auditor of its network. */
CREATE FUNCTION app.cube_cells(wanted uuid, wanted_ground text) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT t.cells FROM public.cube c JOIN public.cube_table t ON t.cube_id = c.id AND t.ground = wanted_ground
  WHERE c.id = wanted AND c.network_id = app.audited_network() AND c.tables_hash IS NOT NULL
$$;

/* Keeps a question about equal treatment with its figures; null for everybody but an auditor of the network. */
CREATE FUNCTION app.keep_disparity(wanted_cube uuid, asked jsonb, answered jsonb, digest text, version text) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  ctx app.actor_context := app.context();
  kept text;
BEGIN
  INSERT INTO public.disparity_run (id, network_id, cube_id, agency_id, member_id, ran_at, question, figures, figures_hash, code_version)
    SELECT gen_random_uuid(), c.network_id, c.id, ctx.agency_id, ctx.member_id, app.now(), asked, answered, digest, version
    FROM public.cube c WHERE c.id = wanted_cube AND c.network_id = app.audited_network() AND c.tables_hash IS NOT NULL
    RETURNING code INTO kept;
  RETURN kept;
END
$$;

/* Questions that were asked in the auditor's network, the latest first; one by its code. */
CREATE FUNCTION app.disparities(wanted text, how_many int) RETURNS TABLE (code text, ran_at timestamptz, cube_id uuid, question jsonb, figures jsonb,
    figures_hash text, code_version text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT r.code, r.ran_at, r.cube_id, r.question, CASE WHEN wanted IS NOT NULL THEN r.figures END, r.figures_hash, r.code_version
  FROM public.disparity_run r WHERE r.network_id = app.audited_network() AND (wanted IS NULL OR r.code = wanted)
  ORDER BY r.ran_at DESC, r.id DESC LIMIT least(how_many, 200)
$$;

DO $$
DECLARE
  f record;
  callers text[];
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('world_region', 'age_group', 'extract_cube', 'cube_counts', 'cube_digest', 'freeze_cube', 'cubes_due',
             'frozen_cubes', 'audited_network', 'cubes', 'cube_cells', 'keep_disparity', 'disparities') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    callers := CASE
      WHEN f.proname IN ('cubes', 'cube_cells', 'keep_disparity', 'disparities') THEN ARRAY['auditor']
      WHEN f.proname IN ('extract_cube', 'cube_counts', 'cube_digest', 'freeze_cube', 'cubes_due', 'frozen_cubes') THEN ARRAY['worker']
      ELSE ARRAY['definer']
    END;
    EXECUTE (SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', f.signature, string_agg(quote_ident(app.db_role(c)), ', ')) FROM unnest(callers) c);
  END LOOP;
  -- The demonstration is loaded, and its periods frozen, by the owner.
  EXECUTE format('GRANT EXECUTE ON FUNCTION app.extract_cube(uuid, date), app.cube_counts(uuid), app.cube_digest(uuid), app.freeze_cube(uuid, jsonb, text, text),
    app.cubes_due() TO %I', session_user);
END
$$;
RESET ROLE;
