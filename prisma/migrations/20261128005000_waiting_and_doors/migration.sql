-- How long people waited, why referrals were declined and how soon they were answered, how many people the needs are of, and who was turned away at the
-- door: in the extract of each year from now on. What was frozen before stays as it is.

ALTER TABLE "need" ADD COLUMN "withdrawn_on" DATE;

ALTER TABLE "cube_unit" ADD COLUMN "pace" TEXT, ADD COLUMN "answer" TEXT, ADD COLUMN "why" TEXT, ADD COLUMN "nth" TEXT;

CREATE TABLE "cube_door" (
    "cube_id" UUID NOT NULL,
    "unit" BYTEA NOT NULL,
    "gender" TEXT NOT NULL,
    "age" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "migration" TEXT NOT NULL,
    "interpreter" TEXT NOT NULL,
    "disability" TEXT NOT NULL,
    "door" TEXT NOT NULL,

    CONSTRAINT "cube_door_pkey" PRIMARY KEY ("cube_id","unit")
);

ALTER TABLE "cube_door" ADD CONSTRAINT "cube_door_cube_id_fkey" FOREIGN KEY ("cube_id") REFERENCES "cube"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

/* The day on which a need was withdrawn, kept by the state itself: whoever changes the one can't forget the other. Of records that come from elsewhere it isn't known. */
CREATE FUNCTION app.need_withdrawn_on() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' THEN
    NEW.withdrawn_on := (app.installation_now() AT TIME ZONE (SELECT a.time_zone FROM public.agency a WHERE a.id = NEW.agency_id))::date;
  ELSIF NEW.state <> 'withdrawn' THEN
    NEW.withdrawn_on := NULL;
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION app.need_withdrawn_on() FROM PUBLIC;
CREATE TRIGGER need_withdrawn BEFORE UPDATE OF state ON public.need FOR EACH ROW EXECUTE FUNCTION app.need_withdrawn_on();
DO $$ BEGIN EXECUTE format('ALTER FUNCTION app.need_withdrawn_on() OWNER TO %I', app.db_role('definer')); END $$;

DO $$
BEGIN
  ALTER TABLE public.cube_door ENABLE ROW LEVEL SECURITY;
  ALTER TABLE public.cube_door FORCE ROW LEVEL SECURITY;
  EXECUTE format('CREATE POLICY definer_all ON public.cube_door TO %I USING (true) WITH CHECK (true)', app.db_role('definer'));
  EXECUTE format('CREATE POLICY backup_reads ON public.cube_door FOR SELECT TO %I USING (true)', app.db_role('backup'));
  EXECUTE format('CREATE POLICY owner_all ON public.cube_door TO %I USING (true) WITH CHECK (true)', current_user);
  EXECUTE format('GRANT SELECT, INSERT ON public.cube_door TO %I', app.db_role('definer'));
  EXECUTE format('GRANT SELECT ON public.cube_door TO %I', app.db_role('backup'));
  CREATE TRIGGER cube_door_stays BEFORE UPDATE OR DELETE ON public.cube_door FOR EACH ROW EXECUTE FUNCTION app.only_added_to();
END
$$;

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * Takes the extract of a year of a network: the first need of each person in a category, as it stands now, and who was turned away. Left out
 * are restricted cases, erased records, whatever an earlier period holds, and whoever refused statistics, who are counted.
 */
