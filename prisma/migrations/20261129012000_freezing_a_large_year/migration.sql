-- Freezing a year of a million people holds up neither the seal of the log nor the memory of whoever does it: what a table shows of a heap of
-- needs is each class by itself, so the database counts classes instead of handing over every mixture of them. And the digest of
-- an extract is taken row by row, since no text may hold a large one.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * What of an extract is alike, ground by ground: so many needs of a level at an agency and of a category, by class. Whose they are is
 * told where they are at most sixty: more needs are enough people for certain, and nothing else is asked of them.
 */
DROP FUNCTION app.cube_counts(uuid);
CREATE FUNCTION app.cube_counts(wanted uuid) RETURNS TABLE (ground text, level text, category text, agency text, family text, class text, n int, people int[])
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
  -- Nothing tells the planner yet how large an extract is that was taken just now.
  SET work_mem = '128MB' SET enable_nestloop = off AS $$
  WITH counted AS (
    SELECT category, agency_key, gender, age, region, language, interpreter, disability, migration, exploitation, cooperation, place, identification,
      count(*) FILTER (WHERE met = 'yes') AS met_yes, count(*) FILTER (WHERE met = 'no') AS met_no,
      count(*) FILTER (WHERE in_time = 'yes') AS in_time_yes, count(*) FILTER (WHERE in_time = 'no') AS in_time_no,
      count(*) FILTER (WHERE complete = 'yes') AS complete_yes, count(*) FILTER (WHERE complete = 'no') AS complete_no,
      count(*) FILTER (WHERE wait = 'in_time') AS wait_in_time, count(*) FILTER (WHERE wait = 'twice') AS wait_twice,
      count(*) FILTER (WHERE wait = 'later') AS wait_later, count(*) FILTER (WHERE wait = 'none') AS wait_none,
      count(*) FILTER (WHERE pace = 'quarter') AS pace_quarter, count(*) FILTER (WHERE pace = 'half') AS pace_half,
      count(*) FILTER (WHERE pace = 'limit') AS pace_limit, count(*) FILTER (WHERE pace = 'twice') AS pace_twice,
      count(*) FILTER (WHERE pace = 'later') AS pace_later, count(*) FILTER (WHERE pace = 'left_limit') AS pace_left_limit,
      count(*) FILTER (WHERE pace = 'left_twice') AS pace_left_twice, count(*) FILTER (WHERE pace = 'waiting') AS pace_waiting,
      count(*) FILTER (WHERE course = 'interrupted') AS course_interrupted, count(*) FILTER (WHERE course = 'uninterrupted') AS course_uninterrupted,
      count(*) FILTER (WHERE course = 'none') AS course_none, count(*) FILTER (WHERE referral = 'accepted') AS referral_accepted,
      count(*) FILTER (WHERE referral = 'declined') AS referral_declined, count(*) FILTER (WHERE referral = 'other') AS referral_other,
      count(*) FILTER (WHERE referral = 'none') AS referral_none, count(*) FILTER (WHERE answer = 'in_time') AS answer_in_time,
      count(*) FILTER (WHERE answer = 'late') AS answer_late, count(*) FILTER (WHERE answer = 'other') AS answer_other,
      count(*) FILTER (WHERE answer = 'none') AS answer_none, count(*) FILTER (WHERE why = 'capacity') AS why_capacity,
      count(*) FILTER (WHERE why = 'unfit') AS why_unfit, count(*) FILTER (WHERE why = 'person') AS why_person,
      count(*) FILTER (WHERE why = 'else') AS why_else, count(*) FILTER (WHERE why = 'none') AS why_none,
      count(*) FILTER (WHERE nth = 'first') AS nth_first, count(*) FILTER (WHERE nth = 'further') AS nth_further
    FROM public.cube_unit WHERE cube_id = wanted GROUP BY GROUPING SETS (
      (category, agency_key, gender), (category, agency_key, age), (category, agency_key, region), (category, agency_key, language),
      (category, agency_key, interpreter), (category, agency_key, disability), (category, agency_key, migration),
      (category, agency_key, exploitation), (category, agency_key, cooperation), (category, agency_key, place), (category, agency_key, identification))
  ), classes AS MATERIALIZED (
    SELECT g.ground, g.level, c.category, c.agency_key, s.family, s.class, s.n::int FROM counted c, LATERAL (VALUES
      ('gender', c.gender), ('age', c.age), ('region', c.region), ('language', c.language), ('interpreter', c.interpreter),
      ('disability', c.disability), ('migration', c.migration), ('exploitation', c.exploitation), ('cooperation', c.cooperation), ('place', c.place),
      ('identification', c.identification)) g (ground, level), LATERAL (VALUES
      ('met', 'yes', c.met_yes), ('met', 'no', c.met_no), ('in_time', 'yes', c.in_time_yes), ('in_time', 'no', c.in_time_no),
      ('complete', 'yes', c.complete_yes), ('complete', 'no', c.complete_no), ('wait', 'in_time', c.wait_in_time), ('wait', 'twice', c.wait_twice),
      ('wait', 'later', c.wait_later), ('wait', 'none', c.wait_none), ('pace', 'quarter', c.pace_quarter), ('pace', 'half', c.pace_half),
      ('pace', 'limit', c.pace_limit), ('pace', 'twice', c.pace_twice), ('pace', 'later', c.pace_later), ('pace', 'left_limit', c.pace_left_limit),
      ('pace', 'left_twice', c.pace_left_twice), ('pace', 'waiting', c.pace_waiting), ('course', 'interrupted', c.course_interrupted),
      ('course', 'uninterrupted', c.course_uninterrupted), ('course', 'none', c.course_none), ('referral', 'accepted', c.referral_accepted),
      ('referral', 'declined', c.referral_declined), ('referral', 'other', c.referral_other), ('referral', 'none', c.referral_none),
      ('answer', 'in_time', c.answer_in_time), ('answer', 'late', c.answer_late), ('answer', 'other', c.answer_other),
      ('answer', 'none', c.answer_none), ('why', 'capacity', c.why_capacity), ('why', 'unfit', c.why_unfit), ('why', 'person', c.why_person),
      ('why', 'else', c.why_else), ('why', 'none', c.why_none), ('nth', 'first', c.nth_first), ('nth', 'further', c.nth_further)) s (family, class, n)
    WHERE g.level IS NOT NULL AND s.n > 0
  ), few AS (
    SELECT ground, level, category, agency_key, array_agg(family || ' ' || class) AS classes FROM classes WHERE n <= 60 GROUP BY 1, 2, 3, 4
  ), numbered AS (
    SELECT c.*, dense_rank() OVER (ORDER BY c.person)::int AS number FROM public.cube_unit c WHERE c.cube_id = wanted
  ), whose AS (
    SELECT f.ground, f.level, f.category, f.agency_key, x.family, x.class, array_agg(u.number) AS people
    FROM (
      SELECT n.*, g.* FROM numbered n CROSS JOIN LATERAL (VALUES
        ('gender', n.gender), ('age', n.age), ('region', n.region), ('language', n.language), ('interpreter', n.interpreter),
        ('disability', n.disability), ('migration', n.migration), ('exploitation', n.exploitation), ('cooperation', n.cooperation), ('place', n.place),
        ('identification', n.identification)) g (ground, level)
      -- As it stands: each need is looked up by its heap, rather than every heap's needs gone through.
      OFFSET 0
    ) u
    JOIN few f ON f.ground = u.ground AND f.level = u.level AND f.category = u.category AND f.agency_key = u.agency_key CROSS JOIN LATERAL (VALUES
      ('met', u.met), ('in_time', u.in_time), ('complete', u.complete), ('wait', u.wait), ('course', u.course), ('referral', u.referral),
      ('pace', u.pace), ('answer', u.answer), ('why', u.why), ('nth', u.nth)) x (family, class)
    WHERE x.family || ' ' || x.class = ANY (f.classes) GROUP BY 1, 2, 3, 4, 5, 6
  )
  SELECT c.ground, c.level, c.category, c.agency_key, c.family, c.class, c.n, coalesce(w.people, '{}')
  FROM classes c LEFT JOIN whose w USING (ground, level, category, agency_key, family, class)
