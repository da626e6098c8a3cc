-- A search of the directory ranks all that match by what the rank needs alone, worked out once a row, and reads the rest for the
-- rows of one page.

DO $$ BEGIN EXECUTE format('SET LOCAL ROLE %I', app.db_role('definer')); END $$;

/*
 * Listed services of a network, ranked for what is wanted: the category and type, and of the person age, gender, languages,
 * area, step-free access and children; nothing else about anybody is asked (invariant 7). Each reason is a word of its own,
 * and the rank is made of them alone, so that what a screen says is why it stands where it stands:
 *
 *   1024 it is not for this person, 512 no agreement in force, 256 nobody answers, 128 paused, 64 no room,
 *   32 closed now (in an emergency), 16 nobody said lately how much room, 8 to ask whether it is for them,
 *   4 no shared language known, 2 shared language through an interpreter.
 */
CREATE OR REPLACE FUNCTION app.ranked_services(sender uuid, network uuid, wanted jsonb, at timestamptz, after_rank int, after_name text, after_id uuid, how_many int)
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
      coalesce((wanted ->> 'ended')::boolean, false) AS ended, wanted ->> 'urgency' = 'emergency' AS at_once,
      -- Who looks without anybody in mind asks for nothing that they left out; for a person what isn't known is to be asked.
      CASE WHEN (wanted ->> 'forPerson')::boolean THEN 'ask' ELSE 'any' END AS unknown
  ),
  signed AS MATERIALIZED (
    SELECT a.id, a.categories FROM public.agreement_party p JOIN public.agreement a ON a.id = p.agreement_id
    WHERE p.agency_id = sender AND (p.left_at IS NULL OR p.left_at > at) AND 'sharing' = ANY (a.purposes) AND app.agreement_state(a, at) = 'in_force'
  ),
  covered AS MATERIALIZED (
    SELECT DISTINCT p.agency_id, c AS category FROM signed s
    JOIN public.agreement_party p ON p.agreement_id = s.id AND (p.left_at IS NULL OR p.left_at > at), unnest(s.categories) c
  ),
  -- Only what the rank needs, of all that match; the rest is read for the rows of one page.
  matching AS MATERIALIZED (
    SELECT s.id, s.agency_id, s.category, s.name, s.status, s.min_age, s.max_age, s.genders, s.languages, s.interpreters, s.areas, s.step_free,
      s.with_children, CASE WHEN w.at_once THEN app.is_open(s.opening, a.time_zone, at) END AS open_now
    FROM w, public.listed_service s JOIN public.agency a ON a.id = s.agency_id
    WHERE s.network_id = network AND (s.status <> 'ended' OR w.ended)
      AND (wanted ->> 'code' IS NULL OR s.code = wanted ->> 'code')
      AND (wanted ->> 'agency' IS NULL OR a.key = wanted ->> 'agency')
      AND (wanted ->> 'category' IS NULL OR s.category = wanted ->> 'category')
      AND (wanted ->> 'type' IS NULL OR s.type = wanted ->> 'type')
  ),
  answered AS MATERIALIZED (
    SELECT DISTINCT x.listed_service_id FROM matching s JOIN public.listed_service_receiver x ON x.listed_service_id = s.id
    JOIN public.member m ON m.id = x.member_id
    WHERE m.status = 'active' AND m.roles && ARRAY['caseworker', 'supervisor']::public.role[]
  ),
  told AS MATERIALIZED (
    SELECT s.id, s.name, s.status, s.open_now, s.id IN (SELECT n.listed_service_id FROM answered n) AS is_answered,
      CASE WHEN s.min_age IS NULL AND s.max_age IS NULL THEN 'any' WHEN w.age_from IS NULL THEN w.unknown
        WHEN w.age_to < s.min_age OR w.age_from > s.max_age THEN 'no'
        WHEN w.age_from < s.min_age OR w.age_to > s.max_age THEN 'ask' ELSE 'fits' END AS fit_age,
      CASE WHEN s.genders = '{}' THEN 'any' WHEN w.gender IS NULL THEN w.unknown WHEN w.gender = ANY (s.genders) THEN 'fits' ELSE 'no' END AS fit_gender,
      CASE WHEN s.areas = '{}' THEN 'any' WHEN w.area IS NULL THEN w.unknown WHEN w.area = ANY (s.areas) THEN 'fits' ELSE 'no' END AS fit_area,
      CASE WHEN NOT w.step_free AND NOT w.with_children THEN 'any'
        WHEN (w.step_free AND NOT s.step_free) OR (w.with_children AND NOT s.with_children) THEN 'no' ELSE 'fits' END AS fit_access,
      CASE WHEN w.languages = '{}' THEN 'any' WHEN w.languages && s.languages THEN 'fits' WHEN s.interpreters THEN 'interpreter'
        WHEN s.languages = '{}' THEN 'ask' ELSE 'no' END AS fit_language,
      CASE WHEN r.available IS NULL THEN 'unknown' WHEN r.updated_at < at - interval '3 days' THEN 'old' WHEN r.available = 0 THEN 'full'
        ELSE 'free' END AS fit_room,
      CASE WHEN sender IS NULL THEN 'any' WHEN s.agency_id = sender THEN 'own'
        WHEN (s.agency_id, s.category) IN (SELECT c.agency_id, c.category FROM covered c) THEN 'fits' ELSE 'no' END AS fit_agreement
    FROM w, matching s LEFT JOIN public.listed_service_room r ON r.listed_service_id = s.id
  ),
  ranked AS MATERIALIZED (
    SELECT t.*, CASE WHEN 'no' IN (t.fit_age, t.fit_gender, t.fit_area, t.fit_access) THEN 1024 ELSE 0 END
      + CASE WHEN t.fit_agreement = 'no' THEN 512 ELSE 0 END
      + CASE WHEN t.is_answered THEN 0 ELSE 256 END
      + CASE WHEN t.status = 'active' THEN 0 ELSE 128 END
      + CASE t.fit_room WHEN 'full' THEN 64 WHEN 'free' THEN 0 ELSE 16 END
      + CASE WHEN w.at_once AND NOT t.open_now THEN 32 ELSE 0 END
      + CASE WHEN 'ask' IN (t.fit_age, t.fit_gender, t.fit_area) THEN 8 ELSE 0 END
      + CASE t.fit_language WHEN 'ask' THEN 4 WHEN 'no' THEN 4 WHEN 'interpreter' THEN 2 ELSE 0 END AS rank
    FROM w, told t WHERE NOT w.has_room OR t.fit_room = 'free'
  ),
  page AS MATERIALIZED (
    SELECT r.* FROM w, ranked r
    WHERE (w.every OR r.rank < 1024) AND (after_id IS NULL OR (r.rank, r.name, r.id) > (after_rank, after_name, after_id))
    ORDER BY r.rank, r.name, r.id LIMIT least(how_many, 201)
  )
  SELECT s.id, s.code, s.agency_id, s.category, s.type, s.name, s.description, s.status, s.min_age, s.max_age, s.genders, s.languages,
    s.interpreters, s.areas, s.step_free, s.with_children, s.opening, s.version, a.key, a.name, a.time_zone, r.unit, r.available,
    r.maximum, r.updated_at, r.version, n.receivers, n.stand_ins, app.is_open(s.opening, a.time_zone, at), p.fit_age, p.fit_gender, p.fit_area,
    p.fit_access, p.fit_language, p.fit_room, p.fit_agreement, p.rank
  FROM page p JOIN public.listed_service s ON s.id = p.id JOIN public.agency a ON a.id = s.agency_id
  LEFT JOIN public.listed_service_room r ON r.listed_service_id = s.id
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE NOT x.stands_in)::int AS receivers, count(*) FILTER (WHERE x.stands_in)::int AS stand_ins
    FROM public.listed_service_receiver x JOIN public.member m ON m.id = x.member_id
    WHERE x.listed_service_id = s.id AND m.status = 'active' AND m.roles && ARRAY['caseworker', 'supervisor']::public.role[]
  ) n
  ORDER BY p.rank, p.name, p.id
$$;
RESET ROLE;