CREATE OR REPLACE FUNCTION app.extract_cube(wanted_network uuid, from_day date) RETURNS uuid
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
    SELECT DISTINCT ON (n.person_id, n.category) n.id, n.person_id, n.case_id, n.category, n.state, n.found_on, n.contact_due_at, n.withdrawn_on,
      a.key AS agency_key, a.time_zone
    FROM public.need n JOIN public.agency a ON a.id = n.agency_id AND a.network_id = wanted_network
    WHERE NOT n.restricted ORDER BY n.person_id, n.category, n.found_on, n.id
  ), due AS (
    SELECT f.*, x.due_on, greatest(x.due_on - f.found_on, 1) AS span, sha256(convert_to(f.person_id || f.category, 'UTF8')) AS unit,
      -- Who left before help came: the need was withdrawn, or the case closed without it, by death or transfer among others.
      least(CASE WHEN f.state = 'withdrawn' THEN coalesce(f.withdrawn_on, x.due_on + 1) END, c.closed_on) AS left_on
    FROM firsts f JOIN public.case_file c ON c.id = f.case_id, LATERAL (SELECT (f.contact_due_at AT TIME ZONE f.time_zone)::date) x (due_on)
    WHERE f.found_on BETWEEN from_day AND to_day
  ), answered AS (
    SELECT DISTINCT ON (c.person_id) c.person_id, c.answer = 'refused' OR w.consent_id IS NOT NULL AS refuses
    FROM public.consent c LEFT JOIN public.consent_withdrawal w ON w.consent_id = c.id
    WHERE c.purpose = 'statistics' AND NOT EXISTS (SELECT 1 FROM public.consent later WHERE later.replaces_id = c.id)
    ORDER BY c.person_id, c.recorded_at DESC, c.id DESC
  ), helped AS (
    SELECT s.need_id, min(s.delivered_on) AS first_on, bool_or(s.status = 'interrupted') AS interrupted
    FROM public.service s JOIN due d ON d.id = s.need_id WHERE s.status IN ('in_progress', 'delivered', 'interrupted') GROUP BY 1
  ), referred AS (
    -- The referral that decided: the first that was accepted, else the first that was declined.
    SELECT DISTINCT ON (rn.need_id) rn.need_id, coalesce(rn.accepted, false) AS accepted, r.state = 'declined' AS declined, r.decline_reason,
      coalesce(r.answered_at <= r.decide_by, true) AS in_time
    FROM public.referral_need rn JOIN public.referral r ON r.id = rn.referral_id AND r.sent_at IS NOT NULL JOIN due d ON d.id = rn.need_id
    ORDER BY rn.need_id, coalesce(rn.accepted, false) DESC, (r.state = 'declined') DESC, r.answered_at, r.id
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
      WHEN h.first_on <= d.due_on + d.span THEN 'twice' ELSE 'later' END AS wait,
    CASE WHEN h.first_on IS NULL THEN 'none' WHEN h.interrupted THEN 'interrupted' ELSE 'uninterrupted' END AS course,
    CASE WHEN r.need_id IS NULL THEN 'none' WHEN r.accepted THEN 'accepted' WHEN r.declined THEN 'declined' ELSE 'other' END AS referral,
    -- Against the time that the need's own urgency allows, so that urgency is held equal.
    CASE WHEN h.first_on IS NULL THEN CASE WHEN d.left_on <= d.due_on THEN 'left_limit' WHEN d.left_on <= d.due_on + d.span THEN 'left_twice' ELSE 'waiting' END
      WHEN h.first_on <= least(d.due_on, d.found_on + d.span / 4) THEN 'quarter' WHEN h.first_on <= least(d.due_on, d.found_on + d.span / 2) THEN 'half'
      WHEN h.first_on <= d.due_on THEN 'limit' WHEN h.first_on <= d.due_on + d.span THEN 'twice' ELSE 'later' END AS pace,
    CASE WHEN r.need_id IS NULL THEN 'none' WHEN NOT r.accepted AND NOT r.declined THEN 'other' WHEN r.in_time THEN 'in_time' ELSE 'late' END AS answer,
    CASE WHEN r.declined AND NOT r.accepted THEN CASE WHEN r.decline_reason = 'no_capacity' THEN 'capacity'
        WHEN r.decline_reason IN ('outside_mandate', 'outside_area', 'not_eligible') THEN 'unfit' WHEN r.decline_reason = 'person_declined' THEN 'person' ELSE 'else' END
      ELSE 'none' END AS why,
    -- The need that a person is counted by; the others are further ones of somebody counted already.
    CASE WHEN row_number() OVER (PARTITION BY d.person_id ORDER BY d.found_on, d.id) = 1 THEN 'first' ELSE 'further' END AS nth
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
      cooperation, place, identification, met, in_time, complete, wait, course, referral, pace, answer, why, nth)
    SELECT new_id, d.unit, sha256(convert_to(d.person_id::text || new_id, 'UTF8')), d.category, d.agency_key, d.gender, d.age, d.region, d.language, d.interpreter, d.disability, d.migration, d.exploitation,
      d.cooperation, d.place, d.identification, d.met, d.in_time, d.complete, d.wait, d.course, d.referral, d.pace, d.answer, d.why, d.nth
    FROM draft d WHERE NOT d.refuses;

  INSERT INTO public.cube_door (cube_id, unit, gender, age, language, migration, interpreter, disability, door)
    SELECT new_id, sha256(convert_to(t.id::text || new_id, 'UTF8')), coalesce(t.gender, 'not_recorded'), coalesce(t.age, 'not_recorded'),
      coalesce(t.language, 'not_recorded'), coalesce(t.migration, 'not_recorded'), CASE WHEN 'interpreter' = ANY (t.seen) THEN 'needed' ELSE 'not_recorded' END,
      CASE WHEN 'disability' = ANY (t.seen) THEN 'some' ELSE 'not_recorded' END, CASE t.sent_to WHEN 'nowhere' THEN 'nowhere' ELSE 'elsewhere' END
    FROM public.turned_away t JOIN public.agency a ON a.id = t.agency_id AND a.network_id = wanted_network
    WHERE t.asked_on BETWEEN from_day AND to_day AND t.voided_at IS NULL;
  RETURN new_id;