$$;

/*
 * The digest of an extract: over the digests of its rows, in the order of theirs, and of those who were turned away after them. What
 * was frozen before keeps the digest over the text of all its rows that it was frozen with.
 */
ALTER FUNCTION app.cube_digest(uuid) RENAME TO cube_digest_of_text;
CREATE FUNCTION app.cube_digest(wanted uuid) RETURNS text
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET work_mem = '128MB' AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.cube c WHERE c.id = wanted AND c.code_version IN ('cube-1', 'cube-2')) THEN
    RETURN app.cube_digest_of_text(wanted);
  END IF;
  RETURN encode(sha256(
    coalesce((SELECT string_agg(sha256(convert_to(concat_ws('|', encode(u.unit, 'hex'), encode(u.person, 'hex'), u.category, u.agency_key, u.gender, u.age,
        u.region, u.language, u.interpreter, u.disability, u.migration, u.exploitation, u.cooperation, u.place, u.identification, u.met, u.in_time,
        u.complete, u.wait, u.course, u.referral, u.pace, u.answer, u.why, u.nth), 'UTF8')), '' ORDER BY u.unit)
      FROM public.cube_unit u WHERE u.cube_id = wanted), '')
    || coalesce((SELECT string_agg(sha256(convert_to(concat_ws('|', encode(d.unit, 'hex'), d.gender, d.age, d.language, d.migration, d.interpreter,
        d.disability, d.door), 'UTF8')), '' ORDER BY d.unit)
      FROM public.cube_door d WHERE d.cube_id = wanted), '')), 'hex');
END
$$;

/*
 * The years that ended a month ago or longer, since the first need of their network, and are not frozen, the earliest first; with
 * their extract where it was taken already. Taking it and freezing it are two transactions, so that nothing else waits for both.
 */
DROP FUNCTION app.cubes_due();
CREATE FUNCTION app.cubes_due() RETURNS TABLE (network_id uuid, starts_on date, taken uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  WITH first AS (
    SELECT a.network_id, min(n.found_on) AS on_day FROM public.need n JOIN public.agency a ON a.id = n.agency_id GROUP BY 1
  )
  SELECT f.network_id, h.starts_on::date, c.id FROM first f CROSS JOIN LATERAL generate_series(
      make_date(extract(year FROM f.on_day)::int, 1, 1)::timestamp, (app.installation_now() - interval '13 months')::timestamp, interval '1 year') h (starts_on)
    LEFT JOIN public.cube c ON c.network_id = f.network_id AND c.starts_on = h.starts_on::date
  WHERE c.tables_hash IS NULL ORDER BY 2, 1
$$;

DO $$
DECLARE
  f record;
BEGIN
  FOR f IN SELECT p.oid::regprocedure AS signature FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'app' AND p.proname IN ('cube_counts', 'cube_digest', 'cubes_due') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.signature);
    -- The demonstration is loaded, and its periods frozen, by the owner.
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', f.signature, app.db_role('worker'), session_user);
  END LOOP;
  -- Only the digest above still calls it.
  EXECUTE format('REVOKE EXECUTE ON FUNCTION app.cube_digest_of_text(uuid) FROM %I, %I', app.db_role('worker'), session_user);
END
$$;
RESET ROLE;