END
$$;

/* What of an extract is alike, ground by ground, for the tables that are made of it. A period of before has nulls for what it did not ask. */
DROP FUNCTION app.cube_counts(uuid);
CREATE FUNCTION app.cube_counts(wanted uuid) RETURNS TABLE (ground text, level text, category text, agency text, met text, in_time text, complete text,
    wait text, course text, referral text, pace text, answer text, why text, nth text, n int, people int[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT g.ground, g.level, u.category, u.agency_key, u.met, u.in_time, u.complete, u.wait, u.course, u.referral, u.pace, u.answer, u.why, u.nth,
    count(*)::int, (array_agg(u.number))[1:61]
  FROM (SELECT c.*, dense_rank() OVER (ORDER BY c.person)::int AS number FROM public.cube_unit c WHERE c.cube_id = wanted) u, LATERAL (VALUES ('gender', u.gender), ('age', u.age), ('region', u.region), ('language', u.language),
    ('interpreter', u.interpreter), ('disability', u.disability), ('migration', u.migration), ('exploitation', u.exploitation),
    ('cooperation', u.cooperation), ('place', u.place), ('identification', u.identification)) g (ground, level)
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
$$;

/* Who of an extract was turned away, ground by ground. */
CREATE FUNCTION app.cube_doors(wanted uuid) RETURNS TABLE (ground text, level text, door text, n int)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT g.ground, g.level, d.door, count(*)::int
  FROM public.cube_door d, LATERAL (VALUES ('gender', d.gender), ('age', d.age), ('language', d.language), ('migration', d.migration),
    ('interpreter', d.interpreter), ('disability', d.disability)) g (ground, level)
  WHERE d.cube_id = wanted GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
$$;

/* The digest of an extract, over its rows in the order of theirs; of a period of before the same as it was. */
CREATE OR REPLACE FUNCTION app.cube_digest(wanted uuid) RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT encode(sha256(convert_to(concat_ws(E'\n',
    (SELECT coalesce(string_agg(concat_ws('|', encode(u.unit, 'hex'), encode(u.person, 'hex'), u.category, u.agency_key, u.gender, u.age, u.region, u.language,
      u.interpreter, u.disability, u.migration, u.exploitation, u.cooperation, u.place, u.identification, u.met, u.in_time, u.complete, u.wait, u.course,
      u.referral, u.pace, u.answer, u.why, u.nth), E'\n' ORDER BY u.unit), '') FROM public.cube_unit u WHERE u.cube_id = wanted),
    (SELECT string_agg(concat_ws('|', encode(d.unit, 'hex'), d.gender, d.age, d.language, d.migration, d.interpreter, d.disability, d.door),
      E'\n' ORDER BY d.unit) FROM public.cube_door d WHERE d.cube_id = wanted)), 'UTF8')), 'hex')
$$;

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('cube_counts', 'cube_doors') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    -- The demonstration is loaded, and its periods frozen, by the owner.
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', f.signature, app.db_role('worker'), session_user);
  END LOOP;
END
$$;
RESET ROLE;
